import type { Actor, Administration, Clock, NewId, Scim } from '@reeve/core';
import { FaultError, isFaultError, type ScimToken } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db, IdentitySchema } from '../database/schema.ts';
import type { Directory } from '../people/directory.ts';
import { digest, masked, newSecret } from '../secrets.ts';
import { discoveryAnswer } from './discovery.ts';
import { errorAnswer, ScimError } from './errors.ts';
import { createScimGroups } from './groups.ts';
import { createScimUsers } from './users.ts';

export interface ScimSettings {
  roleMap: readonly string[];
  defaultRole: string;
}

export const createScim = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  administration: Administration;
  settings: () => ScimSettings;
  audit: Audit;
}): Scim => {
  const { db, clock, newId, settings, audit } = deps;
  const users = createScimUsers({ ...deps, defaultRole: () => settings().defaultRole });
  const groups = createScimGroups(deps);
  const view = (row: IdentitySchema['reeve_scim_token']): ScimToken => ({
    id: row.id,
    name: row.name,
    masked: row.masked,
    createdBy: row.created_by,
    createdAt: row.created_at,
  });

  return {
    async authenticate(bearer) {
      const row = await db
        .selectFrom('reeve_scim_token')
        .select(['id', 'tenant_id'])
        .where('hash', '=', digest(bearer))
        .executeTakeFirst();
      return row ? { tenantId: row.tenant_id, tokenId: row.id } : null;
    },

    async handle({ tenantId, tokenId }, request) {
      const actor: Actor = { tenantId, userId: `scim:${tokenId}`, role: 'admin', channel: 'scim' };
      const [resource = '', id = null, ...rest] = request.path.split('/').filter((part) => part !== '');
      try {
        if (rest.length > 0) throw new ScimError(404, 'There is no such thing.');
        const decoded = id === null ? null : decodeURIComponent(id);
        const found = discoveryAnswer(request.method, resource, decoded, request.baseUrl);
        if (found) return found;
        if (resource === 'Users') return await users.handle(actor, decoded, request);
        if (resource === 'Groups') return await groups.handle(actor, decoded, request);
        throw new ScimError(404, 'There is no such thing.');
      } catch (error) {
        if (error instanceof ScimError) return errorAnswer(error.status, error.message, error.scimType);
        if (error instanceof URIError) return errorAnswer(404, 'There is no such thing.');
        if (!isFaultError(error)) throw error;
        const { code, message } = error.fault;
        return errorAnswer(code === 'NOT_FOUND' ? 404 : code === 'CONFLICT' ? 409 : 400, message);
      }
    },

    async createToken(actor, name) {
      const token = newSecret('rvc_');
      const row = {
        id: newId('sct_'),
        tenant_id: actor.tenantId,
        name,
        hash: digest(token),
        masked: masked(token),
        created_by: actor.userId,
        created_at: clock.now(),
      };
      await db.insertInto('reeve_scim_token').values(row).execute();
      audit(actor, 'scim-token.created', { target: row.id, data: { name } });
      return { ...view(row), token };
    },
    tokens: async (tenantId) =>
      (
        await db
          .selectFrom('reeve_scim_token')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .orderBy('created_at')
          .execute()
      ).map(view),
    async revokeToken(actor, id) {
      const { numDeletedRows } = await db
        .deleteFrom('reeve_scim_token')
        .where('id', '=', id)
        .where('tenant_id', '=', actor.tenantId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new FaultError('NOT_FOUND', 'There is no such token.');
      audit(actor, 'scim-token.revoked', { target: id });
    },
  };
};
