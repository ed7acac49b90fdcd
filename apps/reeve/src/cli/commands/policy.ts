import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  FaultError,
  type Json,
  type Policy,
  type PolicyAnswer,
  policyNameSchema,
  policyTierSchema,
} from '@reeve/protocol';
import { z } from 'zod';
import type { CliContext, CommandRun } from '../context.ts';
import { diffLines } from '../line-diff.ts';
import { readDataFile, readGivenFile } from '../read-data-file.ts';
import { plural, showTime, table } from '../terminal.ts';
import { findPerson } from './user.ts';

type WrittenTier = 'admin' | 'tenant' | 'user';
interface Where {
  tier?: WrittenTier;
  name?: string;
  user?: string;
  note?: string;
}

const refOf = ({ tier, name }: Pick<Policy, 'tier' | 'name'>): string => `${tier}/${name}`;

const all = async (context: CliContext): Promise<Policy[]> => {
  const client = await context.client();
  return (await client.policies.list(undefined, { signal: context.io.signal })).policies;
};

const unknown = (ref: string) =>
  new FaultError('NOT_FOUND', `There is no policy ${ref}.`, { next: 'See `reeve policy list`.' });

/** A policy by `tier/name`, or by its name alone where only one has it. Throws FaultError NOT_FOUND, INVALID_PARAMS. */
const find = async (context: CliContext, ref: string): Promise<Policy> => {
  const policies = await all(context);
  const found = policies.filter((policy) => refOf(policy) === ref || policy.name === ref);
  if (found.length > 1)
    throw new FaultError('INVALID_PARAMS', `${ref} is the name of several policies.`, {
      next: `Name one of ${found.map(refOf).join(', ')}.`,
    });
  if (!found[0]) throw unknown(ref);
  return found[0];
};

/** Every version of a policy that people write, the newest first. */
const versionsOf = async (context: CliContext, ref: string): Promise<Policy[]> => {
  const [tierText = '', name = ''] = ref.includes('/') ? ref.split('/', 2) : [];
  const tier = policyTierSchema.safeParse(tierText);
  const known = tier.success && tier.data !== 'built-in' ? null : await find(context, ref);
  if (known?.version === 0) return [known];
  const key = known ?? { tier: tier.data as WrittenTier, name, userId: null };
  const client = await context.client();
  const { versions } = await client.policies.history(
    { tier: key.tier as WrittenTier, name: key.name, ...(key.userId !== null && { userId: key.userId }) },
    { signal: context.io.signal },
  );
  if (versions.length === 0) throw unknown(ref);
  return versions;
};

export const list: CommandRun<[]> = async (context) => {
  const policies = await all(context);
  context.print({ policies }, () =>
    table(
      ['POLICY', 'FOR', 'VERSION', 'BY', 'WHEN', 'NOTE'],
      policies.map((policy) => [
        refOf(policy),
        policy.userId ?? policy.tenantId ?? 'everybody',
        policy.version === 0 ? '-' : String(policy.version),
        policy.by,
        policy.at === 0 ? '-' : showTime(policy.at),
        policy.note,
      ]),
    ),
  );
};

export const show: CommandRun<[string]> = async (context, ref) => {
  const policy = await find(context, ref);
  context.print(policy, () => (policy.text ?? '').trimEnd());
};

export const history: CommandRun<[string]> = async (context, ref) => {
  const versions = await versionsOf(context, ref);
  context.print({ versions }, () =>
    table(
      ['VERSION', 'WHEN', 'BY', 'STATE', 'NOTE'],
      versions.map(({ version, at, by, text, note }) => [
        String(version),
        at === 0 ? '-' : showTime(at),
        by,
        text === null ? 'removed' : `${plural(text.split('\n').length, 'line')}`,
        note,
      ]),
    ),
  );
};

/** The text behind `tier/name`, `tier/name@VERSION` or `file:PATH`. */
const textOf = async (context: CliContext, ref: string): Promise<string> => {
  if (ref.startsWith('file:')) return readGivenFile(ref.slice(5));
  const [name = '', version] = ref.split('@', 2);
  if (version === undefined) return (await find(context, name)).text ?? '';
  const found = (await versionsOf(context, name)).find((one) => String(one.version) === version);
  if (!found) throw unknown(ref);
  return found.text ?? '';
};

export const diff: CommandRun<[string, string]> = async (context, before, after) => {
  const lines = diffLines(await textOf(context, before), await textOf(context, after));
  const changed = lines.filter(({ sign }) => sign !== ' ').length;
  if (context.isJson) context.out.json({ changed, lines });
  else if (changed === 0) context.out.line('No difference.');
  else
    for (const { sign, text } of lines) {
      const style = sign === '+' ? 'green' : sign === '-' ? 'red' : 'dim';
      context.out.writeStyled(context.out.style(style, `${sign} ${text}`), '\n');
    }
  return changed === 0 ? 0 : 1;
};

const changeOf = async (context: CliContext, file: string, { tier = 'admin', name, user, note }: Where) => ({
  tier,
  name: name ?? basename(file).replace(/\.cedar$/, ''),
  text: readGivenFile(file),
  ...(user && { userId: (await findPerson(context, user)).id }),
  ...(note && { note }),
});

export const problemLine = ({ isError, message }: { isError: boolean; message: string }): string =>
  `${isError ? 'error' : 'warning'}: ${message}`;

export const save: CommandRun<[string, Where]> = async (context, file, where) => {
  const change = await changeOf(context, file, where);
  const client = await context.client();
  const { signal } = context.io;
  const policy = await client.policies.save(change, { signal });
  const { problems } = await client.policies.check(change, { signal });
  context.print(policy, () =>
    [`${refOf(policy)} holds, version ${policy.version}.`, ...problems.map(problemLine)].join('\n'),
  );
};

export const check: CommandRun<[string, Where]> = async (context, file, where) => {
  const change = await changeOf(context, file, where);
  const client = await context.client();
  const { problems } = await client.policies.check(change, { signal: context.io.signal });
  context.print({ problems }, () =>
    problems.length === 0 ? 'It could be saved.' : problems.map(problemLine).join('\n'),
  );
  return problems.some(({ isError }) => isError) ? 1 : 0;
};

export const rm: CommandRun<[string]> = async (context, ref) => {
  const { tier, name, userId, version } = await find(context, ref);
  if (tier === 'built-in' || version === 0)
    throw new FaultError('INVALID_PARAMS', 'What comes with Reeve cannot be removed.', {
      next: 'Write a policy that forbids, or choose another set with `reeve config set policy.profile`.',
    });
  const client = await context.client();
  const result = await client.policies.remove(
    { params: { tier, name }, query: userId === null ? {} : { userId } },
    { signal: context.io.signal },
  );
  context.print(result, () => `Removed ${tier}/${name}; its versions stay.`);
};

const exportSchema = z.object({
  format: z.literal('reeve-policies-1'),
  policies: z.array(
    z.object({
      tier: policyTierSchema.exclude(['built-in']),
      name: policyNameSchema,
      userId: z.string().optional(),
      text: z.string().min(1),
      note: z.string().optional(),
    }),
  ),
});

export const exportAll: CommandRun<[{ output?: string }]> = async (context, { output }) => {
  const policies = (await all(context)).flatMap(({ tier, name, userId, text, note, version }) =>
    tier === 'built-in' || version === 0 || text === null
      ? []
      : [{ tier, name, ...(userId !== null && { userId }), text, note }],
  );
  const whole = `${JSON.stringify({ format: 'reeve-policies-1', policies }, null, 2)}\n`;
  if (!output) context.out.write(whole);
  else {
    writeFileSync(output, whole, { mode: 0o600 });
    context.print(
      { file: output, count: policies.length },
      () => `${plural(policies.length, 'policy')} in ${output}.`,
    );
  }
};

/** All or none: nothing is saved when one of them could not be. */
export const importAll: CommandRun<[string]> = async (context, file) => {
  const parsed = exportSchema.safeParse(await readDataFile(file));
  if (!parsed.success)
    throw new FaultError('SERIALIZATION_ERROR', `${file}: ${z.prettifyError(parsed.error)}`, {
      next: 'Give a file that `reeve policy export` wrote.',
    });
  const client = await context.client();
  const { signal } = context.io;
  const { policies } = parsed.data;
  for (const policy of policies) {
    const { problems } = await client.policies.check(policy, { signal });
    const error = problems.find(({ isError }) => isError);
    if (error)
      throw new FaultError('INVALID_PARAMS', `${refOf(policy)}: ${error.message}`, {
        next: 'Nothing was saved.',
      });
  }
  for (const policy of policies) await client.policies.save(policy, { signal });
  context.print(
    { imported: policies.map(refOf) },
    () => `Saved ${policies.map(refOf).join(', ') || 'nothing'}.`,
  );
};

interface Question {
  args?: string;
  user?: string;
  channel?: string;
  unattended?: boolean;
}

/** JSON from the command line. Throws FaultError INVALID_PARAMS. */
const argsOf = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FaultError('INVALID_PARAMS', '--args is no JSON.', {
      next: `Write --args '{"path":"a.txt"}'.`,
    });
  }
};

const outcomes = { allow: 'is made without asking', ask: 'is asked about first', deny: 'is refused' };

const describe = (tool: string, { outcome, risk, rules, ...answer }: PolicyAnswer): string => {
  const decisive = outcome === 'deny' ? answer.call : answer.unattended;
  return [
    `${tool} ${outcomes[outcome]} (risk ${risk}${rules.length > 0 ? `: ${rules.join('; ')}` : ''}).`,
    ...decisive.policies.map((policy) => `  decided by ${policy}`),
    ...decisive.reasons.map(({ effect, policy, description }) => `  ${effect} ${policy}: ${description}`),
    ...decisive.wouldChange.map(
      ({ what, from, to, isAllowed }) =>
        `  ${isAllowed ? 'allowed' : 'refused'} with ${what} ${JSON.stringify(to)} instead of ${JSON.stringify(from)}`,
    ),
  ].join('\n');
};

export const explain: CommandRun<[string, Question]> = async (
  context,
  tool,
  { args = '{}', user, channel, unattended = false },
) => {
  const client = await context.client();
  const answer = await client.policies.explain(
    {
      tool,
      args: argsOf(args),
      isAttended: !unattended,
      ...(user && { user: (await findPerson(context, user)).id }),
      ...(channel && { channel }),
    },
    { signal: context.io.signal },
  );
  context.print(answer, () => describe(tool, answer));
};
