import type { Facts } from '@reeve/core';
import { ada, adaElsewhere, bob } from '@reeve/testkit/conformance/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHome, openHome } from './homes.ts';

let facts: Facts;
let close: () => Promise<void>;
let remove: () => void;
beforeEach(() => {
  const created = createHome();
  ({ remove } = created);
  ({ facts, close } = openHome(created.home));
});
afterEach(async () => {
  await close();
  remove();
});

let count = 0;
const remember = (text: string, owner = ada, key?: string) => {
  count += 1;
  return facts.remember(owner, { text, sessionId: 'ses_1', at: count, key: key ?? `key ${count}` });
};
const find = async (query: string, owner = ada) =>
  (await facts.search(owner, query, 10)).map(({ text }) => text);

describe('search', () => {
  test('finds words in other forms', async () => {
    await remember('My sister likes running in the mornings.');
    await remember('The dentist is in Main Street.');
    expect(await find('runs')).toEqual(['My sister likes running in the mornings.']);
    expect(await find('morning')).toHaveLength(1);
    expect(await find('LIKED sisters')).toHaveLength(1);
  });

  test('finds words with umlauts and accents, however they are typed', async () => {
    await remember('Frau Müller wohnt in der Gärtnerstraße.');
    await remember('Le café est fermé.');
    for (const query of ['Müller', 'muller', 'MÜLLER', 'Mu\u0308ller', 'Gärtnerstraße']) {
      expect(await find(query)).toEqual(['Frau Müller wohnt in der Gärtnerstraße.']);
    }
    expect(await find('cafe')).toEqual(['Le café est fermé.']);
    await remember('Herr Scha\u0308fer ruft an.');
    expect(await find('Schäfer')).toEqual(['Herr Scha\u0308fer ruft an.']);
  });

  test('any word may match, the best match first', async () => {
    await remember('Tea is in the kitchen.');
    await remember('The key to the kitchen is under the mat.');
    expect((await find('kitchen key'))[0]).toBe('The key to the kitchen is under the mat.');
    expect(await find('kitchen elephant')).toHaveLength(2);
  });

  test('takes operators and quotes as words', async () => {
    await remember('Tea AND cake, not NEAR the "oven".');
    for (const query of [
      '"',
      '"oven',
      'tea AND',
      'NOT tea',
      'NEAR(tea cake)',
      'text:tea',
      'tea*',
      '^tea',
      'tea)) OR ((',
      "'; DROP TABLE facts; --",
      'a - b + {c}',
      '\u0000tea',
    ]) {
      await expect(find(query), query).resolves.toBeInstanceOf(Array);
    }
    expect(await find('tea" OR "cake')).toHaveLength(1);
    expect(await find('text:elephant')).toEqual([]);
  });

  test('of nothing finds nothing', async () => {
    await remember('Something.');
    for (const query of ['', '   ', '!?…', '👋']) expect(await find(query)).toEqual([]);
    expect(await facts.search(ada, 'something', 0)).toEqual([]);
  });

  test('takes a query of any length', async () => {
    await remember('Something at the end.');
    expect(await find(`something ${'word '.repeat(10_000)}`)).toHaveLength(1);
  });
});

describe('facts', () => {
  test('are remembered once per key, and listed newest first', async () => {
    const first = await remember('first', ada, 'same');
    expect(await remember('second', ada, 'same')).toEqual(first);
    const other = await remember('third');
    expect(await facts.list(ada, 10)).toEqual([other, first]);
    expect(await facts.list(ada, 1)).toEqual([other]);
  });

  test('are forgotten, also by search', async () => {
    const { id } = await remember('The code is 1234.');
    expect(await facts.forget(bob, id)).toBe(false);
    expect(await facts.forget(ada, id)).toBe(true);
    expect(await facts.forget(ada, id)).toBe(false);
    expect(await find('code')).toEqual([]);
    expect(await facts.list(ada, 10)).toEqual([]);
  });

  test('belong to their owner', async () => {
    await remember('Ada likes tea.', ada, 'same');
    await remember('Bob likes tea.', bob, 'same');
    expect(await find('tea')).toEqual(['Ada likes tea.']);
    expect((await facts.list(bob, 10)).map(({ text }) => text)).toEqual(['Bob likes tea.']);
    expect(await facts.list(adaElsewhere, 10)).toEqual([]);
  });
});
