import { open, rename, rm } from 'node:fs/promises';
import { exportAudit, type ReeveClient } from '@reeve/client';
import { auditCsv } from '@reeve/core';
import { type AuditRow, FaultError, isFaultError } from '@reeve/protocol';
import type { CliContext, CommandRun } from '../context.ts';
import { plural, showTime, table } from '../terminal.ts';
import { findPerson } from './user.ts';

/** The filters of F215. */
interface Filter {
  session?: string;
  correlation?: string;
  tool?: string;
  actor?: string;
  hours?: number;
  type?: string;
  decision?: string;
  limit?: number;
}

/** The id of a person; what is no person (or may not be looked up) stands as it is. */
const actorOf = async (context: CliContext, who: string): Promise<string> => {
  try {
    return (await findPerson(context, who)).id;
  } catch (error) {
    const code = isFaultError(error) ? error.fault.code : null;
    // Entries outlive their people: an id of somebody who is gone still finds them.
    if (code === 'PERMISSION_DENIED' || (code === 'USER_NOT_FOUND' && /^(?:usr_|scim:)\w+$/.test(who)))
      return who;
    throw error;
  }
};

type Format = 'table' | 'json' | 'csv';
type Verdict = Awaited<ReturnType<ReeveClient['audit']['verify']>>;

const page = 1_000;

/** The word that a decision begins with: `allow: household.cedar …` is an allow. */
const decisionOf = ({ data }: AuditRow): string =>
  typeof data?.decision === 'string' ? data.decision.split(/[: ]/, 1)[0]! : '';

/**
 * Entries that `isWanted` lets through, the newest first. The gateway knows the filters that it has an index for; the
 * rest is left out here, page by page, until there are enough.
 */
const collect = async (
  context: CliContext,
  { session, correlation, tool, actor, hours, type, decision, limit = 100 }: Filter,
  isWanted: (entry: AuditRow) => boolean = () => true,
): Promise<AuditRow[]> => {
  const client = await context.client();
  const filter = {
    ...(type && { type }),
    ...(tool && { target: tool }),
    ...(actor && { actor: await actorOf(context, actor) }),
    ...(session && { sessionId: session }),
    ...(correlation && { correlationId: correlation }),
    ...(hours !== undefined && { hours }),
  };
  const entries: AuditRow[] = [];
  for (let before: number | undefined; entries.length < limit; ) {
    const { entries: next } = await client.audit.list(
      { ...filter, limit: page, ...(before !== undefined && { before }) },
      { signal: context.io.signal },
    );
    const fits = (entry: AuditRow) =>
      isWanted(entry) && (!decision || entry.outcome === decision || decisionOf(entry) === decision);
    entries.push(...next.filter(fits));
    if (next.length < page) break;
    before = next.at(-1)!.seq;
  }
  return entries.slice(0, limit);
};

const write = (
  context: CliContext,
  entries: AuditRow[],
  format: Format,
  head: string[],
  row: (entry: AuditRow) => string[],
): void => {
  if (context.isJson || format === 'json') context.out.json({ entries });
  else if (format === 'csv') writeFileText(context, auditCsv(entries));
  else context.out.line(entries.length === 0 ? 'Nothing.' : table(head, entries.map(row)));
};

/** A file or a pipe gets the bytes as they are. */
const writeFileText = ({ io, out }: CliContext, text: string): void => {
  if (out.isTty) out.write(text);
  else io.stdout.write(text);
};

const orDash = (value: string | number | null | undefined): string => String(value ?? '-');

export const events: CommandRun<[Filter & { format: Format }]> = async (context, { format, ...filter }) =>
  void write(
    context,
    await collect(context, filter),
    format,
    ['SEQ', 'WHEN', 'TYPE', 'OUTCOME', 'WHO', 'ABOUT', 'SESSION'],
    ({ seq, at, type, outcome, actor, target, sessionId }) => [
      String(seq),
      showTime(at),
      type,
      orDash(outcome),
      orDash(actor),
      orDash(target),
      orDash(sessionId),
    ],
  );

export const tools: CommandRun<[Filter & { format: Format }]> = async (context, { format, ...filter }) =>
  void write(
    context,
    await collect(context, { ...filter, type: 'tool' }),
    format,
    ['SEQ', 'WHEN', 'TOOL', 'OUTCOME', 'WHO', 'MS', 'DECISION', 'ARGUMENTS'],
    ({ seq, at, target, outcome, actor, durationMs, data }) => [
      String(seq),
      showTime(at),
      orDash(target),
      orDash(outcome),
      orDash(actor),
      orDash(durationMs),
      String(data?.decision ?? '-'),
      String(data?.args ?? '-'),
    ],
  );

/** Calls that went through and models that answered are work; the rest is who was let do what. */
const isSecurity = ({ type, outcome }: AuditRow): boolean =>
  type !== 'model.called' && !(type === 'tool.called' && outcome !== 'denied');

export const security: CommandRun<[Filter & { format: Format }]> = async (context, { format, ...filter }) =>
  void write(
    context,
    await collect(context, filter, isSecurity),
    format,
    ['SEQ', 'WHEN', 'TYPE', 'DECISION', 'WHO', 'ABOUT', 'CHANNEL', 'ADDRESS'],
    (entry) => [
      String(entry.seq),
      showTime(entry.at),
      entry.type,
      decisionOf(entry) || orDash(entry.outcome),
      orDash(entry.actor),
      orDash(entry.target),
      orDash(entry.channel),
      orDash(entry.address),
    ],
  );

export const stats: CommandRun<[{ hours?: number }]> = async (context, { hours }) => {
  const client = await context.client();
  const result = await client.audit.stats(hours === undefined ? {} : { hours }, {
    signal: context.io.signal,
  });
  context.print(result, () =>
    [
      `${plural(result.entries, 'entry')}${result.entries === 0 ? '' : `, ${result.from} to ${result.to}`}.`,
      ...(result.hold
        ? [
            `Everything is kept since ${showTime(result.hold.at)}, by ${result.hold.by ?? 'nobody known'}${result.hold.reason === '' ? '' : `: ${result.hold.reason}`}.`,
          ]
        : []),
      table(
        ['TYPE', 'OUTCOME', 'COUNT'],
        result.byType.map(({ type, outcome, count }) => [type, outcome || '-', String(count)]),
      ),
    ].join('\n'),
  );
};

const verdictLine = (verdict: Verdict, key: string): string =>
  verdict.isIntact
    ? `Intact: ${verdict.entries} entries, ${verdict.from} to ${verdict.to}, signed at the end and at ${plural(verdict.checkpoints, 'place')} before.\n${key}`
    : [
        'NOT intact:',
        ...verdict.problems.map(({ kind, seq, message }) => `  ${kind} at ${seq}: ${message}`),
        key,
      ].join('\n');

/** Without the gateway: a bundle speaks for itself, once its key is known. */
const verifyFile = async (context: CliContext, file: string): Promise<Verdict> => {
  const lines = await openLines(file);
  const { verifyBundle } = await import('@reeve/store');
  return verifyBundle(lines, context.io.signal);
};

const otherKey = {
  kind: 'other-key',
  seq: 0,
  message: 'It was signed with another key than the one expected.',
};

const openLines = async (file: string): Promise<AsyncIterable<string>> => {
  const unreadable = new FaultError('NOT_FOUND', `${file} cannot be read.`);
  const handle = await open(file).catch(() => Promise.reject(unreadable));
  if ((await handle.stat()).isFile()) return handle.readLines();
  await handle.close();
  throw unreadable;
};

/**
 * Exit code 1 when anything was changed. The key ends its line, with nothing behind it: it is pasted after --key
 * elsewhere.
 */
export const verify: CommandRun<[string | undefined, { key?: string }]> = async (context, file, { key }) => {
  const found: Verdict =
    file === undefined
      ? await (await context.client()).audit.verify(undefined, { signal: context.io.signal })
      : await verifyFile(context, file);
  const verdict =
    key === undefined || key === found.key
      ? found
      : { ...found, isIntact: false, problems: [...found.problems, otherKey] };
  const hint =
    file === undefined || key !== undefined
      ? `Key ${verdict.key}`
      : `Compare it with what \`reeve audit verify\` says where the bundle comes from.\nKey ${verdict.key}`;
  context.print(verdict, () => verdictLine(verdict, hint));
  return verdict.isIntact ? 0 : 1;
};

export const exportAll: CommandRun<
  [Filter & { format: 'json' | 'csv' | 'bundle'; output?: string }]
> = async (context, { session, correlation, tool, decision, output, limit: _limit, actor, ...filter }) => {
  const client = await context.client();
  const parts = exportAudit(
    client,
    {
      ...filter,
      ...(actor && { actor: await actorOf(context, actor) }),
      ...(session && { sessionId: session }),
      ...(correlation && { correlationId: correlation }),
      ...(tool && { target: tool }),
      ...(decision && { outcome: decision }),
    },
    { signal: context.io.signal },
  );
  if (!output) {
    for await (const { content } of parts) writeFileText(context, content);
    return;
  }
  // A file of that name is whole, or the one from before.
  const unfinished = `${output}.part`;
  const file = await open(unfinished, 'w', 0o600);
  let mediaType = '';
  try {
    for await (const part of parts) {
      await file.write(part.content);
      mediaType = part.mediaType;
    }
    await file.close();
    await rename(unfinished, output);
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
  context.print({ file: output, mediaType }, () => `Written to ${output}.`);
};

export const hold: CommandRun<[string, { reason?: string }]> = async (context, state, { reason = '' }) => {
  if (state !== 'on' && state !== 'off')
    throw new FaultError('INVALID_PARAMS', 'Say on or off.', { next: 'Write `reeve audit hold on`.' });
  const client = await context.client();
  const result = await client.audit.hold({ isHeld: state === 'on', reason }, { signal: context.io.signal });
  context.print(result, () =>
    result.isHeld ? 'Nothing is removed until the hold is lifted.' : 'The retention counts again.',
  );
};
