import type { AuditCheckpoint, AuditVerdict } from '@reeve/core';
import type { Db } from '../sqlite/handle.ts';
import type { KeyCheck } from './chain.ts';
import { createChainCheck } from './chain-check.ts';
import { readCheckpoints, readHead } from './checkpoints.ts';
import { giveWay, stepSize } from './steps.ts';

/**
 * Goes through a tenant's chain once, in steps, and compares it with its own hashes, with the checkpoints kept in
 * the database, with those kept outside of it, and with its signed head.
 */
export const verifyAudit = async (
  /** Shows one state of the database to the end. */
  db: Db,
  key: KeyCheck,
  tenant: string,
  outside: readonly AuditCheckpoint[],
  signal: AbortSignal,
): Promise<AuditVerdict> => {
  const kept = await readCheckpoints(db, tenant);
  const check = await createChainCheck(key, [...outside, ...kept], signal);
  for (let cursor = check.start; ; ) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('seq', '>', cursor)
      .orderBy('seq')
      .limit(stepSize)
      .execute();
    for (const row of rows) check.add(row);
    if (rows.length < stepSize) break;
    cursor = rows.at(-1)!.seq;
    await giveWay(signal);
  }
  return check.end(await readHead(db, tenant));
};
