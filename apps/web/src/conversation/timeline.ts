import type { ApprovalSettlement, DurableEvent, EphemeralEvent, ToolCall } from '@reeve/protocol';
import type { AnswerItem, Block, CallResult, CallView, Item } from './items.ts';

/** Items that are drawn at once when a reader comes near: few enough for a frame. */
const blockSize = 12;

/**
 * What a session's events look like to a reader. Pages of the past come from the newest backwards, events of the
 * present in order; a result may be known before the call that it belongs to.
 */
export const createTimeline = () => {
  let blocks: Block[] = [];
  let blockCount = 0;
  const blockOf = new Map<string, Block>();
  const results = new Map<string, CallResult>();
  /** Message with the call, by the call's key. */
  const callers = new Map<string, string>();
  /** How questions were settled: may be known before the question, too. */
  const settlements = new Map<string, ApprovalSettlement & { at: number }>();
  const openRuns = new Set<string>();
  const endedRuns = new Set<string>();

  const newBlock = (): Block => ({ id: `block-${blockCount++}`, items: [] });
  /** Puts an item at the end of a list of blocks. */
  const push = (list: Block[], item: Item): void => {
    let last = list.at(-1);
    if (!last || last.items.length >= blockSize) {
      last = newBlock();
      list.push(last);
    }
    last.items = [...last.items, item];
    blockOf.set(item.id, last);
  };
  const find = (id: string): Item | undefined => blockOf.get(id)?.items.find((item) => item.id === id);
  const replace = (item: Item): void => {
    const block = blockOf.get(item.id);
    if (block) block.items = block.items.map((one) => (one.id === item.id ? item : one));
  };
  const put = (list: Block[], item: Item): void => (blockOf.has(item.id) ? replace(item) : push(list, item));

  const callsOf = (scope: string, messageId: string, calls: readonly ToolCall[]): CallView[] =>
    calls.map(({ id, name, args }) => {
      const key = `${scope} ${id}`;
      callers.set(key, messageId);
      return { key, name, args, result: results.get(key) ?? null };
    });
  const setResult = (key: string, result: CallResult): void => {
    const known = results.get(key);
    if (result.status === 'running' && known && known.status !== 'running') return;
    results.set(key, { ...result, risk: result.risk ?? known?.risk ?? null });
    const answer = find(callers.get(key) ?? '');
    if (answer?.kind !== 'answer') return;
    const calls = answer.calls.map((call) =>
      call.key === key ? { ...call, result: results.get(key)! } : call,
    );
    replace({ ...answer, calls });
  };

  const settle = (runId: string): void => {
    openRuns.delete(runId);
    endedRuns.add(runId);
    for (const item of blocks.at(-1)?.items ?? [])
      if (item.kind === 'answer' && item.runId === runId && item.isLive) replace({ ...item, isLive: false });
  };

  const add = (list: Block[], event: DurableEvent): void => {
    const { at } = event;
    switch (event.type) {
      case 'session.created':
        if (event.data.forkedFrom)
          put(list, { kind: 'fork', id: 'fork', at, sessionId: event.data.forkedFrom.sessionId });
        return;
      case 'message.received': {
        const { messageId: id, runId, text, images = [], sender } = event.data;
        if (!endedRuns.has(runId)) openRuns.add(runId);
        // Only results of a client's tools came with it: there is nothing of the user to show.
        if (text === '' && images.length === 0) return;
        put(list, {
          kind: 'user',
          id,
          at,
          runId,
          text,
          images,
          isScheduled: sender.kind === 'schedule',
        });
        return;
      }
      case 'message.imported': {
        const { messageId: id, role, text, toolCalls = [], toolCallId, images = [] } = event.data;
        if (role === 'user')
          put(list, { kind: 'user', id, at, runId: null, text, images, isScheduled: false });
        else if (role === 'assistant')
          put(list, { ...emptyAnswer(id, at, null), text, calls: callsOf('imported', id, toolCalls) });
        else if (role === 'tool')
          setResult(`imported ${toolCallId}`, { status: 'ok', text, durationMs: null, risk: null });
        return;
      }
      case 'command.received':
        put(list, {
          kind: 'command',
          id: event.data.messageId,
          at,
          text: event.data.text,
          name: null,
        });
        return;
      case 'command.answered': {
        const { messageId, text, command } = event.data;
        put(list, { kind: 'command', id: `${messageId}_answer`, at, text, name: command });
        return;
      }
      case 'model.answered': {
        const {
          messageId: id,
          runId,
          text,
          reasoning = '',
          toolCalls,
          provider,
          model,
          ...rest
        } = event.data;
        const { attempts, usage, durationMs, firstTokenMs } = rest;
        const shown = {
          text,
          reasoning,
          attempts,
          usage,
          durationMs,
          firstTokenMs,
          model: `${provider}/${model}`,
        };
        put(list, { ...emptyAnswer(id, at, runId), ...shown, calls: callsOf(runId, id, toolCalls) });
        return;
      }
      case 'tool.started': {
        const { runId, callId, risk } = event.data;
        setResult(`${runId} ${callId}`, { status: 'running', text: '', durationMs: null, risk });
        return;
      }
      case 'tool.finished': {
        const { runId, callId, status, text, durationMs } = event.data;
        setResult(`${runId} ${callId}`, { status, text, durationMs, risk: null });
        return;
      }
      case 'approval.requested': {
        const { approvalId: id } = event.data;
        put(list, { kind: 'approval', id, at, request: event.data, settled: settlements.get(id) ?? null });
        return;
      }
      case 'approval.settled': {
        const { approvalId: id } = event.data;
        settlements.set(id, { ...event.data, at });
        const question = find(id);
        if (question?.kind === 'approval') replace({ ...question, settled: { ...event.data, at } });
        return;
      }
      case 'run.finished': {
        const { runId, outcome, fault = null } = event.data;
        settle(runId);
        if (outcome === 'failed' || outcome === 'cancelled')
          put(list, { kind: 'end', id: `${runId}_end`, at, runId, outcome, fault });
        return;
      }
      case 'notification.posted':
        put(list, { kind: 'notification', id: event.data.messageId, at, text: event.data.text });
        return;
      case 'context.compacted':
        put(list, { kind: 'summary', id: `summary-${event.seq}`, at, text: event.data.summary });
        return;
    }
  };

  /** The answer under way, made when its first fragment comes. */
  const liveAnswer = (id: string, runId: string, change: (answer: AnswerItem) => AnswerItem): void => {
    const known = find(id);
    if (known && (known.kind !== 'answer' || !known.isLive)) return;
    const answer = known ?? { ...emptyAnswer(id, Date.now(), runId), isLive: true };
    put(blocks, change(answer as AnswerItem));
  };

  return {
    blocks: (): readonly Block[] => blocks,
    openRuns: (): ReadonlySet<string> => openRuns,
    has: (id: string): boolean => blockOf.has(id),
    /** A page of the past, which ends where what is known begins. */
    addPast(events: readonly DurableEvent[]): void {
      const past: Block[] = [];
      for (const event of events) add(past, event);
      blocks = [...past, ...blocks];
    },
    add(event: DurableEvent): void {
      add(blocks, event);
      blocks = [...blocks];
    },
    addFragment(event: EphemeralEvent): void {
      if (event.type === 'run.progressed') return;
      const { messageId, runId, text } = event.data;
      liveAnswer(messageId, runId, (answer) => {
        if (event.type === 'reasoning.delta') return { ...answer, reasoning: answer.reasoning + text };
        return { ...answer, text: event.type === 'message.replaced' ? text : answer.text + text };
      });
      blocks = [...blocks];
    },
  };
};

const emptyAnswer = (id: string, at: number, runId: string | null): AnswerItem => ({
  kind: 'answer',
  id,
  at,
  runId,
  text: '',
  reasoning: '',
  calls: [],
  model: null,
  attempts: [],
  usage: null,
  durationMs: null,
  firstTokenMs: null,
  isLive: false,
});
