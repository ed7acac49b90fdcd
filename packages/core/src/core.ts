import type { QueueMode } from '@reeve/protocol';
import { createReminderRun, createReminders, reminderFn } from './automation/reminders.ts';
import { createBudgets } from './budget/budgets.ts';
import { budgetWarnings } from './budget/warnings.ts';
import type { Actor, Owner } from './gate/actor.ts';
import { createGatekeeping, type GatekeepingOptions } from './gate/gatekeeping.ts';
import { createTell } from './gate/tell.ts';
import { createRates, type RateLimits } from './limits/rates.ts';
import { createModelCatalog } from './model/catalog.ts';
import { createProbe } from './model/probe.ts';
import type { Slot, SlotDeps } from './model/slots.ts';
import { createSlotsFor } from './model/slots-for.ts';
import { takeoverNote } from './model/takeover-note.ts';
import type { BudgetStore } from './ports/budget.ts';
import type { ModelMessage, TokenCounter } from './ports/model.ts';
import { spokenName } from './ports/people.ts';
import type { Reminders } from './ports/reminders.ts';
import type { Tool } from './ports/tool.ts';
import { createDirect } from './run/direct.ts';
import { createLiveTexts } from './run/live-text.ts';
import { type AgentSettings, createPrepare } from './run/prepare.ts';
import { staticPrompt, type Workspace } from './run/prompt.ts';
import { takeSteering } from './run/steering.ts';
import { think } from './run/think.ts';
import { createTurn } from './run/turn.ts';
import type { CountRequest } from './run/window.ts';
import { createAnswerGuards } from './safety/answer-guard.ts';
import { createCommandOf } from './session/answer-words.ts';
import { createChat, turnFn } from './session/chat.ts';
import { type CommandDeps, createCommands } from './session/commands.ts';
import { createEventBus } from './session/event-bus.ts';
import { createFork } from './session/fork.ts';
import { createOverview } from './session/overview.ts';
import { createReadMarks } from './session/read-marks.ts';
import { createSessions } from './session/sessions.ts';
import { createStreams } from './session/stream.ts';

export interface Settings extends AgentSettings {
  name: string;
  queueMode: QueueMode;
}

export interface CoreOptions extends Omit<GatekeepingOptions, 'timeZone' | 'rates'> {
  budgetStore: BudgetStore;
  rateLimits: () => RateLimits;
  newLinkCode: CommandDeps['newLinkCode'];
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
  const readMarks = createReadMarks({ store, bus });
  const streams = createStreams({ store, bus, live, readMarks });
  const catalog = createModelCatalog({ clock, log });

  const reminderDeps = { store, engine, clock, fingerprint };
  const reminders = createReminders(reminderDeps);
  const { people } = options;
  const rates = createRates(
    clock,
    options.rateLimits,
    (actor): boolean => authority.exceedRate(actor).isAllowed,
  );
  const timeZone = () => settings().timeZone;
  const gatekeeping = createGatekeeping({ ...options, timeZone, rates }, options.tools(reminders));
  const { authority, gate } = gatekeeping;
  const budgets = createBudgets({
    store: options.budgetStore,
    clock,
    timeZone,
    people,
    counter: options.counter,
    count: options.count,
    fingerprint,
    audit: options.auditLedger.append,
    warn: budgetWarnings({ store, log, language: () => settings().language }),
  });
  const tell = createTell(store, log);
  const slotsFor = createSlotsFor({ slots: catalog.slots, authority, budgets, tell });

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
    nameOf: (owner) => spokenName(people.find(owner)),
    staticPrompt: () => prompt,
    summarise,
    order: catalog.order,
  });
  const guards = createAnswerGuards({ people, language: () => settings().language, audit: tell });
  const direct = createDirect({
    store,
    log,
    slotDeps,
    fingerprint,
    slotsFor,
    order: (slots, request) => catalog.order(slots, request, 0),
    turn: turnFacts,
    guards,
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
    commandOf: createCommandOf(gatekeeping.approvals),
    runCommand: (name, call) => runCommand(name, call),
  });
  const sessions = createSessions({ store, chat, newId, defaultQueueMode, checkModel });
  const runCommand = createCommands({
    ...gatekeeping,
    store,
    engine,
    clock,
    budgets,
    catalog,
    newLinkCode: options.newLinkCode,
    timeZone,
    stop: chat.abort,
    newSession: (actor, title) => sessions.create(actor, title === '' ? {} : { title }),
    async compact(actor, sessionId) {
      const { tenantId, userId } = actor;
      const slots = await slotsFor(actor, { tenantId, userId, sessionId, isSchedule: false }, null);
      return compactNow(sessionId, slots, AbortSignal.timeout(toolTimeoutMs));
    },
    async reload() {
      const result = await options.reload();
      refreshPrompt();
      return result;
    },
    config: options.config,
    language: () => settings().language,
  });

  const overview = createOverview({ store, bus });
  /** As the person is now, and not as they were when they asked. */
  const actorOf = (owner: Owner, channel: string): Actor => ({
    ...owner,
    role: people.find(owner)?.role ?? 'guest',
    channel,
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
      actorOf: (turn) => actorOf(turn.owner, turn.channel),
      // Sockets listen to all sessions at once, so whoever speaks over one is there.
      isAttended: (turn) =>
        turn.senderKind === 'user' &&
        // The first message of a session comes before anybody can listen to it: the page's list tells who is there.
        (turn.channel === 'ws' || bus.listeners(turn.sessionId) > 0 || overview.isWatched(turn.owner)),
      slotsFor: (turn) =>
        slotsFor(
          actorOf(turn.owner, turn.channel),
          { ...turn.owner, sessionId: turn.sessionId, isSchedule: turn.senderKind === 'schedule' },
          turn.model ?? turn.sessionModel,
        ),
      prepare,
      think: (turn, runId, slots, request, text, signal, isCancelled) => {
        const { owner, sessionId, channel } = turn;
        const guard = guards.for(owner, { sessionId, correlationId: runId, channel });
        return think(slots, request, { ...slotDeps, guard }, text, signal, isCancelled);
      },
      openLive: live.open,
      takeSteering: (turn) => takeSteering(store, turn),
    }),
  );
  engine.register(reminderFn, createReminderRun(reminderDeps, chat.accept, actorOf));

  return {
    ...gatekeeping,
    budgets,
    rates,
    bus,
    catalog,
    chat,
    direct,
    fork: createFork({ store, sessions, newId }),
    overview: overview.stream,
    probe: createProbe({ catalog, direct, clock }),
    readMarks,
    reminders,
    sessions,
    streams,
    tell,
    refreshPrompt,
    /** Size of what every request carries before anything was said: system prompt and tool schemas, UTF-8 bytes. */
    fixedPromptBytes: () => Buffer.byteLength(prompt) + Buffer.byteLength(JSON.stringify(gate.offers)),
    async start() {
      await gatekeeping.policies.load();
      await chat.reconcile();
      await engine.start();
    },
  };
};

export type Core = ReturnType<typeof createCore>;
