import type { QueueMode } from '@reeve/protocol';
import { createReminderRun, createReminders, reminderFn } from './automation/reminders.ts';
import { ownerActor } from './gate/actor.ts';
import { createGate } from './gate/gate.ts';
import { allowAll } from './gate/policy.ts';
import { createModelCatalog } from './model/catalog.ts';
import type { Slot, SlotDeps } from './model/slots.ts';
import { takeoverNote } from './model/takeover-note.ts';
import type { Clock, NewId } from './ports/clock.ts';
import type { Engine } from './ports/engine.ts';
import type { Log } from './ports/log.ts';
import type { ModelMessage, TokenCounter } from './ports/model.ts';
import type { Reminders } from './ports/reminders.ts';
import type { Store } from './ports/store.ts';
import type { Tool } from './ports/tool.ts';
import { createDirect } from './run/direct.ts';
import { createLiveTexts } from './run/live-text.ts';
import { type AgentSettings, createPrepare } from './run/prepare.ts';
import { staticPrompt, type Workspace } from './run/prompt.ts';
import { takeSteering } from './run/steering.ts';
import { think } from './run/think.ts';
import { createTurn } from './run/turn.ts';
import type { CountRequest } from './run/window.ts';
import { createChat, turnFn } from './session/chat.ts';
import { type CommandDeps, createCommands } from './session/commands.ts';
import { createEventBus } from './session/event-bus.ts';
import { createFork } from './session/fork.ts';
import { createOverview } from './session/overview.ts';
import { createSessions } from './session/sessions.ts';
import { createStreams } from './session/stream.ts';

export interface Settings extends AgentSettings {
  name: string;
  queueMode: QueueMode;
}

export interface CoreOptions {
  store: Store;
  engine: Engine;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** SHA-256, hex. */
  fingerprint: (text: string) => string;
  /** Between 0 and 1. */
  random: () => number;
  tools: (reminders: Reminders) => readonly Tool[];
  counter: TokenCounter;
  count: CountRequest;
  settings: () => Settings;
  workspace: () => Workspace;
  laneLimit: number;
  reload: CommandDeps['reload'];
  config: CommandDeps['config'];
}

/** A tool that has not answered by then is given up. */
const toolTimeoutMs = 60_000;

/** Reeve without its doors: everything that is the same whichever way a message came in. */
export const createCore = (options: CoreOptions) => {
  const { store, engine, clock, newId, log, fingerprint, settings } = options;
  const bus = createEventBus();
  store.onCommitted((events) => {
    for (const event of events) bus.publish(event);
  });
  const live = createLiveTexts(bus, clock);
  const streams = createStreams({ store, bus, live });
  const catalog = createModelCatalog({ clock, log });

  const reminderDeps = { store, engine, clock, fingerprint };
  const reminders = createReminders(reminderDeps);
  const gate = createGate({
    tools: options.tools(reminders),
    policy: allowAll,
    store,
    clock,
    log,
    timeoutMs: toolTimeoutMs,
  });

  const slotDeps: SlotDeps = {
    clock,
    circuits: catalog.circuits,
    health: catalog.health,
    random: options.random,
    note: takeoverNote(() => settings().language),
  };
  const turnFacts = () => {
    const { timeZone, language } = settings();
    return { now: clock.now(), timeZone, language };
  };
  const summarise = async (
    sessionId: string,
    slots: Slot[],
    messages: ModelMessage[],
    signal: AbortSignal,
  ): Promise<string> => {
    const silent = { add() {}, addReasoning() {}, restart() {}, close() {} };
    const request = { messages, tools: [], params: {}, turn: turnFacts() };
    const { text, provider, model, finishReason, usage, attempts, durationMs } = await think(
      slots,
      request,
      slotDeps,
      silent,
      signal,
    );
    // It costs money although nobody sees it: the ledger must know.
    const data = { provider, model, finishReason, usage, attempts, durationMs };
    await store.write(
      (tx) =>
        tx.append(sessionId, {
          type: 'model.called',
          data: { purpose: 'summary', channel: 'reeve', ...data },
        }),
      { isLazy: true },
    );
    return text;
  };

  let prompt = '';
  const refreshPrompt = () => {
    prompt = staticPrompt(settings().name, options.workspace());
  };
  refreshPrompt();
  const { prepare, compactNow } = createPrepare({
    store,
    bus,
    clock,
    gate,
    counter: options.counter,
    count: options.count,
    settings,
    staticPrompt: () => prompt,
    summarise,
    order: catalog.order,
  });
  const direct = createDirect({
    store,
    log,
    slotDeps,
    fingerprint,
    slotsFor: catalog.slots,
    order: (slots, request) => catalog.order(slots, request, 0),
    turn: turnFacts,
  });

  const checkModel = async (ref: string) => void (await catalog.resolve(ref));
  const defaultQueueMode = () => settings().queueMode;
  const chat = createChat({
    store,
    engine,
    clock,
    newId,
    log,
    fingerprint,
    laneLimit: options.laneLimit,
    defaultQueueMode,
    checkModel,
    runCommand: (actor, session, name, rest) => runCommand(actor, session, name, rest),
  });
  const sessions = createSessions({ store, chat, newId, defaultQueueMode, checkModel });
  const runCommand = createCommands({
    store,
    engine,
    gate,
    catalog,
    stop: chat.abort,
    newSession: (actor, title) => sessions.create(actor, title === '' ? {} : { title }),
    compact: async (sessionId) =>
      compactNow(sessionId, await catalog.slots(null), AbortSignal.timeout(toolTimeoutMs)),
    async reload() {
      const result = await options.reload();
      refreshPrompt();
      return result;
    },
    config: options.config,
  });

  engine.register(
    turnFn,
    createTurn({
      store,
      gate,
      log,
      fingerprint,
      maxSteps: () => settings().maxSteps,
      timeZone: () => settings().timeZone,
      actorOf: (turn) => ({ ...ownerActor(turn.channel), ...turn.owner }),
      slotsFor: (turn) => catalog.slots(turn.model ?? turn.sessionModel),
      prepare,
      think: (slots, request, text, signal, isCancelled) =>
        think(slots, request, slotDeps, text, signal, isCancelled),
      openLive: live.open,
      takeSteering: (turn) => takeSteering(store, turn),
    }),
  );
  engine.register(reminderFn, createReminderRun(reminderDeps, chat.accept));

  return {
    bus,
    catalog,
    chat,
    direct,
    fork: createFork({ store, sessions, newId }),
    gate,
    overview: createOverview({ store, bus }),
    reminders,
    sessions,
    streams,
    refreshPrompt,
    /** Size of what every request carries before anything was said: system prompt and tool schemas, UTF-8 bytes. */
    fixedPromptBytes: () => Buffer.byteLength(prompt) + Buffer.byteLength(JSON.stringify(gate.offers)),
    async start() {
      await chat.reconcile();
      await engine.start();
    },
  };
};

export type Core = ReturnType<typeof createCore>;
