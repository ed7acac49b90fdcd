import type { PolicyKey, PolicyStore, PolicyTier, PolicyVersion } from '@reeve/core';
import { type Selectable, sql } from 'kysely';
import type { Committer } from './sqlite/committer.ts';
import type { SqliteHandle } from './sqlite/handle.ts';
import type { Schema } from './sqlite/schema.ts';

const toVersion = (row: Selectable<Schema['policies']>): PolicyVersion => ({
  tier: row.tier as PolicyTier,
  tenantId: row.tenant === '' ? null : row.tenant,
  userId: row.owner === '' ? null : row.owner,
  name: row.name,
  version: row.version,
  text: row.text,
  by: row.author,
  note: row.note,
  at: row.created_at,
});

export const createPolicyStore = (
  writer: SqliteHandle,
  reader: SqliteHandle,
  committer: Committer,
): PolicyStore => {
  const ofKey = (db: SqliteHandle['db'], { tier, tenantId, userId, name }: PolicyKey) =>
    db
      .selectFrom('policies')
      .where('tier', '=', tier)
      .where('tenant', '=', tenantId ?? '')
      .where('owner', '=', userId ?? '')
      .where('name', '=', name);
  return {
    async current() {
      const rows = await reader.db
        .selectFrom('policies')
        .selectAll()
        .where(
          sql<boolean>`version = (SELECT max(version) FROM policies AS newer WHERE newer.tier = policies.tier AND newer.tenant = policies.tenant AND newer.owner = policies.owner AND newer.name = policies.name)`,
        )
        .where('text', 'is not', null)
        .orderBy('tier')
        .orderBy('name')
        .execute();
      return rows.map(toVersion);
    },

    history: async (key) =>
      (await ofKey(reader.db, key).selectAll().orderBy('version', 'desc').execute()).map(toVersion),

    add: (version) =>
      committer.write(async () => {
        const { last } = await ofKey(writer.db, version)
          .select(sql<number>`coalesce(max(version), 0)`.as('last'))
          .executeTakeFirstOrThrow();
        await writer.db
          .insertInto('policies')
          .values({
            tier: version.tier,
            tenant: version.tenantId ?? '',
            owner: version.userId ?? '',
            name: version.name,
            version: last + 1,
            text: version.text,
            author: version.by,
            note: version.note,
            created_at: version.at,
          })
          .execute();
        return { ...version, version: last + 1 };
      }),
  };
};
