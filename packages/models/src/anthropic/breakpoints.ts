import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';

/** Everything up to what carries this is kept by the server for five minutes and read at a tenth of the price. */
export const breakpoint: SharedV4ProviderOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } };

/** Of the four that a request may have, two are for what stays the same and two for the conversation. */
const mostStable = 2;

/**
 * Sets the breakpoints of prompt caching. The server orders a request as tools, system, messages, so a stable system
 * message also covers the tools; without one, the last tool carries the breakpoint. In the conversation the last
 * message is written to the cache, and the user's message before it is what the turn before has written.
 */
export function addBreakpoints(call: LanguageModelV4CallOptions): void {
  const { prompt, tools } = call;
  const stable = prompt.filter(
    (message) => message.role === 'system' && message.providerOptions !== undefined,
  );
  // The first is the most lasting, the last covers the most.
  for (const between of stable.slice(mostStable - 1, -1)) delete between.providerOptions;
  const lastTool = tools?.at(-1);
  if (stable.length === 0 && lastTool?.type === 'function') lastTool.providerOptions = breakpoint;
  const last = prompt.at(-1);
  if (last === undefined || last.role === 'system') return;
  mark(last);
  const before = prompt.findLast((message) => message.role === 'user' && message !== last);
  if (before !== undefined) mark(before);
}

function mark(message: LanguageModelV4Message): void {
  message.providerOptions = { ...message.providerOptions, ...breakpoint };
}
