import { type AcceptInput, type Actor, endOfRun } from '@reeve/core';
import {
  type Fault,
  FaultError,
  type Reply,
  type RunOutcome,
  type SendOutput,
  type StreamItem,
  type ToolCall,
  type Usage,
} from '@reeve/protocol';
import type { Services } from '../context.ts';

/** A finished answer: every text the run's models said, in order. */
export interface RunAnswer {
  runId: string;
  sessionId: string;
  outcome: RunOutcome;
  text: string;
  model: string;
  /** Sum over the run's model calls. */
  usage: Usage;
  /** Of the last message: calls that were left to the client. */
  toolCalls: ToolCall[];
  finishReason: string;
  fault: Fault | null;
}

/**
 * Speaks and follows what happens, from the message's own place in the journal on: nothing can be missed between.
 * What is wrong with the message rejects here, before any answer has begun.
 */
export const speak = async (
  { core }: Pick<Services, 'core'>,
  actor: Actor,
  input: AcceptInput,
  signal: AbortSignal,
): Promise<{ sent: SendOutput; items: AsyncGenerator<StreamItem> }> => {
  const sent = await core.chat.accept(actor, input);
  return {
    sent,
    items: await core.streams.open(
      actor,
      { sessionId: sent.sessionId, after: sent.seq, runId: sent.runId },
      signal,
    ),
  };
};

/** Collects a run's durable events into its answer. Follows the run that absorbed it. */
export const createAnswerCollector = (sent: SendOutput) => {
  let runId = sent.runId;
  let text = '';
  const answer: RunAnswer = {
    runId,
    sessionId: sent.sessionId,
    outcome: 'completed',
    text: '',
    model: '',
    usage: { inputTokens: 0, outputTokens: 0 },
    toolCalls: [],
    finishReason: 'stop',
    fault: null,
  };
  return {
    add(item: StreamItem): void {
      if (item.type === 'model.answered' && item.data.runId === runId) {
        text = item.data.text === '' ? text : [text, item.data.text].filter(Boolean).join('\n\n');
        answer.model = `${item.data.provider}/${item.data.model}`;
        answer.usage = addUsage(answer.usage, item.data.usage);
        answer.toolCalls = item.data.toolCalls;
        answer.finishReason = item.data.finishReason;
      } else if (item.type === 'command.answered' && item.data.messageId === runId) {
        text = item.data.text;
        answer.model = 'reeve';
      } else if (item.type === 'run.finished' && item.data.runId === runId) {
        answer.outcome = item.data.outcome;
        answer.fault = item.data.fault ?? null;
        runId = endOfRun(item, runId).follow ?? runId;
      }
    },
    result: (): RunAnswer => ({ ...answer, text }),
    /** The run whose fragments belong to the answer now. */
    runId: () => runId,
  };
};

export const addUsage = (a: Usage, b: Usage): Usage => {
  const add = (key: 'cacheReadTokens' | 'cacheWriteTokens' | 'costUsd') =>
    a[key] === undefined && b[key] === undefined ? {} : { [key]: (a[key] ?? 0) + (b[key] ?? 0) };
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...add('cacheReadTokens'),
    ...add('cacheWriteTokens'),
    ...add('costUsd'),
    ...((a.estimated || b.estimated) && { estimated: true }),
  };
};

/** Throws the run's fault. */
export const toReply = (answer: RunAnswer): Reply => {
  if (answer.fault) throw new FaultError(answer.fault.code, answer.fault.message, answer.fault);
  return {
    reply: answer.text,
    session_id: answer.sessionId,
    run_id: answer.runId,
    outcome: answer.outcome,
    model: answer.model,
    tokens_in: answer.usage.inputTokens,
    tokens_out: answer.usage.outputTokens,
  };
};
