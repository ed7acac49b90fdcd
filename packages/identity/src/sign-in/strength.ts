import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Longer ones cost time by the square, and their first part decides. */
const looksAt = 100;

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** How hard a password is to guess, 0 to 4. Loaded when first asked: the dictionaries take 20 MB. */
export const scoreOf = (password: string, about: readonly string[]): number =>
  zxcvbn.check(password.slice(0, looksAt), [...about, 'reeve', 'steward']).score;
