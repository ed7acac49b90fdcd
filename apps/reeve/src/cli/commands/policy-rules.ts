import { FaultError, type PolicyException, type PolicyRuleInput } from '@reeve/protocol';
import type { CliContext, CommandRun } from '../context.ts';
import { problemLine } from './policy.ts';
import { findPerson } from './user.ts';

interface Whom {
  user?: string;
  role?: string;
}

const whomOf = async (context: CliContext, { user, role }: Whom) => ({
  ...(user && { user: (await findPerson(context, user)).id }),
  ...(role && { role }),
});

/** Writes the policy that a rule means, or takes it back. */
const write = async (context: CliContext, rule: PolicyRuleInput, isRemoved: boolean): Promise<void> => {
  const client = await context.client();
  const result = await client.policies.rule({ rule, isRemoved }, { signal: context.io.signal });
  const { policy, problems } = result;
  context.print(result, () =>
    policy === null
      ? 'The rule is taken back.'
      : [
          `${policy.tier}/${policy.name} holds, version ${policy.version}:`,
          policy.text?.trimEnd(),
          ...problems.map(problemLine),
        ].join('\n'),
  );
};

type RuleVerb = 'allow' | 'deny' | 'reset' | 'only' | 'any';

/** The one name that a rule about one is about. Throws FaultError INVALID_PARAMS. */
const oneOf = (names: readonly string[], verb: RuleVerb): string => {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0)
    throw new FaultError('INVALID_PARAMS', `With ${verb}, name one.`, {
      next: 'Several are named with `only`; `any` takes that back.',
    });
  return name;
};

export const tool: CommandRun<
  [RuleVerb, string[], Whom & { channel?: string; unattended?: boolean }]
> = async (context, verb, names, { channel, unattended = false, ...given }) => {
  const scope = { ...(await whomOf(context, given)), ...(channel && { channel }) };
  const rule: PolicyRuleInput =
    verb === 'only' || verb === 'any'
      ? { kind: 'tool-list', tools: names, ...scope }
      : { kind: 'tool', tool: oneOf(names, verb), allow: verb === 'allow', unattended, ...scope };
  await write(context, rule, verb === 'reset' || verb === 'any');
};

export const model: CommandRun<[RuleVerb, string[], Whom]> = async (context, verb, names, given) => {
  const whom = await whomOf(context, given);
  const rule: PolicyRuleInput =
    verb === 'only' || verb === 'any'
      ? { kind: 'model-list', models: names, ...whom }
      : { kind: 'model', model: oneOf(names, verb), allow: verb === 'allow', ...whom };
  await write(context, rule, verb === 'reset' || verb === 'any');
};

/** Says what a rule needs that is not taken back. */
const needed = (what: string, command: string): FaultError =>
  new FaultError('INVALID_PARAMS', `Say ${what}, or --off to take it back.`, {
    next: `Write \`${command}\`.`,
  });

export const quiet: CommandRun<[Whom & { from?: number; to?: number; off?: boolean }]> = async (
  context,
  { from, to, off = false, ...whom },
) => {
  if (!off && (from === undefined || to === undefined))
    throw needed('--from and --to', 'reeve policy quiet --from 22 --to 7');
  // What is taken back is found by whom it is for; its hours do not matter.
  const hours = { from: from ?? 0, to: to ?? 1 };
  await write(context, { kind: 'quiet-hours', ...hours, ...(await whomOf(context, whom)) }, off);
};

export const exception: CommandRun<[PolicyException, Whom & { off?: boolean }]> = async (
  context,
  from,
  { off = false, ...whom },
) => void (await write(context, { kind: 'exception', from, ...(await whomOf(context, whom)) }, off));

type Level = Extract<PolicyRuleInput, { kind: 'channel-tools' }>['level'];

export const channel: CommandRun<[string, Level | undefined, { off?: boolean }]> = async (
  context,
  name,
  level,
  { off = false },
) => {
  if (level === undefined && !off) throw needed('a level', 'reeve policy channel openai read-only');
  // What is taken back is found by its channel.
  await write(context, { kind: 'channel-tools', channel: name, level: level ?? 'read-only' }, off);
};
