import type { ApiKeys, Clock, NewId, Owner } from '@reeve/core';
import { type ApiKey, FaultError, includesScope } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db, IdentitySchema } from '../database/schema.ts';
import type { Revocations } from '../revocations.ts';
import { digest, masked, newSecret } from '../secrets.ts';
import { forgetDevicesOf } from './devices.ts';
import type { LastUses } from './last-uses.ts';
import type { Lookup } from './lookup.ts';

/** What programs sign in with. Kept as hashes; the value is shown once. */
export const createApiKeys = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  lookup: Lookup;
  lastUses: LastUses;
  revocations: Revocations;
  audit: Audit;
}): ApiKeys => {
  const { db, clock, lookup, lastUses, revocations, audit } = deps;
  const view = (row: IdentitySchema['reeve_key']): ApiKey => ({
    id: row.id,
    name: row.name,
    masked: row.masked,
    scopes: row.scopes_json === null ? null : (JSON.parse(row.scopes_json) as string[]),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: lastUses.of(row.id, row.last_used_at),
  });
  const ofOwner = ({ tenantId, userId }: Owner) =>
    db.selectFrom('reeve_key').selectAll().where('tenant_id', '=', tenantId).where('user_id', '=', userId);

  return {
    async create(actor, { name, scopes = actor.scopes, expiresAt }) {
      const beyond = actor.scopes && scopes?.find((scope) => !includesScope(actor.scopes!, scope));
      if (beyond !== undefined)
        throw new FaultError(
          'PERMISSION_DENIED',
          `You cannot give ${beyond}: your own credential has it not.`,
        );
      const token = newSecret('rv_');
      const row = {
        id: deps.newId('tok_'),
        tenant_id: actor.tenantId,
        user_id: actor.userId,
        name,
        hash: digest(token),
        masked: masked(token),
        scopes_json: scopes ? JSON.stringify(scopes) : null,
        created_at: clock.now(),
        expires_at: expiresAt ?? null,
        last_used_at: null,
      };
      await db.insertInto('reeve_key').values(row).execute();
      audit(actor, 'key.created', { target: row.id, data: { name } });
      return { ...view(row), token };
    },
    list: async (owner) => (await ofOwner(owner).orderBy('created_at').orderBy('id').execute()).map(view),
    async revoke(owner, id) {
      const { numDeletedRows } = await db
        .deleteFrom('reeve_key')
        .where('id', '=', id)
        .where('tenant_id', '=', owner.tenantId)
        .where('user_id', '=', owner.userId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new FaultError('NOT_FOUND', 'There is no such token.');
      lookup.forget();
      await forgetDevicesOf(db, [id]);
      revocations.credential(id);
      audit(owner, 'key.revoked', { target: id });
    },
  };
};
