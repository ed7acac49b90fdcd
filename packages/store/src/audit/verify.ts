import type { AuditCheckpoint, AuditProblemKind, AuditVerdict } from '@reeve/core';
import { genesis } from '../journal/hash.ts';
import type { Db } from '../sqlite/handle.ts';
import { auditHash, type Signer } from './chain.ts';
import { readCheckpoints } from './checkpoints.ts';
import { giveWay, stepSize } from './steps.ts';

/** A signature takes 0.1 ms and more. */
const signatureStep = 50;
/** Problems that are told one by one; more of them say nothing new. */
const problemLimit = 100;

/**
 * Goes through a tenant's chain once, in pages, and compares it with its own hashes, with the checkpoints kept in
 * the database, with those kept outside of it, and with its signed head.
 */
export const verifyAudit = async (
  /** Shows one state of the database to the end. */
  db: Db,
  signer: Signer,
  tenant: string,
  outside: readonly AuditCheckpoint[],
  signal: AbortSignal,
): Promise<AuditVerdict> => {
  const problems: AuditVerdict['problems'] = [];
  const report = (kind: AuditProblemKind, seq: number, message: string) => {
    if (problems.length < problemLimit) problems.push({ kind, seq, message });
  };
  const kept = await readCheckpoints(db, tenant);
  const marks = new Map<number, AuditCheckpoint>();
  let anchor: AuditCheckpoint | undefined;
  let checked = 0;
  for (const checkpoint of [...outside, ...kept]) {
    if (++checked % signatureStep === 0) await giveWay(signal);
    if (signer.isValid(checkpoint)) {
      marks.set(checkpoint.seq, checkpoint);
      // What was pruned in order left an anchor; the chain begins behind the last one.
      if (checkpoint.isAnchor && checkpoint.seq >= (anchor?.seq ?? 0)) anchor = checkpoint;
    } else report('bad-signature', checkpoint.seq, 'A checkpoint was not signed by this Reeve.');
  }
  let last = anchor?.seq ?? 0;
  let hash = anchor?.hash ?? genesis;
  let entries = 0;
  let from = 0;
  let cursor = last;
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('seq', '>', cursor)
      .orderBy('seq')
      .limit(stepSize)
      .execute();
    for (const row of rows) {
      entries += 1;
      from ||= row.seq;
      if (row.seq !== last + 1)
        report('missing', last + 1, `Entries ${last + 1} to ${row.seq - 1} are missing.`);
      else if (row.hash !== auditHash(hash, row))
        report('changed', row.seq, 'The entry is not what was written.');
      const mark = marks.get(row.seq);
      if (mark && mark.hash !== row.hash)
        report('bad-checkpoint', row.seq, 'The chain differs from what was signed at this place.');
      last = row.seq;
      hash = row.hash;
      cursor = row.seq;
    }
    if (rows.length < stepSize) break;
    await giveWay(signal);
  }
  const newest = Math.max(0, ...marks.keys());
  if (newest > last) report('truncated', last + 1, `Entries up to ${newest} were signed and are gone.`);
  const head = await db.selectFrom('audit_heads').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  if (!head) {
    if (entries > 0) report('forged-tail', last, 'The chain has no signed end.');
  } else if (
    !signer.isValid({
      tenantId: tenant,
      seq: head.seq,
      hash: head.hash,
      at: head.at,
      isAnchor: false,
      signature: head.signature,
    })
  )
    report('bad-signature', head.seq, 'The end of the chain was not signed by this Reeve.');
  else if (head.seq > last) report('truncated', last + 1, `The chain was signed up to ${head.seq}.`);
  else if (head.seq < last) report('forged-tail', head.seq + 1, 'Entries were added behind the signed end.');
  else if (head.hash !== hash) report('changed', last, 'The end of the chain is not what was signed.');
  return { isIntact: problems.length === 0, entries, from, to: last, checkpoints: marks.size, problems };
};
