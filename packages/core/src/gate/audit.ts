import type { Json } from '@reeve/protocol';
import type { AuditLedger, AuditPart, AuditRecord, AuditStats, AuditVerdict } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Actor } from './actor.ts';

const hourMs = 60 * 60 * 1_000;
/** Entries of one piece of an export. */
const partSize = 10_000;

export interface AuditFilter {
  type?: string | undefined;
  outcome?: string | undefined;
  actor?: string | undefined;
  target?: string | undefined;
  sessionId?: string | undefined;
  correlationId?: string | undefined;
  hours?: number | undefined;
}

/** That everything is kept, since when, and on whose word. */
export interface AuditHold {
  at: number;
  by: string | null;
  reason: string;
}

export interface Audit {
  list(
    actor: Actor,
    filter: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<AuditRecord[]>;
  stats(actor: Actor, hours: number | undefined): Promise<AuditStats & { hold: AuditHold | null }>;
  /** Tells in the audit that it was looked at. */
  verify(actor: Actor, signal: AbortSignal): Promise<AuditVerdict>;
  /** A piece of a file. Tells in the audit that it was taken. */
  export(
    actor: Actor,
    filter: AuditFilter & { format: 'json' | 'csv' | 'bundle'; cursor?: string | undefined },
  ): Promise<AuditPart & { filename: string; mediaType: string }>;
  hold(actor: Actor, isHeld: boolean, reason: string): Promise<void>;
  /** Removes what is older than the retention says, in every tenant that is not held. How many entries. */
  prune(retentionDays: number): Promise<number>;
}

export const createAudit = ({ ledger, clock }: { ledger: AuditLedger; clock: Clock }): Audit => {
  const since = (hours: number | undefined) =>
    hours === undefined ? undefined : clock.now() - hours * hourMs;
  const tell = (actor: Actor, type: string, data: Record<string, Json>) =>
    ledger.append({
      tenantId: actor.tenantId,
      actor: actor.userId,
      type,
      outcome: 'ok',
      channel: actor.channel,
      data,
    });

  const list: Audit['list'] = ({ tenantId }, { hours, ...filter }) =>
    ledger.query({ tenantId, since: since(hours), ...filter });

  /** The last entry about a hold says whether there is one. */
  const readHold = async (tenantId: string): Promise<AuditHold | null> => {
    const [last] = await ledger.query({ tenantId, type: 'audit.hold', limit: 1 });
    if (last?.data?.isHeld !== true) return null;
    return { at: last.at, by: last.actor, reason: String(last.data.reason ?? '') };
  };
  /** Where there was never a hold, all of the audit has to be looked through for one: once. */
  /** Tenants that were held since the start. */
  const held = new Set<string>();
  const holds = new Map<string, Promise<AuditHold | null>>();
  const holdOf = (tenantId: string): Promise<AuditHold | null> => {
    const known = holds.get(tenantId);
    if (known) return known;
    const hold = readHold(tenantId);
    holds.set(tenantId, hold);
    hold.catch(() => holds.delete(tenantId));
    return hold;
  };

  return {
    list,
    async stats({ tenantId }, hours) {
      const stats = await ledger.stats(tenantId, since(hours) ?? 0);
      return { ...stats, hold: await holdOf(tenantId) };
    },

    async verify(actor, signal) {
      const verdict = await ledger.verify(actor.tenantId, signal);
      await tell(actor, 'audit.verified', { isIntact: verdict.isIntact, to: verdict.to });
      return verdict;
    },

    async export(actor, { format, cursor, ...filter }) {
      await tell(actor, 'audit.exported', { format, ...(cursor !== undefined && { cursor }) });
      const name = `audit-${actor.tenantId}`;
      if (format === 'bundle') {
        const part = await ledger.bundle(actor.tenantId, cursor);
        return { filename: `${name}.bundle.jsonl`, mediaType: 'application/jsonl', ...part };
      }
      const before = cursor === undefined ? undefined : Number(cursor);
      const entries = await list(actor, { ...filter, limit: partSize, before });
      const isFirst = cursor === undefined;
      const next = entries.length < partSize ? null : String(entries.at(-1)!.seq);
      return format === 'json'
        ? {
            filename: `${name}.json`,
            mediaType: 'application/json',
            content: jsonPart(entries, { isFirst, isLast: next === null }),
            next,
          }
        : { filename: `${name}.csv`, mediaType: 'text/csv', content: auditCsv(entries, isFirst), next };
    },

    async hold(actor, isHeld, reason) {
      // At once, for whoever removes at this moment: what is confirmed as held is there.
      if (isHeld) held.add(actor.tenantId);
      await tell(actor, 'audit.hold', { isHeld, reason });
      if (!isHeld) held.delete(actor.tenantId);
      holds.delete(actor.tenantId);
    },

    async prune(retentionDays) {
      const before = clock.now() - retentionDays * 24 * hourMs;
      let removed = 0;
      for (const tenantId of await ledger.tenants())
        if ((await holdOf(tenantId)) === null)
          removed += await ledger.prune(tenantId, before, () => !held.has(tenantId));
      return removed;
    },
  };
};

const columns = [
  'seq',
  'at',
  'type',
  'outcome',
  'actor',
  'target',
  'sessionId',
  'correlationId',
  'channel',
  'address',
  'durationMs',
  'data',
  'hash',
] as const;

/** RFC 4180. A cell that a spreadsheet would take for a formula is told from one by an apostrophe. */
const cell = (value: unknown): string => {
  const text =
    value === undefined || value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A piece of an array of entries; one entry a line. */
const jsonPart = (
  entries: readonly AuditRecord[],
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
): string => {
  const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
  return `${isFirst ? '[\n' : entries.length > 0 ? ',\n' : ''}${lines}${isLast ? '\n]\n' : ''}`;
};

/** Entries as CSV, with a head unless it is a later piece. */
export const auditCsv = (
  entries: readonly Partial<Record<(typeof columns)[number], unknown>>[],
  hasHead = true,
): string =>
  [
    ...(hasHead ? [columns.join(',')] : []),
    ...entries.map((entry) => columns.map((name) => cell(entry[name])).join(',')),
  ]
    .map((line) => `${line}\r\n`)
    .join('');
