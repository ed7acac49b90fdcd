import type { Clock, NewId, Owner } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Holds, SessionRows } from '../credentials/sessions.ts';
import type { Db } from '../database/schema.ts';
import { digest } from '../secrets.ts';
import type { Lockouts } from '../sign-in/lockouts.ts';
import { type Passwords, storePassword } from '../sign-in/passwords.ts';
import type { Tickets } from '../sign-in/tickets.ts';
import { addPerson, isTaken } from './add-person.ts';
import { type Directory, normaliseEmail } from './directory.ts';

/** Where a password is set for the first time or anew: by an invitation, by a link, or by its owner. */
export interface NewPasswords {
  register(given: { code: string; name: string; email: string; password: string }): Promise<Owner>;
  reset(given: { code: string; password: string }): Promise<Owner>;
  /**
   * `holds` is what allows it: the old password, or that there is none. Throws FaultError PASSWORD_WEAK, CONFLICT (the
   * address is somebody else's), SIGN_IN_FAILED (another password was set meanwhile).
   */
  set(
    owner: Owner,
    given: { password: string; email: string; name: string },
    more: { keep: string; holds: Holds },
  ): Promise<void>;
}

export const createNewPasswords = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  passwords: Passwords;
  tickets: Tickets;
  lockouts: Lockouts;
  sessions: SessionRows;
}): NewPasswords => {
  const { db, clock, newId, directory, passwords, tickets, lockouts, sessions } = deps;
  const taken = () =>
    new FaultError('CONFLICT', 'This e-mail address cannot be used.', { next: 'Take another one.' });

  return {
    async register({ code, name, email, password }) {
      const invite = await tickets.read('invite', code);
      const address = normaliseEmail(email);
      if (invite.email !== null && normaliseEmail(invite.email) !== address)
        throw new FaultError('INVALID_PARAMS', 'The invitation is for another e-mail address.');
      await passwords.check(password, [name, address]);
      if (directory.findByEmail(address)) throw taken();
      const hash = await passwords.hash(password);
      const owner = { tenantId: invite.tenant_id, userId: newId('usr_') };
      const now = clock.now();
      await db
        .transaction()
        .execute(async (tx) => {
          if (!(await tickets.take(tx, invite.id))) throw new FaultError('CODE_EXPIRED');
          await addPerson(tx, owner, {
            name,
            email: address,
            isVerified: invite.email !== null,
            role: invite.role!,
            memberId: newId('mem_'),
            now,
          });
          await storePassword(tx, owner, hash, { id: newId('acc_'), now });
        })
        .catch((error: unknown) => {
          throw isTaken(error) ? taken() : error;
        });
      await directory.reload();
      return owner;
    },

    async reset({ code, password }) {
      const ticket = await tickets.read('reset', code);
      const owner = { tenantId: ticket.tenant_id, userId: ticket.user_id! };
      const person = directory.find(owner);
      await passwords.check(password, [person?.name ?? null, person?.email ?? null]);
      const hash = await passwords.hash(password);
      await db.transaction().execute(async (tx) => {
        if (!(await tickets.take(tx, ticket.id))) throw new FaultError('CODE_EXPIRED');
        await storePassword(tx, owner, hash, { id: newId('acc_'), now: clock.now() });
      });
      if (person?.email) lockouts.clear(`password ${digest(person.email)}`);
      // Whoever has the old password has no session any more either.
      await sessions.revokeAll(owner);
      return owner;
    },

    async set(owner, { password, email, name }, { keep, holds }) {
      await passwords.check(password, [name, email]);
      const address = normaliseEmail(email);
      const known = directory.findByEmail(address);
      if (known && known.userId !== owner.userId) throw taken();
      const hash = await passwords.hash(password);
      const now = clock.now();
      await db
        .transaction()
        .execute(async (tx) => {
          if (!(await holds(tx)))
            throw new FaultError('SIGN_IN_FAILED', 'The password is not right any more.');
          await storePassword(tx, owner, hash, { id: newId('acc_'), now });
          const updatedAt = new Date(now).toISOString();
          await tx.updateTable('user').set({ name, updatedAt }).where('id', '=', owner.userId).execute();
          // Nobody but its owner says that a new address is theirs: single sign-on must not believe it.
          await tx
            .updateTable('user')
            .set({ email: address, emailVerified: 0 })
            .where('id', '=', owner.userId)
            .where('email', '!=', address)
            .execute();
          await tickets.endResets(tx, owner.userId);
        })
        .catch((error: unknown) => {
          throw isTaken(error) ? taken() : error;
        });
      await directory.reload();
      await sessions.revokeAll(owner, keep);
    },
  };
};
