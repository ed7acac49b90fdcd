import type { AuditCheckpoint, AuditLedger, AuditQuery, AuditRecord, AuditStats, Clock } from '@reeve/core';
import { sql } from 'kysely';
import type { Committer } from '../sqlite/committer.ts';
import type { SqliteHandle } from '../sqlite/handle.ts';
import { readBundlePart } from './bundle.ts';
import { type Signer, toRecord } from './chain.ts';
import { insertCheckpoint } from './checkpoints.ts';
import { giveWay, newestFirst, type Step, stepSize } from './steps.ts';
import { verifyAudit } from './verify.ts';
import type { AuditWriter } from './writer.ts';

/** Checkpoints kept outside the database, where whoever rewrites it does not reach them. */
export interface OutsideCheckpoints {
  add(checkpoints: readonly AuditCheckpoint[]): void;
  read(tenantId: string): AuditCheckpoint[];
}

type Filter = Omit<AuditQuery, 'limit' | 'before'>;

export const createAuditLedger = (deps: {
  writer: SqliteHandle;
  reader: SqliteHandle;
  /** A connection that only reads, for whoever reads long. */
  openReader: () => SqliteHandle;
  committer: Committer;
  clock: Clock;
  signer: Signer;
  audit: AuditWriter;
  outside: OutsideCheckpoints;
}): AuditLedger => {
  const { writer, reader, committer, clock, signer, outside } = deps;

  const entriesOf = ({ from, to }: Step, filter: Filter) => {
    const { tenantId, type, outcome, actor, target, sessionId, correlationId, since } = filter;
    return reader.db
      .selectFrom('audit')
      .where('tenant', '=', tenantId)
      .where('seq', '>=', from)
      .where('seq', '<=', to)
      .$if(type !== undefined, (query) =>
        query.where((eb) =>
          eb.or([eb('type', '=', type!), sql<boolean>`substr(type, 1, ${type!.length + 1}) = ${`${type}.`}`]),
        ),
      )
      .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome!))
      .$if(actor !== undefined, (query) => query.where('actor', '=', actor!))
      .$if(target !== undefined, (query) => query.where('target', '=', target!))
      .$if(sessionId !== undefined, (query) => query.where('session_id', '=', sessionId!))
      .$if(correlationId !== undefined, (query) => query.where('correlation_id', '=', correlationId!))
      .$if(since !== undefined, (query) => query.where('at', '>=', since!));
  };

  /** Whether all of a step is older than what is asked for. A clock that was set back may mix times, yet not for long. */
  const isBefore = async (step: Step, { tenantId, since }: Filter): Promise<boolean> => {
    if (since === undefined || since <= 0) return false;
    return !(await entriesOf(step, { tenantId, since }).select('seq').limit(1).executeTakeFirst());
  };

  /** Removes the oldest entries of a chain, a step of them at most, and signs where it begins now. How many. */
  const pruneStep = async (tenantId: string, before: number, mayRemove: () => boolean): Promise<number> => {
    const anchors: AuditCheckpoint[] = [];
    const removed = await committer.write(async () => {
      if (!mayRemove()) return 0;
      const oldest = await writer.db
        .selectFrom('audit')
        .select(['seq', 'hash', 'at'])
        .where('tenant', '=', tenantId)
        .orderBy('seq')
        .limit(stepSize)
        .execute();
      const kept = oldest.findIndex(({ at }) => at >= before);
      const count = kept < 0 ? oldest.length : kept;
      const last = oldest[count - 1];
      if (!last) return 0;
      const base = { tenantId, seq: last.seq, hash: last.hash, at: clock.now(), isAnchor: true };
      const anchor = { ...base, signature: signer.sign(base) };
      anchors.push(anchor);
      await insertCheckpoint(writer.db, anchor);
      await writer.db
        .deleteFrom('audit')
        .where('tenant', '=', tenantId)
        .where('seq', '<=', last.seq)
        .executeTakeFirst();
      return count;
    });
    outside.add(anchors);
    return removed;
  };

  return {
    append: (entry) => committer.write(() => deps.audit.append(entry)),

    async query({ limit, before, ...filter }) {
      const found: AuditRecord[] = [];
      for await (const step of newestFirst(reader.db, filter.tenantId, before)) {
        const rows = await entriesOf(step, filter)
          .selectAll()
          .orderBy('seq', 'desc')
          .limit(limit - found.length)
          .execute();
        found.push(...rows.map(toRecord));
        if (found.length >= limit || (await isBefore(step, filter))) break;
      }
      return found;
    },

    async stats(tenantId, since) {
      const filter = { tenantId, since };
      const counts = new Map<string, AuditStats['byType'][number]>();
      const all = { entries: 0, from: 0, to: 0 };
      for await (const step of newestFirst(reader.db, tenantId)) {
        const rows = await entriesOf(step, filter)
          .select(['type', 'outcome'])
          .select((eb) => [
            eb.fn.countAll<number>().as('count'),
            eb.fn.min<number>('seq').as('from'),
            eb.fn.max<number>('seq').as('to'),
          ])
          .groupBy(['type', 'outcome'])
          .execute();
        for (const { type, outcome, count, from, to } of rows) {
          const key = JSON.stringify([type, outcome]);
          counts.set(key, { type, outcome, count: count + (counts.get(key)?.count ?? 0) });
          all.entries += count;
          all.from = all.from === 0 ? from : Math.min(all.from, from);
          all.to = Math.max(all.to, to);
        }
        if (await isBefore(step, filter)) break;
      }
      return { ...all, byType: [...counts.values()].sort((a, b) => b.count - a.count) };
    },

    bundle: (tenantId, cursor) => readBundlePart(reader.db, signer, tenantId, cursor),

    tenants: async () =>
      (await reader.db.selectFrom('audit_heads').select('tenant').execute()).map(({ tenant }) => tenant),

    async verify(tenantId, signal) {
      const outsideBefore = outside.read(tenantId);
      // A connection of its own sees one state of the database to the end, while others go on writing.
      const snapshot = deps.openReader();
      try {
        snapshot.raw.exec('BEGIN');
        return await verifyAudit(snapshot.db, signer, tenantId, outsideBefore, signal);
      } finally {
        snapshot.close();
      }
    },

    async prune(tenantId, before, mayRemove) {
      let removed = 0;
      for (;;) {
        const count = await pruneStep(tenantId, before, mayRemove);
        removed += count;
        if (count < stepSize) return removed;
        await giveWay();
      }
    },
  };
};
