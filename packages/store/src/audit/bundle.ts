import { type AuditPart, type AuditVerdict, auditBundleFormat } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { z } from 'zod';
import { genesis } from '../journal/hash.ts';
import type { Db } from '../sqlite/handle.ts';
import { createKeyCheck, hashOf, type KeyCheck, type Signer, sealedText, toSealedRow } from './chain.ts';
import { type ChainCheck, createChainCheck } from './chain-check.ts';
import { readCheckpoints, readHead } from './checkpoints.ts';
import { giveWay, stepSize } from './steps.ts';

const checkpointSchema = z.object({
  tenantId: z.string(),
  seq: z.number().int(),
  hash: z.string(),
  at: z.number(),
  isAnchor: z.boolean(),
  signature: z.string(),
});

/** The first line of a bundle. Each line after it is an entry, as the text that was hashed. */
const headSchema = z.object({
  format: z.literal(auditBundleFormat),
  tenantId: z.string(),
  /** SPKI PEM. */
  publicKey: z.string(),
  /** The signed end of the chain that the bundle holds. */
  head: checkpointSchema.nullable(),
  checkpoints: z.array(checkpointSchema),
});
type Head = z.infer<typeof headSchema>;

/**
 * A piece of a bundle; `cursor` is the `next` of the piece before. The hash of a line stands at the start of the next
 * one, that of the last line in the signed head.
 */
export const readBundlePart = async (
  db: Db,
  signer: Signer,
  tenantId: string,
  cursor: string | undefined,
): Promise<AuditPart> => {
  await giveWay();
  let content = '';
  let [after, to] = cursor === undefined ? [0, 0] : (cursor.split('-').map(Number) as [number, number]);
  if (cursor === undefined) {
    const head = await readHead(db, tenantId);
    to = head?.seq ?? 0;
    const checkpoints = (await readCheckpoints(db, tenantId)).filter(({ seq }) => seq <= to);
    const first: Head = {
      format: auditBundleFormat,
      tenantId,
      publicKey: signer.publicKey,
      head,
      checkpoints,
    };
    content = `${JSON.stringify(first)}\n`;
  }
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('tenant', '=', tenantId)
    .where('seq', '>', after)
    .where('seq', '<=', to)
    .orderBy('seq')
    .limit(stepSize)
    .execute();
  let previous = rows[0] ? await hashBefore(db, tenantId, rows[0].seq) : '';
  for (const row of rows) {
    content += `${sealedText(previous, row)}\n`;
    previous = row.hash;
    after = row.seq;
  }
  return { content, next: rows.length < stepSize || after === to ? null : `${after}-${to}` };
};

const hashBefore = async (db: Db, tenantId: string, seq: number): Promise<string> => {
  const before = await db
    .selectFrom('audit')
    .select('hash')
    .where('tenant', '=', tenantId)
    .where('seq', '=', seq - 1)
    .executeTakeFirst();
  if (before) return before.hash;
  const anchor = (await readCheckpoints(db, tenantId)).find((one) => one.isAnchor && one.seq === seq - 1);
  return anchor?.hash ?? genesis;
};

/**
 * Verifies a bundle with the key that it names: whether that is the key of the Reeve it is said to come from is for
 * whoever compares the fingerprints. Throws FaultError SERIALIZATION_ERROR for what is no bundle.
 */
export const verifyBundle = async (
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<AuditVerdict & { tenantId: string }> => {
  let bundle: (Head & { check: ChainCheck }) | undefined;
  let count = 0;
  for await (const line of lines) {
    if (!bundle) {
      const { head, key } = parseHead(line);
      bundle = { ...head, check: await createChainCheck(key, head.checkpoints, signal) };
      continue;
    }
    if (++count % stepSize === 0) await giveWay(signal);
    const row = toSealedRow(line);
    if (row) bundle.check.add({ ...row, hash: hashOf(line) });
    else bundle.check.report('changed', bundle.check.start + count, 'The line is no entry.');
  }
  if (!bundle) throw noBundle();
  return { ...bundle.check.end(bundle.head), tenantId: bundle.tenantId };
};

const noBundle = (cause?: unknown) =>
  new FaultError('SERIALIZATION_ERROR', 'This is no bundle of an audit.', {
    next: 'Give a file that `reeve audit export --format bundle` wrote.',
    cause,
  });

const parseHead = (line: string): { head: Head; key: KeyCheck } => {
  try {
    const head = headSchema.parse(JSON.parse(line));
    return { head, key: createKeyCheck(head.publicKey) };
  } catch (error) {
    throw noBundle(error);
  }
};
