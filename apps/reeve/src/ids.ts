import type { NewId } from '@reeve/core';
import { monotonicFactory } from 'ulid';

/** ULIDs: sort by time of creation, 80 random bits, monotonic within one millisecond of one process. */
export const createIds = (): NewId => {
  const ulid = monotonicFactory();
  return (prefix) => prefix + ulid().toLowerCase();
};
