import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelFacts, ModelRequest } from '@reeve/core';
import { thinkingBudgets } from '../thinking.ts';

/**
 * Models since Claude 4.6 think adaptively, within an effort, and those since Opus 4.7 refuse a budget ("Adaptive
 * thinking" in Anthropic's documentation). The SDK makes an effort of the level.
 */
const adaptive = /claude-(?:opus|sonnet)-4-[6-9]|claude-(?:opus|sonnet|haiku|fable)-[5-9]/;

/** The smallest budget the API takes. */
const leastBudget = 1_024;
/** Share of the longest answer that thinking may take, so that something is left to answer with. */
const mostOfAnswer = 0.75;

/**
 * Says how much to think. A forced tool excludes thinking, and so does a turn whose calls came from another model:
 * the API wants the signed thinking that led to them, and there is none.
 */
export function addThinking(
  call: LanguageModelV4CallOptions,
  { model, params: { thinking } }: ModelRequest,
  facts: ModelFacts | null,
): void {
  if (thinking === undefined || thinking === 'off') return;
  const isForced = call.toolChoice?.type === 'required' || call.toolChoice?.type === 'tool';
  if (isForced || lacksThinking(call)) {
    call.reasoning = 'none';
    return;
  }
  if (adaptive.test(model)) return;
  delete call.reasoning;
  const limit = facts?.maxOutputTokens;
  const budgetTokens = Math.max(
    leastBudget,
    Math.min(thinkingBudgets[thinking], Math.floor((limit ?? Number.POSITIVE_INFINITY) * mostOfAnswer)),
  );
  // The SDK sends the sum of both as max_tokens, and leaves out temperature and top_p.
  if (limit !== undefined)
    call.maxOutputTokens = Math.min(call.maxOutputTokens ?? limit, limit - budgetTokens);
  call.providerOptions = { anthropic: { thinking: { type: 'enabled', budgetTokens } } };
}

function lacksThinking({ prompt }: LanguageModelV4CallOptions): boolean {
  const start = prompt.findLastIndex((message) => message.role === 'user');
  const answer = prompt.slice(start + 1).find((message) => message.role === 'assistant');
  return (
    answer?.role === 'assistant' &&
    answer.content.some((part) => part.type === 'tool-call') &&
    answer.content[0]?.type !== 'reasoning'
  );
}
