import type { Accounts, Clock, Owner, Person } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Passkeys } from '../better-auth/passkeys.ts';
import type { Holds } from '../credentials/sessions.ts';
import type { Db } from '../database/schema.ts';
import { digest } from '../secrets.ts';
import type { Lockouts } from '../sign-in/lockouts.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { Totp } from '../sign-in/totp.ts';
import type { Directory } from './directory.ts';
import type { NewPasswords } from './new-passwords.ts';
import { savePerson } from './save-person.ts';

/** What people do with their own account. What weakens it needs the password, not just an open session. */
export const createAccounts = (deps: {
  db: Db;
  clock: Clock;
  directory: Directory;
  passwords: Passwords;
  newPasswords: NewPasswords;
  totp: Totp;
  passkeys: Passkeys;
  lockouts: Lockouts;
  audit: Audit;
}): Accounts => {
  const { db, clock, directory, passwords, newPasswords, totp, passkeys, lockouts, audit } = deps;
  const personOf = (owner: Owner): Person => {
    const person = directory.find(owner);
    if (!person) throw new FaultError('USER_NOT_FOUND');
    return person;
  };
  /** An open session may be somebody else's hands: guessing here counts like guessing at the door. */
  const prove = async (owner: Owner, password: string): Promise<Holds> => {
    const { email, userId } = personOf(owner);
    const succeeded = lockouts.begin(`password ${digest(email ?? userId)}`);
    const holds = await passwords.verify(owner, password);
    if (!holds) {
      audit(owner, 'auth.failed', { data: { how: 'password, signed in' } });
      throw new FaultError('SIGN_IN_FAILED', 'The password is not right.');
    }
    succeeded();
    return holds;
  };

  return {
    async state(owner) {
      const [hasPassword, hasTotp, recoveryCodesLeft, keys] = await Promise.all([
        passwords.has(owner),
        totp.isOn(owner),
        totp.codesLeft(owner),
        passkeys.list(owner),
      ]);
      return { hasPassword, hasTotp, recoveryCodesLeft, passkeys: keys };
    },

    async update(owner, change) {
      await savePerson(db, personOf(owner), change, clock.now());
      await directory.reload();
      audit(owner, 'account.changed', { data: { fields: Object.keys(change) } });
    },

    async setPassword({ actor, credential }, { current, password, name, email }) {
      const person = personOf(actor);
      const hasOne = await passwords.has(actor);
      if (hasOne && current === undefined)
        throw new FaultError('INVALID_PARAMS', 'The current password is needed.', {
          next: 'Send it as `current`.',
        });
      const holds = hasOne ? await prove(actor, current!) : passwords.isUnset(actor);
      const address = email ?? person.email;
      if (address === null)
        throw new FaultError('INVALID_PARAMS', 'The account has no e-mail address yet.', {
          next: 'Send one as `email`: it is what you sign in with.',
        });
      const given = { password, email: address, name: name ?? person.name };
      await newPasswords.set(actor, given, { keep: credential, holds });
      audit(actor, 'password.changed');
    },

    async beginTotp(owner, password) {
      await prove(owner, password);
      const { email, name } = personOf(owner);
      return totp.begin(owner, email ?? name);
    },
    async confirmTotp(owner, code) {
      const succeeded = lockouts.begin(`second factor ${owner.userId}`);
      const codes = await totp.confirm(owner, code);
      succeeded();
      audit(owner, 'totp.enabled');
      return codes;
    },
    async disableTotp(owner, password) {
      await prove(owner, password);
      await totp.disable(owner);
      audit(owner, 'totp.disabled');
    },
    async newRecoveryCodes(owner, password) {
      await prove(owner, password);
      if (!(await totp.isOn(owner)))
        throw new FaultError('CONFLICT', 'No authenticator app is in use.', { next: 'Turn it on first.' });
      const codes = await totp.newCodes(owner);
      audit(owner, 'recovery-codes.renewed');
      return codes;
    },

    passkeyOptions: (owner, origin) => {
      const { email, name } = personOf(owner);
      return passkeys.beginAdding(owner, email ?? name, origin);
    },
    async addPasskey(owner, given) {
      const added = await passkeys.add(owner, given);
      audit(owner, 'passkey.added', { target: added.id, data: { name: added.name } });
      return added;
    },
    async removePasskey(owner, id) {
      if (!(await passkeys.remove(owner, id))) throw new FaultError('NOT_FOUND', 'There is no such passkey.');
      audit(owner, 'passkey.removed', { target: id });
    },
  };
};
