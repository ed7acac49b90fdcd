import type { ModelMessage, ModelRequest, TokenCounter, TokenRules, ToolOffer } from '@reeve/core';

/**
 * Constants of OpenAI's cookbook, "How to count tokens with tiktoken", for GPT-4o and later: each message costs
 * 3 tokens around its content, a name 1 more; the answer is primed with 3; the block of tools costs 12 once and 7
 * a tool.
 */
const perMessage = 3;
const perName = 1;
const perAnswer = 3;
const perToolBlock = 12;
const perTool = 7;

/**
 * Tokens of a whole request by a provider's rules. Schemas are counted as their JSON, which is longer than what models
 * are shown, and signed thinking as the text it is carried in, so that the figure errs on the side of fitting.
 */
export function countRequest(
  counter: TokenCounter,
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  rules: TokenRules,
): number {
  const messages = sum(request.messages, (message) => countMessage(counter, message));
  const tools = sum(request.tools, (tool) => countTool(counter, tool));
  const text = perAnswer + messages + (request.tools.length > 0 ? perToolBlock + tools : 0);
  const images = sum(request.messages, (message) =>
    message.role === 'user' ? sum(message.images ?? [], rules.image) : 0,
  );
  return Math.ceil(text * rules.scale) + images;
}

function countMessage(counter: TokenCounter, message: ModelMessage): number {
  const text = perMessage + counter.count(message.role) + counter.count(message.text);
  if (message.role === 'tool') return text + counter.count(message.callId);
  if (message.role !== 'assistant') return text;
  const calls = sum(
    message.toolCalls,
    (call) =>
      perName + counter.count(call.id) + counter.count(call.name) + counter.count(JSON.stringify(call.args)),
  );
  const thinking = message.continuation ? counter.count(JSON.stringify(message.continuation.data)) : 0;
  return text + calls + thinking;
}

const countTool = (counter: TokenCounter, tool: ToolOffer): number =>
  perTool +
  counter.count(`${tool.name}:${tool.description}`) +
  counter.count(JSON.stringify(tool.parameters));

const sum = <T>(items: readonly T[], count: (item: T) => number): number =>
  items.reduce((total, item) => total + count(item), 0);
