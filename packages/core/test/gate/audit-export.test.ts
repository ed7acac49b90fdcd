import { expect, test } from 'vitest';
import { createAudit } from '../../src/gate/audit.ts';
import type { AuditEntry, AuditLedger, AuditRecord, Clock } from '../../src/index.ts';

const actor = { tenantId: 'home', userId: 'owner', role: 'admin', channel: 'api' };

const clock: Clock = { now: () => 0, at: () => () => {} };

/** A ledger of so many entries, and what was told to it since. */
const ledgerOf = (count: number) => {
  const told: AuditEntry[] = [];
  const records = Array.from(
    { length: count },
    (_, n): AuditRecord => ({ tenantId: 'home', actor: 'owner', type: 'x', seq: n + 1, at: n, hash: '' }),
  );
  const ledger = {
    append: async (entry: AuditEntry) => void told.push(entry),
    query: async ({ before = Number.POSITIVE_INFINITY, limit }: { before?: number; limit: number }) =>
      records
        .toReversed()
        .filter(({ seq }) => seq < before)
        .slice(0, limit),
  } as unknown as AuditLedger;
  return { audit: createAudit({ ledger, clock }), told };
};

/** The pieces of an export put together, and how many there were. */
const exported = async (count: number, format: 'json' | 'csv') => {
  const { audit, told } = ledgerOf(count);
  let text = '';
  let cursor: string | undefined;
  do {
    const part = await audit.export(actor, { format, cursor });
    text += part.content;
    cursor = part.next ?? undefined;
  } while (cursor !== undefined);
  return { text, told };
};

test.each([
  [0, 1],
  [1, 1],
  [9_999, 1],
  // The last piece is full: another, empty one ends the file.
  [10_000, 2],
  [10_001, 2],
  [25_000, 3],
])(
  'F215 %i entries are one file in %i pieces, and each piece is told in the audit',
  async (count, pieces) => {
    const json = await exported(count, 'json');
    const entries = JSON.parse(json.text) as AuditRecord[];
    expect(entries.length).toBe(count);
    expect(entries.every(({ seq }, index) => seq === count - index)).toBe(true);
    expect(json.told.map(({ type }) => type)).toEqual(Array.from({ length: pieces }, () => 'audit.exported'));
    const lines = (await exported(count, 'csv')).text.trimEnd().split('\r\n');
    expect(lines.length).toBe(count + 1);
    expect(lines.filter((line) => line.startsWith('seq,')).length).toBe(1);
  },
);
