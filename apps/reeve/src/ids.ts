import { randomBytes } from 'node:crypto';
import type { NewId } from '@reeve/core';
import { monotonicFactory } from 'ulid';

/** ULIDs: sort by time of creation, 80 random bits, monotonic within one millisecond of one process. */
export const createIds = (): NewId => {
  const ulid = monotonicFactory(createPool());
  return (prefix) => prefix + ulid().toLowerCase();
};

/** Random numbers in [0, 1) from the system's source, fetched many at a time: one by one they cost more than the id. */
const createPool = () => {
  let pool = randomBytes(4096);
  let next = 0;
  return (): number => {
    if (next >= pool.length) {
      pool = randomBytes(pool.length);
      next = 0;
    }
    next += 1;
    return pool[next - 1]! / 256;
  };
};
