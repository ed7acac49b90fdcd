import { FaultError, type Session, type SlashCommandName, slashCommands, version } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Gate } from '../gate/gate.ts';
import type { ModelCatalog } from '../model/catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { Store } from '../ports/store.ts';
import { createModelCommands } from './model-commands.ts';

export interface CommandDeps {
  store: Store;
  engine: Engine;
  gate: Gate;
  catalog: ModelCatalog;
  stop: (actor: Actor, sessionId: string) => Promise<string[]>;
  newSession: (actor: Actor, title: string) => Promise<Session>;
  compact: (sessionId: string) => Promise<boolean>;
  reload: () => Promise<{ needsRestart: string[]; warnings: { key: string; message: string }[] }>;
  /** Settings as `key = value` lines, secrets masked. */
  config: () => { key: string; value: unknown; source: string; description: string }[];
}

/** What the slash commands answer. No model is asked (F015). */
export const createCommands = (deps: CommandDeps) => {
  const handlers: Record<
    SlashCommandName,
    (actor: Actor, session: Session, rest: string) => Promise<string>
  > = {
    help: async () =>
      [
        'Just say what you want. Some examples: “remember that the boiler code is 4711”, “what is 17 % of 2340?”, “remind me tomorrow at 9 to call Ann”.',
        '',
        ...slashCommands.map((command) => `\`${command.usage}\`: ${command.description}`),
      ].join('\n'),

    version: async () => `Reeve ${version}`,

    ...createModelCommands(deps),

    tools: async () =>
      deps.gate.infos.map((tool) => `- ${tool.name} (risk ${tool.risk}): ${tool.description}`).join('\n'),

    async new(actor, _session, rest) {
      const session = await deps.newSession(actor, rest);
      return `A new session is open: ${session.id}`;
    },

    async reload() {
      const { needsRestart, warnings } = await deps.reload();
      return [
        'Configuration and workspace files are read again.',
        ...needsRestart.map((key) => `- ${key} takes effect after a restart`),
        ...warnings.map((warning) => `- ${warning.key}: ${warning.message}`),
      ].join('\n');
    },

    async config(_actor, _session, rest) {
      const values = deps.config();
      if (rest === '')
        return values
          .map(({ key, value, source }) => `${key} = ${JSON.stringify(value)} (${source})`)
          .join('\n');
      const found = values.find(({ key }) => key === rest);
      if (!found)
        throw new FaultError('NOT_FOUND', `There is no setting ${rest}.`, {
          next: 'See /config for all of them.',
        });
      return `${found.key} = ${JSON.stringify(found.value)} (${found.source})\n${found.description}`;
    },

    async stop(actor, session) {
      const stopped = await deps.stop(actor, session.id);
      return stopped.length === 0
        ? 'Nothing was running.'
        : stopped.length === 1
          ? 'Stopped.'
          : `Stopped ${stopped.length} answers.`;
    },

    async status() {
      const [runs, counts, model] = [
        await deps.engine.stats(),
        await deps.store.counts(),
        await deps.catalog.default(),
      ];
      return [
        `Reeve ${version}, answering with ${model.id} (${model.reason}).`,
        `${runs.running} running, ${runs.queued} queued, ${runs.waiting} waiting, ${runs.schedules} schedules.`,
        `${counts.sessions} sessions, ${counts.events} events. Storage: ${deps.store.storageState().state}.`,
      ].join('\n');
    },

    async pin(_actor, session) {
      const messages = await deps.store.messages(session.id, { before: Number.MAX_SAFE_INTEGER, limit: 100 });
      const last = messages.findLast((message) => message.role === 'user');
      if (!last) return 'There is nothing to pin yet.';
      await deps.store.write((tx) =>
        tx.append(session.id, { type: 'message.pinned', data: { messageId: last.id, isPinned: true } }),
      );
      return `Pinned: “${last.text.slice(0, 100)}”`;
    },

    compact: async (_actor, session) =>
      (await deps.compact(session.id))
        ? 'The older part is summarised for the model; you still see all of it.'
        : 'There is nothing old enough to summarise.',
  };
  return (actor: Actor, session: Session, name: SlashCommandName, rest: string): Promise<string> =>
    handlers[name](actor, session, rest);
};
