import type { Store } from '@reeve/core';
import { type DurableEvent, isDurable, type StreamItem } from '@reeve/protocol';
import {
  agentEvent,
  chatEnd,
  countAnswer,
  createLiveRun,
  fragment,
  isWorthTelling,
  type LiveRun,
  needsAll,
  type RunResult,
} from './live-run.ts';
import { wireIdOf } from './names.ts';
import { messageOf, presentMessage, sessionFacts } from './present.ts';
import type { RunNames } from './run-names.ts';
import type { WatchedSession, WatchedSessions } from './watched.ts';

/** Tells the watchers of a session what an item of its stream means to them. */
export const createNarrator = (deps: {
  watched: WatchedSessions;
  runNames: RunNames;
  store: Store;
  now: () => number;
}): ((session: WatchedSession, item: StreamItem) => void) => {
  const { watched, runNames, store, now } = deps;
  const { tell, tellSubscribers, tellChange } = watched;
  const tellAgent = (session: WatchedSession, run: LiveRun, stream: string, data: object) =>
    tell(session, 'agent', agentEvent(run, session, stream, data, now()));

  /** News of the running message. With `isLast`, everybody is brought up to date, however much waits for them. */
  const tellFragment = (session: WatchedSession, run: LiveRun, from: number, isLast = false) => {
    run.seq += 1;
    const ts = now();
    const made = new Map<string, { agent: string; chat: string }>();
    for (const connection of watched.watchersOf(session)) {
      const start = Math.min(from, run.behind.get(connection) ?? from);
      if (!isLast && !connection.canTakeFragments()) {
        run.behind.set(connection, start);
        continue;
      }
      run.behind.delete(connection);
      const name = `${connection.protocol} ${start}`;
      const { agent, chat } = made.get(name) ?? fragment(run, session, start, connection.protocol, ts);
      made.set(name, { agent, chat });
      connection.deliver(session.sessionId, 'agent', agent);
      connection.deliver(session.sessionId, 'chat', chat);
    }
    run.told = run.live?.length ?? 0;
  };

  const answerEnded = (
    session: WatchedSession,
    run: LiveRun,
    event: Extract<DurableEvent, { type: 'model.answered' }>,
  ) => {
    const { text } = event.data;
    const isKnown = run.live !== null && text.startsWith(run.live);
    const isBehind = text.length > (isKnown ? run.told : 0) || run.behind.size > 0;
    const from = isKnown ? run.told : needsAll;
    run.live = text;
    if (text !== '' && (isBehind || !isKnown)) tellFragment(session, run, from, true);
    countAnswer(run, event.data);
    if (text !== '') run.said.push(text);
    run.live = '';
    run.told = 0;
    run.behind.clear();
    tellAgent(session, run, 'usage', { outputTokens: event.data.usage.outputTokens });
  };

  const end = (session: WatchedSession, run: LiveRun, result: RunResult) => {
    session.runs.delete(run.runId);
    const endedAt = now();
    for (const { wireId } of [run, ...run.absorbed]) {
      const facts = { startedAt: run.startedAt, endedAt };
      const data =
        result.outcome === 'failed'
          ? { phase: 'error', ...facts, error: result.fault?.message ?? 'The run failed.' }
          : {
              phase: 'end',
              ...facts,
              aborted: result.outcome === 'cancelled',
              stopReason: result.outcome === 'cancelled' ? 'aborted' : result.finishReason,
            };
      const under = { ...run, wireId };
      tell(session, 'agent', agentEvent(under, session, 'lifecycle', data, endedAt));
      run.seq = under.seq;
      tell(session, 'chat', chatEnd(run, session, result, wireId, endedAt));
      tellChange(session, { phase: result.outcome === 'failed' ? 'error' : 'end', runId: wireId });
    }
    for (const then of [run, ...run.absorbed].flatMap((one) => one.onEnd)) then(result);
    watched.forgetIdle(session);
  };

  const runEnded = (
    session: WatchedSession,
    run: LiveRun,
    { data, seq }: Extract<DurableEvent, { type: 'run.finished' }>,
  ) => {
    const joined = data.absorbedBy === undefined ? undefined : session.runs.get(data.absorbedBy);
    if (joined) {
      session.runs.delete(run.runId);
      joined.absorbed.push(run, ...run.absorbed);
      return;
    }
    if (watched.isWatched(session)) markSeen(session.sessionId, seq);
    // What was cut off midway was never said for good.
    if (run.live !== '') run.live = '';
    end(session, run, {
      outcome: data.outcome,
      texts: run.said,
      usage: run.usage,
      provider: run.provider,
      model: run.model,
      finishReason: run.finishReason,
      fault: data.fault ?? null,
    });
  };
  const markSeen = (sessionId: string, seq: number) =>
    void store.write((tx) => tx.markDelivered(sessionId, seq), { isLazy: true }).catch(() => {});

  const begin = (session: WatchedSession, runId: string, key: string) => {
    const wireId = wireIdOf(key, runId);
    session.runs.set(runId, createLiveRun(runId, wireId, now(), true));
    runNames.note(runId, wireId);
    tellChange(session, { phase: 'start', runId: wireId });
  };

  /** What a run's own event says, in the order clients expect. */
  const applyToRun = (session: WatchedSession, run: LiveRun, item: StreamItem): void => {
    if (!run.hasBegun && signsOfLife.has(item.type)) {
      run.hasBegun = true;
      tellAgent(session, run, 'lifecycle', { phase: 'start', startedAt: run.startedAt });
    }
    switch (item.type) {
      case 'message.delta':
        if (run.live === null) return;
        run.live += item.data.text;
        if (isWorthTelling(run)) tellFragment(session, run, run.told);
        return;
      case 'message.replaced':
        run.live = item.data.text;
        tellFragment(session, run, needsAll);
        return;
      case 'model.answered':
        answerEnded(session, run, item);
        return;
      case 'tool.started': {
        const { tool, callId, args } = item.data;
        tellAgent(session, run, 'tool', { phase: 'start', name: tool, toolCallId: callId, args });
        return;
      }
      case 'tool.finished': {
        const { tool, callId, text, status } = item.data;
        tellAgent(session, run, 'tool', {
          phase: 'result',
          name: tool,
          toolCallId: callId,
          isError: status !== 'ok',
          result: { content: [{ type: 'text', text }] },
        });
        return;
      }
      case 'run.finished':
        runEnded(session, run, item);
        return;
      case 'command.answered':
        run.live = item.data.text;
        tellFragment(session, run, 0, true);
        run.said.push(item.data.text);
        run.live = '';
        end(session, run, { ...ownWords, texts: run.said });
        return;
    }
  };

  return (session: WatchedSession, item: StreamItem): void => {
    if (item.type === 'message.received') begin(session, item.data.runId, item.data.idempotencyKey);
    if (item.type === 'command.received') begin(session, item.data.messageId, item.data.idempotencyKey);
    const run = session.runs.get(runOf(item) ?? '');
    const shown = isDurable(item) ? messageOf(item) : null;
    const message = shown && run ? { ...shown, wireId: run.wireId } : shown;
    // A question is shown before its answer begins; an answer's own events come before the whole of it.
    if (run && message?.role !== 'user') applyToRun(session, run, item);
    if (message)
      tellSubscribers(
        session,
        'session.message',
        () => ({
          ...sessionFacts(session),
          message: presentMessage(message),
          messageId: message.id,
          messageSeq: message.seq,
        }),
        message.seq,
      );
    if (item.type === 'notification.posted') {
      const said = createLiveRun(item.data.messageId, item.data.messageId, item.at, true);
      said.said.push(item.data.text);
      tell(session, 'chat', chatEnd(said, session, { ...ownWords, texts: said.said }, said.wireId, item.at));
      if (watched.isWatched(session)) markSeen(session.sessionId, item.seq);
    }
    if (changes[item.type] !== undefined) tellChange(session, { reason: changes[item.type] });
    watched.forgetIdle(session);
  };
};

/** What Reeve itself says, without a model. */
const ownWords: RunResult = {
  outcome: 'completed',
  texts: [],
  usage: { inputTokens: 0, outputTokens: 0 },
  provider: 'reeve',
  model: 'reeve',
  finishReason: 'stop',
  fault: null,
};

/** Events after which a session looks different in a list. */
const changes: Partial<Record<StreamItem['type'], string>> = {
  'session.created': 'create',
  'session.renamed': 'patch',
  'session.configured': 'patch',
  'session.deleted': 'delete',
  'context.compacted': 'compact',
};

/** The journal learns of a run's beginning together with what follows it: fragments may be first. */
const signsOfLife: ReadonlySet<StreamItem['type']> = new Set([
  'run.started',
  'message.delta',
  'message.replaced',
  'tool.started',
  'model.answered',
  'command.answered',
]);

/** The run that an item belongs to. */
export const runOf = (item: StreamItem): string | null => {
  if (item.type === 'command.received' || item.type === 'command.answered') return item.data.messageId;
  return 'runId' in item.data && typeof item.data.runId === 'string' ? item.data.runId : null;
};
