import { createRedactor } from '@reeve/core';
import { describe, expect, test } from 'vitest';

const value = 'p@ss "wörd"\\ 100% / né\nline';
const redactor = () => {
  const made = createRedactor();
  made.add('mine', value);
  return made;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('F217 values that are known to be secrets', () => {
  test.each([
    ['as it is', value],
    ['in JSON', JSON.stringify({ a: value })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: value }))],
    ['in a URL', `https://x/?q=${encodeURIComponent(value)}`],
    ['in a form', new URLSearchParams({ q: value }).toString()],
    ['in hex', Buffer.from(value).toString('hex')],
    ['in capital hex', Buffer.from(value).toString('hex').toUpperCase()],
    ['in base64', base64(value)],
    ['in base64 for URLs', Buffer.from(value).toString('base64url')],
    ['in base64 behind one byte', base64(`x${value}`)],
    ['in base64 behind two bytes', base64(`xy${value}`)],
    ['in base64 between others', base64(`user:${value}:end`)],
  ])('F217 %s', (_, written) => {
    const clean = redactor().known(`before ${written} after`);
    expect(clean).toContain('[secret:mine]');
    expect(clean.startsWith('before ')).toBe(true);
    expect(clean.endsWith(' after')).toBe(true);
    const middle = 'wörd';
    for (const form of [middle, encodeURIComponent(middle), Buffer.from(middle).toString('hex')])
      expect(clean.toLowerCase()).not.toContain(form.toLowerCase());
    // What may be left of base64 are the characters that the value shares with its neighbours.
    expect(clean.length).toBeLessThan(written.length + 14);
  });

  test('F217 at any place of a text, many at once, next to each other', () => {
    const many = createRedactor();
    const values = Array.from({ length: 200 }, (_, index) => `common-prefix-${index * 7919}-tail`);
    for (const [index, one] of values.entries()) many.add(`s${index}`, one);
    for (let before = 0; before < 12; before += 1) {
      const [first, second] = [values[before * 3]!, values[before * 5 + 1]!];
      expect(many.known(`${'.'.repeat(before)}${first}${second}.${first}`)).toBe(
        `${'.'.repeat(before)}[secret:s${before * 3}][secret:s${before * 5 + 1}].[secret:s${before * 3}]`,
      );
    }
    expect(many.known('common-prefix-1-tail common-prefix-')).toBe('common-prefix-1-tail common-prefix-');
  });

  test('F217 of two values that begin alike the longer one is taken', () => {
    const made = createRedactor();
    made.add('short', 'abcdefgh');
    made.add('long', 'abcdefghijkl');
    expect(made.known('abcdefghijklm abcdefghi')).toBe('[secret:long]m [secret:short]i');
  });

  test('F217 a value within another is no reason to show the rest of that', () => {
    for (let before = 0; before < 12; before += 1) {
      const made = createRedactor();
      made.add('short', 'abcdefgh');
      made.add('long', `${'0123456789ab'.slice(0, before)}abcdefghijkl`);
      const long = `${'0123456789ab'.slice(0, before)}abcdefghijkl`;
      for (let at = 0; at < 6; at += 1)
        expect(made.known(`${'.'.repeat(at)}${long}|abcdefgh`)).toBe(
          `${'.'.repeat(at)}[secret:long]|[secret:short]`,
        );
    }
  });

  test('F217 a value too short to be told from words stays, and everything else with it', () => {
    const made = createRedactor();
    made.add('pin', '1234567');
    expect(made.known('call 1234567')).toBe('call 1234567');
  });

  test('F217 fields and their names in values of any form; what holds none is the same', () => {
    const made = redactor();
    expect(made.deepKnown({ [value]: [value, 1], x: { y: `a${value}` } })).toEqual({
      '[secret:mine]': ['[secret:mine]', 1],
      x: { y: 'a[secret:mine]' },
    });
    expect(made.deepKnown({ password: 'other', n: null })).toEqual({ password: 'other', n: null });
  });
});

describe('F217 a text that comes in pieces', () => {
  const secret = 'top-secret-value-0123456789';
  const stream = (pieces: string[]) => {
    const made = createRedactor();
    made.add('mine', secret);
    const live = made.stream();
    const shown = pieces.map((piece) => live.push(piece));
    return [...shown, live.end()];
  };

  test('F217 wherever it is cut, the value is never seen', () => {
    const text = `it is ${secret}, and again ${secret}${secret}!`;
    const clean = 'it is [secret:mine], and again [secret:mine][secret:mine]!';
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, 'g'))!;
      const out = stream(pieces).join('');
      // In small pieces the first three letters of a value go out before anybody could know.
      expect(out.replace(/(?:t|to|top)\[secret/g, '[secret'), `pieces of ${size}`).toBe(clean);
      expect(out).not.toContain(secret.slice(0, 5));
    }
  });

  test('F217 of values that begin alike the longest is replaced, wherever it is cut', () => {
    const made = createRedactor();
    made.add('short', 'abcdefgh');
    made.add('long', 'abcdefghijklmnop');
    made.add('outer', 'xyz-abcdefghijkl-end');
    const text = 'abcdefghijklmnop xyz-abcdefghijkl-end xyz-abcdefghijklmnop. abcdefghi abcdefgh';
    const clean = '[secret:long] [secret:outer] xyz-[secret:long]. [secret:short]i [secret:short]';
    expect(made.known(text)).toBe(clean);
    for (let size = 4; size <= text.length; size += 1) {
      const live = made.stream();
      const out = text.match(new RegExp(`.{1,${size}}`, 'g'))!.map((piece) => live.push(piece));
      const all = `${out.join('')}${live.end()}`;
      expect(
        all.replace(/(?<=^| )(?:a|ab|abc|x|xy|xyz)(?=\[secret:(?:long|short|outer))/g, ''),
        `${size}`,
      ).toBe(clean);
    }
  });

  test('F217 a long text in one piece and a long value in many cost no more than their length', () => {
    const made = createRedactor();
    const value = Array.from({ length: 2_000 }, (_, index) => `${index}-key`).join('');
    made.add('short', value.slice(0, 40));
    made.add('long', value);
    const live = made.stream();
    const many = `${value.slice(0, 40)}.`.repeat(20_000);
    expect(live.push(many)).toBe('[secret:short].'.repeat(20_000));
    const out = (value.match(/.{1,4}/g) ?? []).map((piece) => live.push(piece)).join('');
    expect(out + live.end()).toBe('[secret:long]');
  });

  test('F217 what only begins like a value is shown in the end, all of it and in order', () => {
    expect(stream(['a top-sec', 'ond thing top-secret-val']).join('')).toBe(
      'a top-second thing top-secret-val',
    );
    expect(stream(['top-', 'secret'])).toEqual(['', '', 'top-secret']);
  });

  test('F217 a text without anything of it goes out piece by piece', () => {
    expect(stream(['one ', 'two ', 'three'])).toEqual(['one ', 'two ', 'three', '']);
  });

  test('F217 random texts and cuts: pieces give what the whole gives', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const parts = [
      secret,
      'top-',
      'secret-',
      'value',
      ' ',
      'x',
      secret.slice(0, 10),
      secret.slice(5),
      base64(secret),
    ];
    for (let round = 0; round < 400; round += 1) {
      const text = Array.from({ length: random(8) }, () => parts[random(parts.length)]).join('');
      const pieces: string[] = [];
      for (let at = 0; at < text.length; ) {
        const size = 4 + random(20);
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      const out = stream(pieces).join('');
      expect(out).not.toContain(secret);
      expect(out).not.toContain(secret.slice(3));
    }
  });
});
