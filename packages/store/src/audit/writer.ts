import type { AuditCheckpoint, AuditEntry, Clock } from '@reeve/core';
import type { Insertable } from 'kysely';
import { genesis } from '../journal/hash.ts';
import type { Db } from '../sqlite/handle.ts';
import { prepared } from '../sqlite/prepared.ts';
import type { Schema } from '../sqlite/schema.ts';
import { auditHash, type Signer, toRow } from './chain.ts';
import { insertCheckpoint } from './checkpoints.ts';

/** A checkpoint is kept after this many entries, … */
const checkpointEntries = 1_000;
/** … or when the last one is this old and something was added since. */
const checkpointMs = 60 * 60 * 1_000;

interface Head {
  seq: number;
  hash: string;
  /** The last checkpoint. */
  checkpointSeq: number;
  checkpointAt: number;
}

export interface AuditWriter {
  /** Inside a write. */
  append(entry: AuditEntry): Promise<void>;
  /** Before a transaction ends: signs the heads that moved in it, once each. */
  seal(): Promise<void>;
  /** After a write or a transaction was taken back. */
  forget(): void;
  /** After a transaction is durable: checkpoints to be written where a change of the database does not reach. */
  takeCheckpoints(): AuditCheckpoint[];
}

/** The one place that adds to the chains. */
export const createAuditWriter = (db: Db, clock: Clock, signer: Signer): AuditWriter => {
  const heads = new Map<string, Head>();
  const moved = new Set<string>();
  let fresh: AuditCheckpoint[] = [];

  const headOf = async (tenant: string): Promise<Head> => {
    const known = heads.get(tenant);
    if (known) return known;
    const [last] = await selectLast(db, { tenant });
    const [anchor] = await selectLastCheckpoint(db, { tenant });
    // All of it may have been pruned: the chain goes on behind the anchor.
    const head: Head = {
      seq: last?.seq ?? anchor?.seq ?? 0,
      hash: last?.hash ?? anchor?.hash ?? genesis,
      checkpointSeq: anchor?.seq ?? 0,
      checkpointAt: anchor?.at ?? clock.now(),
    };
    heads.set(tenant, head);
    return head;
  };

  return {
    async append(entry) {
      const head = await headOf(entry.tenantId);
      const row = toRow(entry, head.seq + 1, clock.now());
      const hash = auditHash(head.hash, row);
      await insertEntry(db, { ...row, hash });
      head.seq = row.seq;
      head.hash = hash;
      moved.add(entry.tenantId);
    },

    async seal() {
      for (const tenant of moved) {
        const head = await headOf(tenant);
        const at = clock.now();
        const base = { tenantId: tenant, seq: head.seq, hash: head.hash, at, isAnchor: false };
        const signed = { ...base, signature: signer.sign(base) };
        await upsertHead(db, { tenant, ...signed });
        if (head.seq - head.checkpointSeq >= checkpointEntries || at - head.checkpointAt >= checkpointMs) {
          await insertCheckpoint(db, signed);
          head.checkpointSeq = head.seq;
          head.checkpointAt = at;
          fresh.push(signed);
        }
      }
      moved.clear();
    },

    forget() {
      heads.clear();
      fresh = [];
    },

    takeCheckpoints() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
};

const selectLast = prepared<{ tenant: string }, { seq: number; hash: string }>((db, p) =>
  db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('tenant', '=', p.tenant)
    .orderBy('seq', 'desc')
    .limit(1),
);

const selectLastCheckpoint = prepared<{ tenant: string }, { seq: number; hash: string; at: number }>(
  (db, p) =>
    db
      .selectFrom('audit_checkpoints')
      .select(['seq', 'hash', 'at'])
      .where('tenant', '=', p.tenant)
      .orderBy('seq', 'desc')
      .limit(1),
);

const insertEntry = prepared<Insertable<Schema['audit']>>((db, p) =>
  db.insertInto('audit').values({
    tenant: p.tenant,
    seq: p.seq,
    at: p.at,
    type: p.type,
    outcome: p.outcome,
    actor: p.actor,
    target: p.target,
    session_id: p.session_id,
    correlation_id: p.correlation_id,
    entry_json: p.entry_json,
    hash: p.hash,
  }),
);

const upsertHead = prepared<Insertable<Schema['audit_heads']>>((db, p) =>
  db
    .insertInto('audit_heads')
    .values({ tenant: p.tenant, seq: p.seq, hash: p.hash, at: p.at, signature: p.signature })
    .onConflict((conflict) =>
      conflict.column('tenant').doUpdateSet({ seq: p.seq, hash: p.hash, at: p.at, signature: p.signature }),
    ),
);
