import {
  FaultError,
  type Json,
  type MethodName,
  methodPermissions,
  type SlashCommandName,
  slashCommands,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Authority } from '../gate/authority.ts';
import type { Policies } from '../gate/policies.ts';
import type { CommandTexts } from './command-texts/index.ts';
import type { CommandCall, CommandHandler } from './commands.ts';
import { ruleInWords } from './policy-words.ts';

const usage = slashCommands.find(({ name }) => name === 'policy')!.usage;

/** Whether the actor may call the method of the API that a command stands for. Throws FaultError PERMISSION_DENIED. */
export const checkMethod = (
  authority: Authority,
  actor: Actor,
  method: MethodName,
  { command, texts: { gate } }: { command: SlashCommandName; texts: CommandTexts },
): void => {
  const permission = methodPermissions[method];
  if (permission !== null && !authority.method(actor, method, permission).isAllowed)
    throw new FaultError('PERMISSION_DENIED', gate.notAllowed(command), { next: gate.seeHelp });
};

/** `/policy`: the policies that hold, why a call is allowed or not, and what a tool may. */
export const createPolicyCommands = ({
  policies,
  authority,
}: {
  policies: Policies;
  authority: Authority;
}) => {
  const check = ({ actor, texts }: CommandCall, method: MethodName) =>
    checkMethod(authority, actor, method, { command: 'policy', texts });

  const list = async (call: CommandCall): Promise<string> => {
    check(call, 'policies.list');
    const { gate } = call.texts;
    const all = await policies.list(call.actor);
    const shipped = all.filter(({ version }) => version === 0).map(({ name }) => name);
    const own = all.filter(({ version }) => version > 0);
    return [
      gate.shipped(shipped.join(', ')),
      ...own.map(({ tier, name, version, by }) => `- ${gate.policyLine(`${tier}/${name}`, version, by)}`),
    ].join('\n');
  };

  const explain = async (call: CommandCall, text: string): Promise<string> => {
    check(call, 'policies.explain');
    const { actor, texts } = call;
    const { gate } = texts;
    const [tool = ''] = text.split(/\s/, 1);
    if (tool === '') throw wrongUsage(texts);
    const { outcome, risk, ...answer } = await policies.explain(
      actor,
      { tool, args: argsOf(text.slice(tool.length).trim(), texts), channel: actor.channel, isAttended: true },
      AbortSignal.timeout(explainMs),
    );
    const decisive = outcome === 'deny' ? answer.call : answer.unattended;
    return [
      gate.outcome(tool, outcome, gate.risks[risk] ?? risk),
      ...(answer.rules.length > 0 ? [gate.because(answer.rules.join('; '))] : []),
      gate.decidedBy(decisive.policies.join('; ')),
      ...decisive.reasons.map(({ policy, description }) => `- ${policy}: ${description}`),
      ...decisive.wouldChange.map(
        ({ what, from, to, isAllowed }) =>
          `- ${gate.wouldChange(what, JSON.stringify(from), JSON.stringify(to), isAllowed)}`,
      ),
    ].join('\n');
  };

  const change = async (call: CommandCall, words: readonly string[]): Promise<string> => {
    check(call, 'policies.rule');
    const { gate } = call.texts;
    const written = ruleInWords(words);
    if (written === null) throw wrongUsage(call.texts);
    const { rule, isRemoved } = written;
    const { policy, problems } = await policies.rule(call.actor, rule, isRemoved);
    if (policy === null) return gate.ruleTakenBack;
    return [
      gate.ruleWritten(`${policy.tier}/${policy.name}`),
      ...problems.map(({ message }) => message),
    ].join('\n');
  };

  return {
    async policy(call) {
      const [verb = 'list', ...words] = call.rest.split(/\s+/).filter(Boolean);
      if (verb === 'list') return list(call);
      if (verb === 'explain') return explain(call, call.rest.replace(/^explain\s*/, ''));
      return change(call, [verb, ...words]);
    },
  } satisfies Partial<Record<SlashCommandName, CommandHandler>>;
};

/** A tool's basis may be looked up; nothing else takes time. */
const explainMs = 10_000;

const wrongUsage = ({ gate }: CommandTexts): FaultError =>
  new FaultError('INVALID_PARAMS', gate.usageOf(usage), { next: gate.seeHelp });

const argsOf = (text: string, { gate }: CommandTexts): Json => {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FaultError('INVALID_PARAMS', gate.noJson(text.slice(0, 100)), { next: gate.usageOf(usage) });
  }
};
