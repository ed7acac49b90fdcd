import { createHmac, randomBytes } from 'node:crypto';
import { isSame } from '../secrets.ts';
import type { Lockouts } from './lockouts.ts';
import type { Passwords } from './passwords.ts';

/**
 * The one password of a gateway whose people have no accounts. The last one that was right is known again by a keyed
 * hash, for it comes with every request and the real check takes 60 ms.
 */
export const createSharedPassword = (passwords: Passwords, lockouts: Lockouts) => {
  const key = randomBytes(32);
  const fingerprint = (stored: string, password: string) =>
    createHmac('sha256', key).update(`${stored}\n${password}`).digest('hex');
  let right = '';
  return async (stored: string, password: string): Promise<boolean> => {
    const name = fingerprint(stored, password);
    if (isSame(name, right)) return true;
    const succeeded = lockouts.begin('shared password');
    if (!(await passwords.matches(stored, password))) return false;
    succeeded();
    right = name;
    return true;
  };
};
