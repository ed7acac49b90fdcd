import {
  FaultError,
  type MethodName,
  type Session,
  type SlashCommandName,
  slashCommands,
  version,
} from '@reeve/protocol';
import type { Budgets } from '../budget/budgets.ts';
import type { Actor } from '../gate/actor.ts';
import type { Approvals } from '../gate/approvals.ts';
import type { Authority } from '../gate/authority.ts';
import type { Gate } from '../gate/gate.ts';
import type { Policies } from '../gate/policies.ts';
import type { ModelCatalog } from '../model/catalog.ts';
import type { ChannelLinks } from '../ports/channel-links.ts';
import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Store } from '../ports/store.ts';
import { createApprovalCommands } from './approval-commands.ts';
import { createBudgetCommands } from './budget-commands.ts';
import { type CommandTexts, commandTexts } from './command-texts/index.ts';
import { createModelCommands } from './model-commands.ts';
import { checkMethod, createPolicyCommands } from './policy-commands.ts';

/** A command that somebody gave. */
export interface CommandCall {
  actor: Actor;
  session: Session;
  /** What stands behind the command's name. */
  rest: string;
  texts: CommandTexts;
}
export type CommandHandler = (call: CommandCall) => Promise<string>;

export interface CommandDeps {
  store: Store;
  engine: Engine;
  clock: Clock;
  gate: Gate;
  authority: Authority;
  approvals: Approvals;
  policies: Policies;
  budgets: Pick<Budgets, 'mine'>;
  catalog: ModelCatalog;
  newLinkCode: ChannelLinks['newCode'];
  stop: (actor: Actor, sessionId: string) => Promise<string[]>;
  newSession: (actor: Actor, title: string) => Promise<Session>;
  compact: (actor: Actor, sessionId: string) => Promise<boolean>;
  reload: () => Promise<{ needsRestart: string[]; warnings: { key: string; message: string }[] }>;
  /** Settings as `key = value` lines, secrets masked. */
  config: () => { key: string; value: unknown; source: string; description: string }[];
  /** For whoever does not say in which language to answer; `auto` = none in particular. */
  language: () => string;
  timeZone: () => string;
}

/** What of the API each command stands for: whoever may not call that may not give the command. `/policy` asks for itself. */
const methodOf: Record<SlashCommandName, MethodName | null> = {
  help: null,
  version: null,
  policy: null,
  model: 'sessions.update',
  params: 'sessions.update',
  think: 'sessions.update',
  tools: 'system.tools',
  new: 'sessions.create',
  reload: 'system.reload',
  config: 'config.list',
  stop: 'chat.abort',
  status: 'system.status',
  usage: 'usage.get',
  pin: 'sessions.pin',
  compact: 'sessions.update',
  approvals: 'approvals.list',
  approve: 'approvals.answer',
  deny: 'approvals.answer',
  budget: 'budgets.mine',
  link: 'account.linkCode',
};

/** What programs hand to the OpenAI surface may be the text of anybody: rules, and who is whom, are not decided there. */
const ofPeople: ReadonlySet<SlashCommandName> = new Set(['approve', 'deny', 'policy', 'link']);

/** What the slash commands answer. No model is asked (F015). */
export const createCommands = (deps: CommandDeps) => {
  const budget = createBudgetCommands(deps);
  const handlers: Record<SlashCommandName, CommandHandler> = {
    help: async ({ texts }) =>
      [
        texts.help,
        '',
        ...slashCommands.map(({ name, usage }) => `\`${usage}\`: ${texts.commands[name]}`),
      ].join('\n'),

    version: async () => `Reeve ${version}`,

    ...createModelCommands({ ...deps, budgetLines: budget.lines }),
    ...createApprovalCommands(deps),
    ...createPolicyCommands(deps),
    ...budget.handlers,

    link: async ({ actor, texts }) => texts.linkCode(deps.newLinkCode(actor).code),

    tools: async ({ texts }) =>
      deps.gate.infos
        .map(({ name, risk, description }) => `- ${texts.tool(name, risk, description)}`)
        .join('\n'),

    async new({ actor, rest, texts }) {
      return texts.newSession((await deps.newSession(actor, rest)).id);
    },

    async reload({ texts }) {
      const { needsRestart, warnings } = await deps.reload();
      return [
        texts.reloaded,
        ...needsRestart.map((key) => `- ${texts.afterRestart(key)}`),
        ...warnings.map((warning) => `- ${warning.key}: ${warning.message}`),
      ].join('\n');
    },

    async config({ rest, texts }) {
      const values = deps.config();
      if (rest === '')
        return values
          .map(({ key, value, source }) => `${key} = ${JSON.stringify(value)} (${source})`)
          .join('\n');
      const found = values.find(({ key }) => key === rest);
      if (!found) throw new FaultError('NOT_FOUND', texts.noSetting(rest), { next: texts.seeConfig });
      return `${found.key} = ${JSON.stringify(found.value)} (${found.source})\n${found.description}`;
    },

    async stop({ actor, session, texts }) {
      const stopped = await deps.stop(actor, session.id);
      return stopped.length === 0 ? texts.nothingRan : texts.stopped(stopped.length);
    },

    async status({ texts }) {
      const [runs, counts, model] = [
        await deps.engine.stats(),
        await deps.store.counts(),
        await deps.catalog.default(),
      ];
      return [
        texts.answering(version, model.id, model.reason),
        texts.runs(runs.running, runs.queued, runs.waiting, runs.schedules),
        texts.counts(counts.sessions, counts.events, deps.store.storageState().state === 'ok'),
      ].join('\n');
    },

    async pin({ session, texts }) {
      const messages = await deps.store.messages(session.id, { before: Number.MAX_SAFE_INTEGER, limit: 100 });
      const last = messages.findLast((message) => message.role === 'user');
      if (!last) return texts.nothingToPin;
      await deps.store.write((tx) =>
        tx.append(session.id, { type: 'message.pinned', data: { messageId: last.id, isPinned: true } }),
      );
      return texts.pinned(last.text.slice(0, 100));
    },

    compact: async ({ actor, session, texts }) =>
      (await deps.compact(actor, session.id)) ? texts.compacted : texts.nothingToCompact,
  };
  /** `language` is that of whoever asked (BCP 47), where it is known. */
  return async (
    name: SlashCommandName,
    { language, ...call }: Omit<CommandCall, 'texts'> & { language?: string | undefined },
  ): Promise<string> => {
    const texts = commandTexts(language, deps.language());
    const method = methodOf[name];
    if (call.actor.channel === 'openai' && ofPeople.has(name))
      throw new FaultError('PERMISSION_DENIED', texts.gate.notHere(name), { next: texts.gate.seeHelp });
    await deps.authority.ready();
    if (method !== null) checkMethod(deps.authority, call.actor, method, { command: name, texts });
    return handlers[name]({ ...call, texts });
  };
};
