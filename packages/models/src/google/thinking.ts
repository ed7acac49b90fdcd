import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelRequest } from '@reeve/core';
import { thinkingBudgets } from '../thinking.ts';

/** Models since Gemini 3 take a level ("Thinking" in Google's documentation); the SDK makes one of ours. */
const takesLevel = /gemini-[3-9]|gemini-(?:pro|flash|flash-lite)-latest/;

/** Gemini 2.5 Pro cannot stop thinking and takes 128 tokens at the least; Flash takes 24,576 at the most. */
const budgetRange = (model: string): [least: number, most: number] => [
  model.includes('2.5-pro') ? 128 : 0,
  model.includes('2.5-flash') ? 24_576 : thinkingBudgets.xhigh,
];

export function addThinking(
  call: LanguageModelV4CallOptions,
  { model, params: { thinking } }: ModelRequest,
): void {
  if (thinking === undefined) return;
  const includeThoughts = thinking !== 'off';
  if (takesLevel.test(model)) {
    call.providerOptions = { google: { thinkingConfig: { includeThoughts } } };
    return;
  }
  delete call.reasoning;
  const [least, most] = budgetRange(model);
  const thinkingBudget = Math.min(most, Math.max(least, thinkingBudgets[thinking]));
  call.providerOptions = { google: { thinkingConfig: { thinkingBudget, includeThoughts } } };
}
