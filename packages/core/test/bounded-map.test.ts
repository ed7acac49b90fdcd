import { expect, test } from 'vitest';
import { BoundedMap } from '../src/bounded-map.ts';

const limit = 2;
const keys = ['a', 'b', 'c'];
const steps = ['set', 'use', 'get', 'delete'].flatMap((kind) => keys.map((key) => ({ kind, key })));

/** The same with a list, the oldest first. */
const reference = () => {
  let list: [string, number][] = [];
  const gone: number[] = [];
  return {
    entries: () => list,
    gone,
    step(kind: string, key: string, value: number) {
      const known = list.find(([one]) => one === key);
      const others = list.filter((entry) => entry !== known);
      if (kind === 'set') list = [...others, [key, value]];
      if (kind === 'use' && known) list = [...others, known];
      if (kind === 'delete') list = others;
      if (list.length > limit) gone.push(list.shift()![1]);
      return known?.[1];
    },
  };
};

test('a bounded map holds the newest, and hands over what gives way, whatever is done to it in five steps', () => {
  const differing: string[] = [];
  const play = (numbers: number[]) => {
    const gone: number[] = [];
    const map = new BoundedMap<string, number>(limit, (value) => gone.push(value));
    const expected = reference();
    for (const [at, number] of numbers.entries()) {
      const { kind, key } = steps[number]!;
      const value = expected.step(kind, key, at);
      const isRight =
        kind === 'set'
          ? map.set(key, at) === map
          : kind === 'delete'
            ? map.delete(key) === (value !== undefined)
            : (kind === 'use' ? map.use(key) : map.get(key)) === value;
      if (!isRight) differing.push(`${JSON.stringify(numbers)} at ${at}`);
    }
    if (JSON.stringify([[...map], gone]) !== JSON.stringify([expected.entries(), expected.gone]))
      differing.push(JSON.stringify(numbers));
  };
  for (let code = 0; code < steps.length ** 5; code++)
    play(Array.from({ length: 5 }, (_, place) => Math.floor(code / steps.length ** place) % steps.length));
  expect(differing).toEqual([]);
});
