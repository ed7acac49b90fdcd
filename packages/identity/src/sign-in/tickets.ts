import type { Clock, NewId, Owner, Person } from '@reeve/core';
import { FaultError, type Invite } from '@reeve/protocol';
import type { Db, IdentitySchema } from '../database/schema.ts';
import type { Directory } from '../people/directory.ts';
import { digest, newSecret } from '../secrets.ts';

const inviteMs = 7 * 86_400_000;
const resetMs = 60 * 60_000;

type Row = IdentitySchema['reeve_ticket'];

/**
 * Links that are good once: invitations for seven days, new passwords for an hour. Kept as hashes. One that somebody
 * made for others is good as long as they may make it still.
 */
export interface Tickets {
  invite(given: {
    tenantId: string;
    createdBy: string;
    role: string;
    email: string | null;
    name: string | null;
  }): Promise<{ invite: Invite; code: string }>;
  /** Whoever asked before has the older link no more. */
  reset(owner: Owner, createdBy: string): Promise<{ code: string; expiresAt: number }>;
  /** Throws FaultError CODE_EXPIRED. The ticket stays good. */
  read(kind: 'invite' | 'reset', code: string): Promise<Row>;
  /** Uses a ticket up inside a transaction; false when another came first. */
  take(tx: Db, id: string): Promise<boolean>;
  invites(tenantId: string): Promise<Invite[]>;
  /** False when there was none. */
  revokeInvite(tenantId: string, id: string): Promise<boolean>;
  /** Ends what somebody handed out. */
  endMadeBy(userId: string): Promise<void>;
  /** Ends the links that set somebody's password. */
  endResets(tx: Db, userId: string): Promise<void>;
}

export const createTickets = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  present: (owner: Owner) => Person | null;
}): Tickets => {
  const { db, clock, newId, directory } = deps;
  /** Nobody hands out what is above them, nor goes on doing so after they left. */
  const mayMaker = (row: Row): boolean => {
    const owner = directory.ownerOf(row.created_by);
    const maker = owner && deps.present(owner);
    if (!maker) return false;
    const isForAdmin =
      row.user_id === null
        ? directory.roles(row.tenant_id).find(({ name }) => name === row.role)?.base === 'admin'
        : directory.find({ tenantId: row.tenant_id, userId: row.user_id })?.baseRole === 'admin';
    return !isForAdmin || maker.baseRole === 'admin';
  };
  const endResets = async (tx: Db, userId: string): Promise<void> => {
    await tx.deleteFrom('reeve_ticket').where('kind', '=', 'reset').where('user_id', '=', userId).execute();
  };
  const add = async (row: Omit<Row, 'id' | 'hash' | 'created_at'>) => {
    const code = newSecret('');
    const now = clock.now();
    await db.deleteFrom('reeve_ticket').where('expires_at', '<=', now).execute();
    const stored = {
      ...row,
      id: newId(row.kind === 'invite' ? 'inv_' : 'rst_'),
      hash: digest(code),
      created_at: now,
    };
    await db.insertInto('reeve_ticket').values(stored).execute();
    return { code, stored };
  };
  const view = (row: Row): Invite => ({
    id: row.id,
    role: row.role!,
    email: row.email,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  });
  return {
    async invite({ tenantId, createdBy, role, email, name }) {
      const { code, stored } = await add({
        kind: 'invite',
        tenant_id: tenantId,
        user_id: null,
        role,
        email,
        name,
        created_by: createdBy,
        expires_at: clock.now() + inviteMs,
      });
      return { invite: view(stored), code };
    },
    async reset({ tenantId, userId }, createdBy) {
      await endResets(db, userId);
      const { code, stored } = await add({
        kind: 'reset',
        tenant_id: tenantId,
        user_id: userId,
        role: null,
        email: null,
        name: null,
        created_by: createdBy,
        expires_at: clock.now() + resetMs,
      });
      return { code, expiresAt: stored.expires_at };
    },
    async read(kind, code) {
      const row = await db
        .selectFrom('reeve_ticket')
        .selectAll()
        .where('hash', '=', digest(code))
        .where('kind', '=', kind)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst();
      if (!row || !mayMaker(row)) throw new FaultError('CODE_EXPIRED');
      return row;
    },
    take: async (tx, id) =>
      (await tx.deleteFrom('reeve_ticket').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n,
    invites: async (tenantId) =>
      (
        await db
          .selectFrom('reeve_ticket')
          .selectAll()
          .where('kind', '=', 'invite')
          .where('tenant_id', '=', tenantId)
          .where('expires_at', '>', clock.now())
          .orderBy('created_at')
          .execute()
      )
        .filter(mayMaker)
        .map(view),
    revokeInvite: async (tenantId, id) =>
      (
        await db
          .deleteFrom('reeve_ticket')
          .where('kind', '=', 'invite')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .executeTakeFirst()
      ).numDeletedRows > 0n,
    async endMadeBy(userId) {
      await db.deleteFrom('reeve_ticket').where('created_by', '=', userId).execute();
    },
    endResets,
  };
};
