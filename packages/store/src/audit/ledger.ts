import type { AuditCheckpoint, AuditLedger, Clock } from '@reeve/core';
import { sql } from 'kysely';
import type { Committer } from '../sqlite/committer.ts';
import type { SqliteHandle } from '../sqlite/handle.ts';
import { type Signer, toRecord } from './chain.ts';
import { insertCheckpoint, readCheckpoints } from './checkpoints.ts';
import { verifyAudit } from './verify.ts';
import type { AuditWriter } from './writer.ts';

/** Checkpoints kept outside the database, where whoever rewrites it does not reach them. */
export interface OutsideCheckpoints {
  add(checkpoints: readonly AuditCheckpoint[]): void;
  read(tenantId: string): AuditCheckpoint[];
}

export const createAuditLedger = (deps: {
  writer: SqliteHandle;
  reader: SqliteHandle;
  committer: Committer;
  clock: Clock;
  signer: Signer;
  audit: AuditWriter;
  outside: OutsideCheckpoints;
}): AuditLedger => {
  const { writer, reader, committer, clock, signer, outside } = deps;
  const entries = () => reader.db.selectFrom('audit');
  return {
    publicKey: signer.publicKey,

    append: (entry) => committer.write(() => deps.audit.append(entry)),

    async query({ tenantId, type, outcome, actor, target, sessionId, correlationId, since, before, limit }) {
      const rows = await entries()
        .selectAll()
        .where('tenant', '=', tenantId)
        .$if(type !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb('type', '=', type!),
              sql<boolean>`substr(type, 1, ${type!.length + 1}) = ${`${type}.`}`,
            ]),
          ),
        )
        .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome!))
        .$if(actor !== undefined, (query) => query.where('actor', '=', actor!))
        .$if(target !== undefined, (query) => query.where('target', '=', target!))
        .$if(sessionId !== undefined, (query) => query.where('session_id', '=', sessionId!))
        .$if(correlationId !== undefined, (query) => query.where('correlation_id', '=', correlationId!))
        .$if(since !== undefined, (query) => query.where('at', '>=', since!))
        .$if(before !== undefined, (query) => query.where('seq', '<', before!))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },

    async read(tenantId, after, limit) {
      const rows = await entries()
        .selectAll()
        .where('tenant', '=', tenantId)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },

    async stats(tenantId, since) {
      const range = await entries()
        .select([
          sql<number>`count(*)`.as('n'),
          sql<number>`coalesce(min(seq), 0)`.as('from'),
          sql<number>`coalesce(max(seq), 0)`.as('to'),
        ])
        .where('tenant', '=', tenantId)
        .where('at', '>=', since)
        .executeTakeFirstOrThrow();
      const byType = await entries()
        .select(['type', 'outcome', sql<number>`count(*)`.as('count')])
        .where('tenant', '=', tenantId)
        .where('at', '>=', since)
        .groupBy(['type', 'outcome'])
        .orderBy('count', 'desc')
        .execute();
      return { entries: range.n, from: range.from, to: range.to, byType };
    },

    checkpoints: (tenantId) => readCheckpoints(reader.db, tenantId),

    tenants: async () =>
      (await reader.db.selectFrom('audit_heads').select('tenant').execute()).map(({ tenant }) => tenant),

    // One state of the database from the first page to the last: the writer stands still for none of it.
    verify: (tenantId, signal) => verifyAudit(reader.db, signer, tenantId, outside.read(tenantId), signal),

    async prune(tenantId, before) {
      const anchors: AuditCheckpoint[] = [];
      const removed = await committer.write(async () => {
        const last = await writer.db
          .selectFrom('audit')
          .select(['seq', 'hash'])
          .where('tenant', '=', tenantId)
          .where('at', '<', before)
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (!last) return 0;
        const base = { tenantId, seq: last.seq, hash: last.hash, at: clock.now(), isAnchor: true };
        const anchor = { ...base, signature: signer.sign(base) };
        anchors.push(anchor);
        await insertCheckpoint(writer.db, anchor);
        const result = await writer.db
          .deleteFrom('audit')
          .where('tenant', '=', tenantId)
          .where('seq', '<=', last.seq)
          .executeTakeFirst();
        return Number(result.numDeletedRows);
      });
      outside.add(anchors);
      return removed;
    },
  };
};
