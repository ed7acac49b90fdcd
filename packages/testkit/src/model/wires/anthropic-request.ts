import type { ModelMessage, ResponseFormat, ToolChoice } from '@reeve/core';
import type { ImageInput, Json, ToolCall } from '@reeve/protocol';
import type { ThinkingWish } from '../script.ts';
import type { Thought } from './model-wire.ts';
import { toJsonFormat } from './openai-chat.ts';
import { asRecord, asRecords, asText, type JsonRecord, textOf } from './read.ts';

export function readSystem(system: unknown): ModelMessage[] {
  if (typeof system === 'string') return [{ role: 'system', text: system }];
  return asRecords(system).map((block) => ({ role: 'system', text: asText(block['text']) }));
}

/** A user message of several results and a text is as many messages of ours. */
export function toMessages(sent: unknown, thoughts: Map<ModelMessage, Thought[]>): ModelMessage[] {
  const names = new Map<string, string>();
  return asRecords(sent).flatMap((message): ModelMessage[] => {
    const { content } = message;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asRecords(content);
    const ofType = (type: string): JsonRecord[] => blocks.filter((block) => asRecord(block)['type'] === type);
    const text = textOf(ofType('text'));
    if (message['role'] === 'assistant') {
      const toolCalls = ofType('tool_use').map(toCall);
      for (const { id, name } of toolCalls) names.set(id, name);
      const answer: ModelMessage = { role: 'assistant', text, toolCalls };
      const thinking = ofType('thinking').map(toThought);
      if (thinking.length > 0) thoughts.set(answer, thinking);
      return [answer];
    }
    const answers = ofType('tool_result').map((block): ModelMessage => {
      const callId = asText(block['tool_use_id']);
      return {
        role: 'tool',
        callId,
        name: names.get(callId) ?? '',
        text: textOf(block['content']),
        isError: block['is_error'] === true,
      };
    });
    const images = ofType('image').map((block) => toImage(asRecord(block['source'])));
    if (answers.length > 0 && ofType('text').length === 0 && images.length === 0) return answers;
    return [...answers, { role: 'user', text, ...(images.length === 0 ? {} : { images }) }];
  });
}

const toCall = (block: JsonRecord): ToolCall => ({
  id: asText(block['id']),
  name: asText(block['name']),
  args: block['input'] as Json,
});

const toThought = (block: JsonRecord): Thought => ({
  signature: asText(block['signature']),
  text: asText(block['thinking']),
});

const toImage = (source: JsonRecord): ImageInput =>
  source['type'] === 'url'
    ? { mediaType: 'image/*', data: asText(source['url']) }
    : { mediaType: asText(source['media_type']), data: asText(source['data']) };

export function readChoice(choice: JsonRecord): { toolChoice?: ToolChoice } {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { toolChoice: choice['type'] };
    case 'any':
      return { toolChoice: 'required' };
    case 'tool':
      return { toolChoice: { tool: asText(choice['name']) } };
    default:
      return {};
  }
}

export function readFormat(body: JsonRecord): { responseFormat?: ResponseFormat } {
  const format = asRecord(asRecord(body['output_config'])['format'] ?? body['output_format']);
  return format['type'] === 'json_schema' ? { responseFormat: toJsonFormat(format['schema']) } : {};
}

/** `enabled` has a budget; `adaptive` leaves it to the model, within the effort. */
export function readThinking(body: JsonRecord): ThinkingWish | null {
  const thinking = asRecord(body['thinking']);
  const effort = asRecord(body['output_config'])['effort'];
  const { type, budget_tokens: budgetTokens } = thinking;
  if (type === undefined && effort === undefined) return null;
  return {
    isOn: type === 'enabled' || type === 'adaptive',
    ...(typeof budgetTokens === 'number' ? { budgetTokens } : {}),
    ...(typeof effort === 'string' ? { effort } : {}),
  };
}
