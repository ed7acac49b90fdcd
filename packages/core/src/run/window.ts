import type { ModelProvider, ModelRequest, TokenCounter, TokenRules } from '../ports/model.ts';

/** Share of the window, less what an answer may take, at which older messages are summarised (F064). */
export const compactAt = 0.8;

export interface Window {
  contextTokens: number;
  maxOutputTokens: number;
}

export type CountRequest = (
  counter: TokenCounter,
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  rules: TokenRules,
) => number;

/** Tokens that prompt and history may take before compaction. */
export const budgetOf = (window: Window): number =>
  Math.floor((window.contextTokens - Math.min(window.maxOutputTokens, window.contextTokens / 2)) * compactAt);

/** UTF-8 bytes and the tokens of images: no byte-level tokenizer makes more tokens than a text has bytes. */
const boundOf = (request: Pick<ModelRequest, 'messages' | 'tools'>, rules: TokenRules): number => {
  let bound = 0;
  for (const message of request.messages) {
    bound += Buffer.byteLength(message.text) + 16;
    if (message.role === 'assistant') {
      for (const call of message.toolCalls) bound += Buffer.byteLength(JSON.stringify(call));
      if (message.continuation) bound += Buffer.byteLength(JSON.stringify(message.continuation.data));
    }
    if (message.role === 'user') for (const image of message.images ?? []) bound += rules.image(image);
  }
  return bound;
};

/** Bytes that a token stands for at the least, in text as people write it: to compare windows, never to fill one. */
const roughBytesPerToken = 3;

const ownCountTimeoutMs = 5_000;

export interface Measure {
  /** From above. */
  tokens: number;
  /** Near the truth. */
  likelyTokens: number;
  isOver: boolean;
}

/**
 * Whether a request is above its budget. The tokenizer is slow (about 1 MB/s) and its tables are large: it is only
 * asked when the bytes alone cannot prove that everything fits. When it says that something must go, the
 * provider's own count has the last word, where it has one.
 */
export const measure = async (
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  deps: { counter: TokenCounter; count: CountRequest; toolBytes: number },
  window: { provider: ModelProvider; model: string },
  budget: number,
  signal: AbortSignal,
): Promise<Measure> => {
  const { provider } = window;
  const bound = boundOf(request, provider.tokens) + deps.toolBytes;
  if (bound <= budget)
    return { tokens: bound, likelyTokens: Math.ceil(bound / roughBytesPerToken), isOver: false };
  await deps.counter.load();
  const tokens = deps.count(deps.counter, request, provider.tokens);
  if (tokens <= budget || !provider.countTokens)
    return { tokens, likelyTokens: tokens, isOver: tokens > budget };
  const own = await provider
    .countTokens(
      { ...request, model: window.model, params: {}, turn: { now: 0, timeZone: 'UTC', language: 'en' } },
      AbortSignal.any([signal, AbortSignal.timeout(ownCountTimeoutMs)]),
    )
    .catch(() => tokens);
  return { tokens: own, likelyTokens: own, isOver: own > budget };
};
