import { mainAgent } from '@reeve/core';
import type { DurableData, Fault, RunOutcome, Usage } from '@reeve/protocol';
import type { WireProtocol } from '@reeve/protocol/wire';
import { addUsage } from '../routes/answer.ts';
import type { Connection } from './connection.ts';
import { presentUsage, sessionFacts } from './present.ts';

/** Where a connection stands in the text of the running message; -1: it must be given all of it. */
export const needsAll = -1;
/** Above this length of text, fragments come the rarer the longer it is: each repeats the whole. */
const freelyRepeated = 16_384;

export interface RunResult {
  outcome: RunOutcome;
  /** Every text of the run, in order. */
  texts: readonly string[];
  usage: Usage;
  provider: string;
  model: string;
  finishReason: string;
  fault: Fault | null;
}

/** One running answer as clients see it: what was said, and what of it each of them was told. */
export interface LiveRun {
  readonly runId: string;
  /** The client's own name for it. */
  readonly wireId: string;
  readonly startedAt: number;
  /** Whether its beginning was told. */
  hasBegun: boolean;
  /** Counts the events of this run. */
  seq: number;
  said: string[];
  /** Text of the message under way; null while its beginning is not known. */
  live: string | null;
  /** How much of `live` was told to whoever keeps up. */
  told: number;
  behind: Map<Connection, number>;
  usage: Usage;
  provider: string;
  model: string;
  finishReason: string;
  /** Runs whose message joined this one: they end with it. */
  absorbed: LiveRun[];
  onEnd: ((result: RunResult) => void)[];
}

export const createLiveRun = (
  runId: string,
  wireId: string,
  startedAt: number,
  isFromStart: boolean,
): LiveRun => ({
  runId,
  wireId,
  startedAt,
  hasBegun: false,
  seq: 0,
  said: [],
  live: isFromStart ? '' : null,
  told: 0,
  behind: new Map(),
  usage: { inputTokens: 0, outputTokens: 0 },
  provider: '',
  model: '',
  finishReason: 'stop',
  absorbed: [],
  onEnd: [],
});

export const textOf = (run: LiveRun): string =>
  run.live ? [...run.said, run.live].join('\n\n') : run.said.join('\n\n');

/** Whether a longer text is worth telling yet. */
export const isWorthTelling = (run: LiveRun): boolean => {
  const live = run.live ?? '';
  return live.length < freelyRepeated || live.length - run.told >= live.length / 64;
};

export const countAnswer = (run: LiveRun, data: DurableData<'model.answered'>): void => {
  run.usage = addUsage(run.usage, data.usage);
  run.provider = data.provider;
  run.model = data.model;
  run.finishReason = data.finishReason;
};

interface Where {
  key: string;
  sessionId: string;
}

/** An `agent` event; counts the run's events. */
export const agentEvent = (run: LiveRun, where: Where, stream: string, data: object, ts: number): string => {
  run.seq += 1;
  return JSON.stringify({ runId: run.wireId, ...sessionFacts(where), stream, data, seq: run.seq, ts });
};

const chatMessage = (text: string, timestamp: number) => ({
  role: 'assistant',
  content: [{ type: 'text', text }],
  timestamp,
});

const chatBase = (run: LiveRun, { key }: Where, wireId = run.wireId) => ({
  runId: wireId,
  sessionKey: key,
  agentId: mainAgent,
  seq: run.seq,
});

/**
 * The same news twice, as `agent` and as `chat` event, from where a client stands. Protocol 3 has neither `replace`
 * nor messages that begin anew within a run: there the text is always that of the whole run.
 */
export const fragment = (
  run: LiveRun,
  where: Where,
  from: number,
  protocol: WireProtocol,
  ts: number,
): { agent: string; chat: string } => {
  const live = run.live ?? '';
  const all = textOf(run);
  const isReplacing = from === needsAll;
  const separator = from === 0 && run.said.length > 0 ? '\n\n' : '';
  const news = isReplacing ? live : live.slice(from);
  const data =
    protocol === 3
      ? { text: all, delta: isReplacing ? all : separator + news }
      : { text: live, delta: news, ...(isReplacing && { replace: true }) };
  return {
    agent: JSON.stringify({
      runId: run.wireId,
      ...sessionFacts(where),
      stream: 'assistant',
      data,
      seq: run.seq,
      ts,
    }),
    chat: JSON.stringify({
      ...chatBase(run, where),
      state: 'delta',
      ...(protocol !== 3 && {
        deltaText: isReplacing ? all : separator + news,
        ...(isReplacing && { replace: true }),
      }),
      message: chatMessage(all, ts),
    }),
  };
};

const errorKinds: Record<string, string> = {
  TIMEOUT: 'timeout',
  RATE_LIMIT: 'rate_limit',
  CONTEXT_OVERFLOW: 'context_length',
  GOV_DENIED: 'refusal',
};

/** The last `chat` event of a run, under any of the names that wait for it. */
export const chatEnd = (
  run: LiveRun,
  where: Where,
  result: RunResult,
  wireId: string,
  ts: number,
): string => {
  const text = textOf(run);
  const message = text === '' ? {} : { message: chatMessage(text, ts) };
  const base = chatBase(run, where, wireId);
  if (result.outcome === 'failed')
    return JSON.stringify({
      ...base,
      state: 'error',
      ...message,
      errorMessage: result.fault?.message ?? 'The run failed.',
      errorKind: errorKinds[result.fault?.code ?? ''] ?? 'unknown',
    });
  if (result.outcome === 'cancelled')
    return JSON.stringify({ ...base, state: 'aborted', ...message, stopReason: 'aborted' });
  return JSON.stringify({
    ...base,
    state: 'final',
    stopReason: result.finishReason,
    message: chatMessage(text, ts),
    usage: presentUsage(run.usage),
  });
};
