import type { AuditCheckpoint, AuditProblemKind, AuditVerdict } from '@reeve/core';
import type { Selectable } from 'kysely';
import { genesis } from '../journal/hash.ts';
import type { Schema } from '../sqlite/schema.ts';
import { auditHash, type KeyCheck } from './chain.ts';
import { giveWay } from './steps.ts';

/** A signature takes 0.1 ms and more. */
const signatureStep = 50;
/** Problems that are told one by one; more of them say nothing new. */
const problemLimit = 100;

/** What speaks against a chain, found as its entries come by in order. */
export interface ChainCheck {
  /** The place that the first entry comes after: 0, or where what came before was removed in order. */
  start: number;
  add(row: Selectable<Schema['audit']>): void;
  report(kind: AuditProblemKind, seq: number, message: string): void;
  /** `head` is the signed end of the chain. */
  end(head: AuditCheckpoint | null): AuditVerdict;
}

/** Compares a chain with its own hashes, with signed checkpoints, and with its signed head. */
export const createChainCheck = async (
  key: KeyCheck,
  checkpoints: readonly AuditCheckpoint[],
  signal: AbortSignal,
): Promise<ChainCheck> => {
  const problems: AuditVerdict['problems'] = [];
  const report: ChainCheck['report'] = (kind, seq, message) => {
    if (problems.length < problemLimit) problems.push({ kind, seq, message });
  };
  const marks = new Map<number, AuditCheckpoint>();
  let anchor: AuditCheckpoint | undefined;
  for (const [index, checkpoint] of checkpoints.entries()) {
    if (index % signatureStep === 0) await giveWay(signal);
    if (key.isValid(checkpoint)) {
      marks.set(checkpoint.seq, checkpoint);
      // What was pruned in order left an anchor; the chain begins behind the last one.
      if (checkpoint.isAnchor && checkpoint.seq >= (anchor?.seq ?? 0)) anchor = checkpoint;
    } else report('bad-signature', checkpoint.seq, 'A checkpoint was not signed by this Reeve.');
  }
  const start = anchor?.seq ?? 0;
  let last = start;
  let hash = anchor?.hash ?? genesis;
  let entries = 0;
  let from = 0;
  return {
    start,
    report,

    add(row) {
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
    },

    end(head) {
      const newest = Math.max(0, ...marks.keys());
      if (newest > last) report('truncated', last + 1, `Entries up to ${newest} were signed and are gone.`);
      if (head === null) {
        if (entries > 0) report('forged-tail', last, 'The chain has no signed end.');
      } else if (!key.isValid(head))
        report('bad-signature', head.seq, 'The end of the chain was not signed by this Reeve.');
      else if (head.seq > last) report('truncated', last + 1, `The chain was signed up to ${head.seq}.`);
      else if (head.seq < last)
        report('forged-tail', head.seq + 1, 'Entries were added behind the signed end.');
      else if (head.hash !== hash) report('changed', last, 'The end of the chain is not what was signed.');
      return {
        isIntact: problems.length === 0,
        entries,
        from,
        to: last,
        checkpoints: marks.size,
        key: key.fingerprint,
        problems,
      };
    },
  };
};
