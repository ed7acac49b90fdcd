import { isTransient, type Reconnect, type ReeveClient, streamSession, type Wait } from '@reeve/client';
import { type Fault, FaultError, type RunOutcome, type StreamItem, type Usage } from '@reeve/protocol';

export interface Answer {
  sessionId: string;
  runId: string;
  outcome: RunOutcome;
  text: string;
  fault: Fault | null;
  model: string | null;
  /** Of the last message; null for a command. */
  finishReason: string | null;
  usage: Usage;
}

export interface FollowOptions {
  sessionId: string;
  runId: string;
  after: number;
  signal: AbortSignal;
  onItem?: (item: StreamItem) => void;
  onReconnect?: (reconnect: Reconnect) => void;
  wait?: Wait;
}

/** Tries after which a gateway counts as gone: about four minutes. */
const tries = 12;

/** A restarted gateway may answer before its new token is in the data folder. */
export const shouldRetry = (fault: Fault, attempt: number): boolean =>
  attempt <= tries && (isTransient(fault) || (fault.code === 'AUTH_FAILED' && attempt <= 3));

/** Waits for a run's end, also over restarts of the gateway and when another run takes the message over. */
export const followRun = async (client: ReeveClient, options: FollowOptions): Promise<Answer> => {
  let { runId, after } = options;
  const texts = new Map<string, string>();
  const answer: Answer = {
    sessionId: options.sessionId,
    runId,
    outcome: 'failed',
    text: '',
    fault: null,
    model: null,
    finishReason: null,
    usage: { inputTokens: 0, outputTokens: 0 },
  };

  for (;;) {
    const items = streamSession(client, { ...options, runId, after, shouldRetry });
    let next: string | undefined;
    let hasEnded = false;
    for await (const item of items) {
      if ('seq' in item) after = item.seq;
      options.onItem?.(item);
      if (item.type === 'model.answered' && item.data.runId === runId) {
        texts.set(item.data.messageId, item.data.text);
        answer.model = `${item.data.provider}/${item.data.model}`;
        answer.text = item.data.text;
        answer.finishReason = item.data.finishReason;
        answer.usage.inputTokens += item.data.usage.inputTokens;
        answer.usage.outputTokens += item.data.usage.outputTokens;
      } else if (item.type === 'command.answered' && item.data.messageId === runId) {
        return { ...answer, runId, outcome: 'completed', text: item.data.text };
      } else if (item.type === 'run.finished' && item.data.runId === runId) {
        hasEnded = true;
        next = item.data.outcome === 'absorbed' ? item.data.absorbedBy : undefined;
        answer.outcome = item.data.outcome;
        answer.fault = (item.data.fault as Fault | undefined) ?? null;
        answer.text = (item.data.messageId && texts.get(item.data.messageId)) || answer.text;
      }
    }
    options.signal.throwIfAborted();
    if (!hasEnded)
      throw new FaultError('PROTOCOL_ERROR', `The stream of ${options.sessionId} ended before the answer.`, {
        next: 'See `reeve sessions show` for what is there.',
      });
    if (next === undefined) return { ...answer, runId };
    runId = next;
  }
};
