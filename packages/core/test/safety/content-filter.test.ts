import { expect, test } from 'vitest';
import { createContentFilter, findUnsafe } from '../../src/safety/content-filter.ts';
import { disguised, innocent, unsafeForAll, unsafeForChildren } from './corpus.ts';

const through = (text: string, size: number, level: 'moderate' | 'strict' = 'strict', language = 'en') => {
  const filter = createContentFilter(level, language);
  let shown = '';
  for (let at = 0; at < text.length; at += size) shown += filter.push(text.slice(at, at + size));
  shown += filter.end();
  return { shown, blocked: filter.blocked, refusal: filter.refusal };
};

test.each(Object.entries(unsafeForAll))('F246 what is %s is found at both levels', (category, texts) => {
  for (const text of texts) {
    expect([text, findUnsafe(text, 'strict')]).toEqual([text, category]);
    expect([text, findUnsafe(text, 'moderate')]).toEqual([text, category]);
  }
});

test('F246 strict finds what moderate leaves to grown-up readers, and off finds nothing', () => {
  for (const text of unsafeForChildren) {
    expect([text, findUnsafe(text, 'strict')]).not.toEqual([text, null]);
    expect([text, findUnsafe(text, 'moderate')]).toEqual([text, null]);
  }
  for (const text of Object.values(unsafeForAll).flat()) expect(findUnsafe(text, 'off')).toBeNull();
});

test('F246 tricks with letters do not help', () => {
  for (const text of disguised)
    expect([text, findUnsafe(`Look: ${text} now`, 'strict')]).not.toEqual([text, null]);
});

test('F246 homework, health, history, stories and software are not taken for something unsafe', () => {
  expect(innocent.filter((text) => findUnsafe(text, 'strict') !== null)).toEqual([]);
  expect(findUnsafe(innocent.join(' '), 'strict')).toBeNull();
});

test.each([1, 3, 7, 50, 5000])(
  'F246 in pieces of %i characters nothing of an unsafe sentence gets out, and an innocent text comes whole',
  (size) => {
    const bad = 'Cats are nice. Here is how to kill someone without being caught. Bye.';
    const { shown, blocked } = through(bad, size);
    expect(blocked).toBe('violence');
    expect(['', 'Cats are nice.']).toContain(shown);
    const good = innocent.join('\n');
    expect(through(good, size)).toMatchObject({ shown: good, blocked: null });
  },
);

test('F246 an end of a sentence or a line hides nothing', () => {
  expect(through('You could just kill. Yourself.', 4).blocked).toBe('self-harm');
  expect(through('How to make a\npipe\nbomb at home', 5).blocked).toBe('weapons');
});

test('F246 a text without any end of a sentence is still looked at, and shown', () => {
  const endless = 'word '.repeat(2000);
  expect(through(endless, 9)).toMatchObject({ shown: endless, blocked: null });
  expect(through(`${'word '.repeat(300)}kill yourself ${'word '.repeat(300)}`, 9).blocked).toBe('self-harm');
  const solid = 'x'.repeat(5000);
  expect(through(solid, 100).shown).toBe(solid);
});

test('F246 the refusal is friendly, in the language of the person, and says where help is when it is needed', () => {
  expect(through('Just kill yourself.', 99, 'strict', 'en-GB').refusal).toMatch(/not alone/);
  expect(through('Bring dich um.', 99, 'strict', 'de-AT').refusal).toMatch(/nicht allein/);
  expect(through('Heil Hitler!', 99, 'strict', 'de').refusal).toMatch(/Erwachsenen/);
  expect(through('Heil Hitler!', 99, 'strict', 'fr').refusal).toMatch(/grown-up/);
});

test('F246 long and hostile texts cost time in proportion to their length', () => {
  for (const piece of ['a ', 'kill ', 'how to ', 'you can make a ', 'a.', 'fuck ', '\u200b', '!!!! ']) {
    const text = piece.repeat(20_000);
    const { shown } = through(text, 1000);
    expect(shown.length).toBeLessThanOrEqual(text.length);
  }
});
