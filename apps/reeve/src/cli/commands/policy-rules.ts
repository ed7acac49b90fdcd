import type { PolicyRuleInput } from '@reeve/protocol';
import type { CliContext, CommandRun } from '../context.ts';
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
  context.print(result, () =>
    result.policy === null
      ? 'The rule is taken back.'
      : `${result.policy.tier}/${result.policy.name} holds, version ${result.policy.version}:\n${result.policy.text?.trimEnd()}`,
  );
};

type Verb = 'allow' | 'deny' | 'reset';

export const tool: CommandRun<[Verb, string, Whom & { channel?: string; unattended?: boolean }]> = async (
  context,
  verb,
  name,
  { channel, unattended = false, ...whom },
) =>
  void (await write(
    context,
    {
      kind: 'tool',
      tool: name,
      allow: verb === 'allow',
      unattended,
      ...(await whomOf(context, whom)),
      ...(channel && { channel }),
    },
    verb === 'reset',
  ));

export const model: CommandRun<[Verb, string, Whom]> = async (context, verb, name, whom) =>
  void (await write(
    context,
    { kind: 'model', model: name, allow: verb === 'allow', ...(await whomOf(context, whom)) },
    verb === 'reset',
  ));

export const quiet: CommandRun<[Whom & { from: number; to: number; off?: boolean }]> = async (
  context,
  { from, to, off = false, ...whom },
) => void (await write(context, { kind: 'quiet-hours', from, to, ...(await whomOf(context, whom)) }, off));

type Level = Extract<PolicyRuleInput, { kind: 'channel-tools' }>['level'];

export const channel: CommandRun<[string, Level, { off?: boolean }]> = async (
  context,
  name,
  level,
  { off = false },
) => void (await write(context, { kind: 'channel-tools', channel: name, level }, off));
