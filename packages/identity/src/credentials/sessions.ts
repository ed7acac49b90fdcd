import type { Client, Clock, NewId, Owner, SignInSessions } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db } from '../database/schema.ts';
import { isThere } from '../people/add-person.ts';
import type { Revocations } from '../revocations.ts';
import { forgetDevicesOf } from './devices.ts';
import type { LastUses } from './last-uses.ts';
import type { Lookup } from './lookup.ts';

/** Whether what a sign-in relies on still holds, asked in the write that makes the session. */
export type Holds = (tx: Db) => boolean | Promise<boolean>;

/** Where people are signed in. A session is a row; its end ends whatever it opened. */
export interface SessionRows extends SignInSessions {
  /**
   * Opens one; when its owner has more than may be, the oldest end. Throws FaultError SIGN_IN_FAILED when the owner is
   * gone, or `holds` says no.
   */
  open(session: {
    owner: Owner;
    kind: 'cookie' | 'tokens';
    hash: string;
    expiresAt: number;
    client: Client;
    id: string;
    holds: Holds;
  }): Promise<void>;
  /** Ends one without asking whose it is; false when there was none. */
  end(id: string): Promise<boolean>;
}

export const createSessions = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  lookup: Lookup;
  lastUses: LastUses;
  revocations: Revocations;
  audit: Audit;
  /** How many sessions a person may have at once. */
  maxSessions: () => number;
}): SessionRows => {
  const { db, clock, lookup, lastUses, revocations, audit } = deps;
  const ofOwner = ({ tenantId, userId }: Owner) =>
    db
      .selectFrom('reeve_session')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('expires_at', '>', clock.now());

  const endAll = async (ids: readonly string[]): Promise<number> => {
    if (ids.length === 0) return 0;
    const { numDeletedRows } = await db.deleteFrom('reeve_session').where('id', 'in', ids).executeTakeFirst();
    lookup.forget();
    await forgetDevicesOf(db, ids);
    for (const id of ids) revocations.credential(id);
    return Number(numDeletedRows);
  };

  return {
    async open({ owner, kind, hash, expiresAt, client, id, holds }) {
      const now = clock.now();
      await db.deleteFrom('reeve_session').where('expires_at', '<=', now).execute();
      await db.transaction().execute(async (tx) => {
        if (!(await isThere(tx, owner)) || !(await holds(tx))) throw new FaultError('SIGN_IN_FAILED');
        await tx
          .insertInto('reeve_session')
          .values({
            id,
            tenant_id: owner.tenantId,
            user_id: owner.userId,
            kind,
            hash,
            user_agent: client.userAgent.slice(0, 300),
            address: client.address,
            created_at: now,
            last_used_at: now,
            expires_at: expiresAt,
          })
          .execute();
      });
      const all = await ofOwner(owner).orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
      const surplus = all
        .filter((session) => session.id !== id)
        .slice(Math.max(0, deps.maxSessions() - 1))
        .map((session) => session.id);
      await endAll(surplus);
      for (const target of surplus)
        audit(owner, 'session.ended', { target, data: { why: 'too many sessions' } });
    },

    end: async (id) => (await endAll([id])) > 0,

    async list({ actor, credential }) {
      const rows = await ofOwner(actor).orderBy('created_at', 'desc').execute();
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind as 'cookie' | 'tokens',
        userAgent: row.user_agent,
        address: row.address,
        createdAt: row.created_at,
        lastUsedAt: lastUses.of(row.id, row.last_used_at)!,
        expiresAt: row.expires_at,
        isCurrent: row.id === credential,
      }));
    },

    async revoke(owner, id) {
      const found = await ofOwner(owner).where('id', '=', id).executeTakeFirst();
      if (!found) throw new FaultError('NOT_FOUND', 'There is no such session.');
      await endAll([id]);
      audit(owner, 'session.revoked', { target: id });
    },

    async revokeAll(owner, except) {
      // First: what is half done either sees this, or is among the rows.
      revocations.signIns(owner);
      const rows = await ofOwner(owner).execute();
      const ended = await endAll(rows.map(({ id }) => id).filter((id) => id !== except));
      if (ended > 0) audit(owner, 'session.revoked', { data: { sessions: ended } });
      return ended;
    },
  };
};
