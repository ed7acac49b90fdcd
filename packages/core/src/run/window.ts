import type { ModelRequest, TokenCounter } from '../ports/model.ts';

/** Share of the window, less what an answer may take, at which older messages are summarised (F064). */
export const compactAt = 0.8;

export interface Window {
  contextTokens: number;
  maxOutputTokens: number;
}

export type CountRequest = (
  counter: TokenCounter,
  request: Pick<ModelRequest, 'messages' | 'tools'>,
) => number;

/** Tokens that prompt and history may take before compaction. */
export const budgetOf = (window: Window): number =>
  Math.floor((window.contextTokens - Math.min(window.maxOutputTokens, window.contextTokens / 2)) * compactAt);

/** UTF-8 bytes: no byte-level tokenizer makes more tokens than a text has bytes. */
const bytesOf = (request: Pick<ModelRequest, 'messages' | 'tools'>): number => {
  let bytes = 0;
  for (const message of request.messages) {
    bytes += Buffer.byteLength(message.text) + 16;
    if (message.role === 'assistant')
      for (const call of message.toolCalls) bytes += Buffer.byteLength(JSON.stringify(call));
  }
  return bytes;
};

/**
 * Whether a request is above its budget, and by the tokenizer's count. The tokenizer is slow (about 1 MB/s) and its
 * tables are large: it is only asked when the bytes alone cannot prove that everything fits.
 */
export const measure = async (
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  deps: { counter: TokenCounter; count: CountRequest; toolBytes: number },
  budget: number,
): Promise<{ tokens: number; isOver: boolean }> => {
  const bytes = bytesOf(request) + deps.toolBytes;
  if (bytes <= budget) return { tokens: bytes, isOver: false };
  await deps.counter.load();
  const tokens = deps.count(deps.counter, request);
  return { tokens, isOver: tokens > budget };
};
