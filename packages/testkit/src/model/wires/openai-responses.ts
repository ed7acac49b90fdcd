import type { ModelMessage, ResponseFormat } from '@reeve/core';
import type { ImageInput } from '@reeve/protocol';
import { parseArguments } from '../reply.ts';
import { type ModelWire, overflowCode, retryHeader, type Thought } from './model-wire.ts';
import { readChoice, toJsonFormat } from './openai-chat.ts';
import { createFrames, wholeOf } from './openai-responses-answer.ts';
import {
  asRecord,
  asRecords,
  asText,
  emptyTools,
  imageFromUrl,
  type JsonRecord,
  readParams,
  textOf,
} from './read.ts';

/** OpenAI's Responses API, without its own tools and its store. */
export const openAiResponses: ModelWire = {
  protocol: 'openai-responses',
  base: '/v1',
  contentType: 'text/event-stream',
  route: (method, path) => (method === 'POST' && path === '/responses' ? { kind: 'answer' } : null),
  refusal: () => null,
  parse(body) {
    const thoughts = new Map<ModelMessage, Thought[]>();
    const items = typeof body['input'] === 'string' ? [] : asRecords(body['input']);
    const instructions = asText(body['instructions']);
    const { effort } = asRecord(body['reasoning']);
    return {
      request: {
        model: asText(body['model']),
        messages: [
          ...(instructions === '' ? [] : [{ role: 'system', text: instructions } as const]),
          ...(typeof body['input'] === 'string' ? [{ role: 'user', text: body['input'] } as const] : []),
          ...toMessages(items, thoughts),
        ],
        toolNames: asRecords(body['tools']).map((tool) => asText(tool['name'])),
        params: readParams(body, {
          temperature: 'temperature',
          maxOutputTokens: 'max_output_tokens',
          topP: 'top_p',
        }),
        ...readChoice(body['tool_choice'], (choice) => asText(choice['name'])),
        ...readFormat(asRecord(asRecord(body['text'])['format'])),
        ...(typeof effort === 'string' ? { thinking: { effort } } : {}),
      },
      isStream: body['stream'] === true,
      tools: body['tools'],
      thoughts,
      // A reasoning item that was left out costs quality; only with the store does the API refuse.
      demandsSignatures: true,
      faults: checkBody(body, items),
    };
  },
  frames: createFrames,
  whole: wholeOf,
  error: (end) => ({
    body: {
      error: {
        message:
          end.code === overflowCode
            ? 'Your input exceeds the context window of this model. Please adjust your input and try again.'
            : end.message,
        type: end.status >= 500 ? 'server_error' : 'invalid_request_error',
        param: end.code === overflowCode ? 'input' : null,
        code: end.code,
      },
    },
    headers: retryHeader(end),
  }),
  count: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
};

/** What the model said in one go is several items here and one message of ours. */
function toMessages(items: JsonRecord[], thoughts: Map<ModelMessage, Thought[]>): ModelMessage[] {
  const messages: ModelMessage[] = [];
  const names = new Map<string, string>();
  let answer: Extract<ModelMessage, { role: 'assistant' }> | null = null;
  const openAnswer = (): Extract<ModelMessage, { role: 'assistant' }> => {
    if (answer === null) {
      answer = { role: 'assistant', text: '', toolCalls: [] };
      messages.push(answer);
    }
    return answer;
  };
  for (const item of items) {
    const type = item['type'] ?? 'message';
    if (type === 'message' && item['role'] === 'assistant') {
      openAnswer().text += textOf(item['content']);
    } else if (type === 'function_call') {
      const id = asText(item['call_id']);
      names.set(id, asText(item['name']));
      const args = parseArguments(asText(item['arguments']));
      openAnswer().toolCalls.push({ id, name: asText(item['name']), args });
    } else if (type === 'reasoning') {
      const message = openAnswer();
      const thought = { signature: asText(item['encrypted_content']), text: textOf(item['summary']) };
      thoughts.set(message, [...(thoughts.get(message) ?? []), thought]);
    } else {
      answer = null;
      messages.push(toMessage(item, names));
    }
  }
  return messages;
}

function toMessage(item: JsonRecord, names: ReadonlyMap<string, string>): ModelMessage {
  if (item['type'] === 'function_call_output') {
    const callId = asText(item['call_id']);
    return {
      role: 'tool',
      callId,
      name: names.get(callId) ?? '',
      text: textOf(item['output']),
      isError: false,
    };
  }
  const text = textOf(item['content']);
  return item['role'] === 'user'
    ? { role: 'user', text, ...readImages(item['content']) }
    : { role: 'system', text };
}

function readImages(content: unknown): { images?: ImageInput[] } {
  const images = (Array.isArray(content) ? asRecords(content) : [])
    .filter((part) => part['type'] === 'input_image')
    .map((part) => imageFromUrl(asText(part['image_url'])));
  return images.length === 0 ? {} : { images };
}

function readFormat(format: JsonRecord): { responseFormat?: ResponseFormat } {
  if (format['type'] === 'json_object') return { responseFormat: { type: 'json' } };
  return format['type'] === 'json_schema'
    ? { responseFormat: toJsonFormat(format['schema'], format['name']) }
    : {};
}

const itemTypes = new Set(['message', 'function_call', 'function_call_output', 'reasoning']);
const messageRoles = new Set(['system', 'developer', 'user', 'assistant']);

function checkBody(body: JsonRecord, items: JsonRecord[]): string[] {
  const found = emptyTools(body['tools']);
  items.forEach((item, i) => {
    const type = asText(item['type'] ?? 'message');
    // An `item_reference` needs the store, which this server does not have.
    if (!itemTypes.has(type)) found.push(`item ${i}: unknown type ${type}`);
    else if (type === 'message' && !messageRoles.has(asText(item['role'])))
      found.push(`item ${i}: unknown role ${item['role']}`);
    if (type === 'function_call' && items[i + 1] === undefined) found.push(`item ${i}: no output`);
  });
  if (body['previous_response_id'] !== undefined) found.push('previous_response_id: nothing is stored');
  if (body['store'] !== false) found.push('store is not false: the vendor would keep the conversation');
  return found;
}
