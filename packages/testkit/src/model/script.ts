import { setTimeout as wait } from 'node:timers/promises';
import type { ModelMessage, ModelRequest, ResponseFormat, ToolChoice } from '@reeve/core';
import { type ReplyData, type ReplyPart, reply } from './reply.ts';

/** How a request asks for thinking: each vendor takes one of these forms, some take several. */
export interface ThinkingWish {
  budgetTokens?: number;
  /** A level by the vendor's name for it. */
  effort?: string;
  isOn?: boolean;
}

/** What a script sees of a request, the same at every level of fake. */
export interface ScriptRequest {
  model: string;
  messages: ModelMessage[];
  toolNames: string[];
  toolChoice?: ToolChoice;
  responseFormat?: ResponseFormat;
  params: ModelRequest['params'];
  /** Absent when the request says nothing of thinking. */
  thinking?: ThinkingWish;
}

/** Answers the `n`th request (from 1). */
export type Script = (request: ScriptRequest, n: number) => ReplyData;

export const lastUserText = (request: ScriptRequest): string =>
  request.messages.findLast((message) => message.role === 'user')?.text ?? '';

/** Answers `You said: …`; with `chunks`, the answer is filled up with words and cut into that many deltas. */
export const echoScript =
  (chunks?: number): Script =>
  (request) => {
    const text = `You said: ${lastUserText(request)}`;
    if (chunks === undefined) return reply.text(text);
    return reply.text(text.padEnd(chunks * 4, ' and that is what I heard'), { chunks });
  };

export interface ReplyQueue {
  /** Replies for the next requests, before the script is asked. */
  enqueue(...replies: ReplyData[]): void;
  setScript(script: Script): void;
  take(request: ScriptRequest): ReplyData;
}

export function createReplyQueue(first: Script): ReplyQueue {
  const queue: ReplyData[] = [];
  let script = first;
  let n = 0;
  return {
    enqueue: (...replies) => {
      queue.push(...replies);
    },
    setScript: (next) => {
      script = next;
    },
    take: (request) => {
      n += 1;
      return queue.shift() ?? script(request, n);
    },
  };
}

/** Waits as a part of kind `hold` or `delay` says; rejects when the signal aborts. */
export async function passTime(
  part: Extract<ReplyPart, { kind: 'hold' | 'delay' }>,
  signal: AbortSignal,
): Promise<void> {
  if (part.kind === 'delay') {
    await wait(part.ms, undefined, { signal });
    return;
  }
  part.gate.arrive();
  await Promise.race([part.gate.opened, untilAborted(signal)]);
}

/** Never resolves; rejects with the signal's reason when it aborts. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
