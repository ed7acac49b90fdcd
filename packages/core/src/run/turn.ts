import {
  type DurableData,
  type Fault,
  fault,
  isFaultError,
  type NewEvent,
  type RunOutcome,
  type ToolCall,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import { approvalSignal } from '../gate/approvals.ts';
import type { Gate, GateCall } from '../gate/gate.ts';
import type { Asked } from '../gate/questions.ts';
import type { Slot } from '../model/slots.ts';
import type { RunCtx, RunFn } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { ModelRequest } from '../ports/model.ts';
import type { Store, Turn } from '../ports/store.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { LiveText } from './live-text.ts';
import type { PrepareOptions } from './prepare.ts';
import { type Answer, ContextOverflow } from './think.ts';

export interface TurnDeps {
  log: Log;
  store: Store;
  gate: Gate;
  maxSteps: () => number;
  timeZone: () => string;
  fingerprint: (text: string) => string;
  actorOf: (turn: Turn) => Actor;
  /** Whether the person who asked is there to be asked back. */
  isAttended: (turn: Turn) => boolean;
  /** Models that may answer this turn, in order. */
  slotsFor: (turn: Turn) => Promise<Slot[]>;
  /** The request for the next model call, compacted to fit, and whom to ask; `canCallTools` is false for the last step. */
  prepare: (
    ctx: RunCtx,
    turn: Turn,
    slots: Slot[],
    options: PrepareOptions,
  ) => Promise<{ request: Omit<ModelRequest, 'model'>; slots: Slot[] }>;
  think: (
    turn: Turn,
    runId: string,
    slots: Slot[],
    request: Omit<ModelRequest, 'model'>,
    live: LiveText,
    signal: AbortSignal,
    isCancelled: () => boolean,
  ) => Promise<Answer>;
  openLive: (sessionId: string, runId: string, messageId: string, isResumed: boolean) => LiveText;
  /** Messages that asked to join this run; each joins once. */
  takeSteering: (turn: Turn) => Promise<string[]>;
}

/**
 * One turn: context, model, tools, until the model answers without calling any. Everything that happens is an
 * event with a key, so that a second execution after a crash writes nothing twice; every call gets a result and
 * the run exactly one end.
 */
export const createTurn = (deps: TurnDeps): RunFn => {
  const run = async (ctx: RunCtx, turn: Turn, append: Append, work: Unfinished): Promise<End> => {
    const breaker = createBreaker(deps.fingerprint);
    let slots = await deps.slotsFor(turn);
    const lastStep = deps.maxSteps();
    append({ type: 'run.started', data: { runId: ctx.runId } }, `${ctx.runId}#started`, { isLazy: true });
    for (let step = 1; ; step += 1) {
      if (step > 1) await ctx.step(`steer ${step}`, () => deps.takeSteering(turn));
      const messageId = `msg_${ctx.runId}_${step}`;
      const able = slots;
      const answer = await ctx.step(`model ${step}`, () =>
        answerOnce(ctx, turn, able, messageId, { step, canCallTools: step < lastStep }),
      );
      append(answered(ctx.runId, messageId, step, answer), answeredKey(messageId));
      if (answer.finishReason === 'aborted') return { outcome: 'cancelled', messageId };
      if (answer.toolCalls.length === 0) return { outcome: 'completed', messageId };
      slots = since(slots, answer);
      const isClients = clientTools(turn);
      const own = answer.toolCalls.filter((call) => !isClients(call));
      const stop = await callTools(ctx, turn, breaker, own, step, work);
      if (stop) return { outcome: 'failed', fault: stop, messageId };
      // The client runs its own tools and comes back with what they gave.
      if (own.length < answer.toolCalls.length) return { outcome: 'completed', messageId };
      if (step >= lastStep) return { outcome: 'failed', fault: fault('STEP_LIMIT'), messageId };
    }
  };

  const answerOnce = async (
    ctx: RunCtx,
    turn: Turn,
    slots: Slot[],
    messageId: string,
    options: Omit<PrepareOptions, 'mustShrink'>,
  ): Promise<Answer> => {
    // The journal may hold an answer whose step was not written any more: it is the one that counts.
    const known = await deps.store.eventByKey(turn.sessionId, answeredKey(messageId));
    if (known?.type === 'model.answered') return toAnswer(known.data);
    const live = deps.openLive(turn.sessionId, ctx.runId, messageId, ctx.attempt > 1);
    const attempt = async (able: Slot[], mustShrink: boolean): Promise<Answer> => {
      try {
        const prepared = await deps.prepare(ctx, turn, able, { ...options, mustShrink });
        return await deps.think(
          turn,
          ctx.runId,
          prepared.slots,
          prepared.request,
          live,
          ctx.signal,
          ctx.isCancelled,
        );
      } catch (error) {
        if (!(error instanceof ContextOverflow)) throw error;
        if (!mustShrink) return attempt(able, true);
        // Shrunk, and still too long for this one: another model may have a larger window.
        const others = able.filter((slot) => !isSameModel(slot, error.slot));
        if (others.length === able.length || !others.some((slot) => slot.isLanguageModel)) throw error;
        const answer = await attempt(others, true);
        return { ...answer, attempts: [...error.attempts, ...answer.attempts] };
      }
    };
    try {
      return await attempt(slots, false);
    } finally {
      live.close();
    }
  };

  const callTools = async (
    ctx: RunCtx,
    turn: Turn,
    breaker: Breaker,
    calls: ToolCall[],
    step: number,
    work: Unfinished,
  ): Promise<Fault | null> => {
    calls.forEach((call, index) => void work.calls.set(`tool ${step}.${index + 1}`, call));
    const request = (call: ToolCall, key: string): GateCall => ({
      actor: deps.actorOf(turn),
      sessionId: turn.sessionId,
      runId: ctx.runId,
      call,
      key,
      timeZone: deps.timeZone(),
      isAttended: deps.isAttended(turn),
      signal: ctx.signal,
      hold: ctx.hold,
    });
    const requests = [...work.calls].map(([name, call]) => request(call, `${ctx.runId}/${name}`));
    const asked = await deps.gate.review(requests);
    work.asked.push(...asked);
    for (const { approvalId, timeoutMs } of asked) await ctx.waitFor(approvalSignal(approvalId), timeoutMs);
    for (const [name, call] of [...work.calls]) {
      const result = await ctx.step(name, (key) => deps.gate.call(request(call, key)));
      work.calls.delete(name);
      ctx.signal.throwIfAborted();
      const stop = breaker.check(call, result);
      if (stop) return stop;
    }
    return null;
  };

  return async (ctx, input) => {
    const { sessionId } = input as { sessionId: string };
    const turn = await deps.store.turn(ctx.runId);
    // The session was deleted, or the turn joined another run, before its time came.
    if (!turn || turn.state === 'ended') return null;
    const append: Append = (event, key, options) =>
      ctx.hold(
        deps.store.write((tx) => tx.append(sessionId, event, key), options),
        options,
      );
    const work: Unfinished = { calls: new Map(), asked: [] };
    const end = await run(ctx, turn, append, work).catch(
      (error: unknown): End => endOf(ctx, error, deps.log),
    );
    if (work.asked.length > 0) await deps.gate.withdraw(deps.actorOf(turn), work.asked);
    for (const [name, call] of work.calls)
      append(unanswered(ctx.runId, name, call), `${ctx.runId}/${name}#finished`);
    append({ type: 'run.finished', data: { runId: ctx.runId, ...end } }, finishedKey(ctx.runId));
    return end.outcome;
  };
};

type Append = (event: NewEvent, key: string, options?: { isLazy?: boolean }) => void;

/** Tells the calls that the client answers from those that are ours. */
const clientTools = ({ client }: Turn): ((call: ToolCall) => boolean) => {
  const names = new Set(client?.tools?.map((tool) => tool.name));
  return (call) => names.has(call.name);
};

/** Whoever ends a run uses this key, so that it ends once. */
export const finishedKey = (runId: string) => `${runId}#finished`;

/** Once a model has stood in for another it finishes the run: the one that failed is not asked again at each step. */
const since = (slots: Slot[], answer: Answer): Slot[] =>
  slots.slice(
    Math.max(
      0,
      slots.findIndex((slot) => slot.provider.id === answer.provider && slot.model === answer.model),
    ),
  );

const isSameModel = (a: Slot, b: Slot | null) => a.provider.id === b?.provider.id && a.model === b.model;

const answeredKey = (messageId: string) => `${messageId}#answered`;

const toAnswer = ({ reasoning = '', continuation, ...data }: DurableData<'model.answered'>): Answer => ({
  ...data,
  reasoning,
  ...(continuation !== undefined && { continuation }),
});

interface Unfinished {
  /** Calls that have no result yet, by the name of their step. */
  calls: Map<string, ToolCall>;
  /** Questions that were put to a person. */
  asked: Asked[];
}

// A type and not an interface, so that it counts as Json.
type End = { outcome: RunOutcome; messageId?: string; fault?: Fault };

const answered = (
  runId: string,
  messageId: string,
  step: number,
  { reasoning, ...answer }: Answer,
): NewEvent => ({
  type: 'model.answered',
  data: { runId, messageId, step, ...answer, ...(reasoning !== '' && { reasoning }) },
});

/** The model asked for it, the run ended before it was done: the transcript must still hold an answer. */
const unanswered = (runId: string, name: string, call: ToolCall): NewEvent => ({
  type: 'tool.finished',
  data: {
    runId,
    messageId: `${runId}/${name}`,
    callId: call.id,
    tool: call.name,
    status: 'cancelled',
    text: '{"error":{"code":"TIMEOUT","message":"The run ended before this was done."}}',
    decision: 'not reached',
    durationMs: 0,
  },
});

/** What an error means for the run. A drained engine and a failing disk are no end: the run goes on later. */
const endOf = (ctx: RunCtx, error: unknown, log: Log): End => {
  if (ctx.isCancelled()) return { outcome: 'cancelled' };
  if (ctx.signal.aborted) throw error;
  if (isFaultError(error)) {
    if (error.fault.code === 'DATABASE_ERROR') throw error;
    return { outcome: 'failed', fault: error.fault };
  }
  if (error instanceof ContextOverflow) return { outcome: 'failed', fault: fault('CONTEXT_OVERFLOW') };
  log.error({ runId: ctx.runId, err: error }, 'a turn threw');
  return { outcome: 'failed', fault: fault('INTERNAL_ERROR') };
};
