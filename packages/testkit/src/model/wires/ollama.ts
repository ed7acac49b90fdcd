import type { FinishReason, ModelMessage } from '@reeve/core';
import type { ImageInput, Json, Usage } from '@reeve/protocol';
import { callsOf, parseArguments, reasoningOf, replyText, type WireCall } from '../reply.ts';
import type { ThinkingWish } from '../script.ts';
import {
  type AnswerFrames,
  type Exchange,
  finishOf,
  type ModelWire,
  overflowCode,
  retryHeader,
  type Thought,
} from './model-wire.ts';
import { toJsonFormat } from './openai-chat.ts';
import { asRecord, asRecords, asText, emptyTools, type JsonRecord, readParams } from './read.ts';

/** Ollama's own API. */
export const ollama: ModelWire = {
  protocol: 'ollama',
  base: '/ollama/api',
  contentType: 'application/x-ndjson',
  route(method, path, models) {
    if (method === 'POST' && path === '/chat') return { kind: 'answer' };
    if (method === 'POST' && path === '/show') return { kind: 'info', body: details };
    if (method !== 'GET') return null;
    if (path === '/version') return { kind: 'info', body: { version: '0.12.6' } };
    if (path === '/tags') return { kind: 'info', body: { models: models.map(toTag) } };
    if (path === '/ps')
      return {
        kind: 'info',
        body: { models: models.map((id) => ({ ...toTag(id), context_length: 8_192 })) },
      };
    return null;
  },
  refusal: () => null,
  parse(body) {
    const thoughts = new Map<ModelMessage, Thought[]>();
    const messages = asRecords(body['messages']);
    const { format } = body;
    const thinking = readThinking(body['think']);
    return {
      request: {
        model: asText(body['model']),
        messages: toMessages(messages, thoughts),
        toolNames: asRecords(body['tools']).map((tool) => asText(asRecord(tool['function'])['name'])),
        params: readParams(asRecord(body['options']), {
          temperature: 'temperature',
          maxOutputTokens: 'num_predict',
          topP: 'top_p',
          stop: 'stop',
          seed: 'seed',
          frequencyPenalty: 'frequency_penalty',
          presencePenalty: 'presence_penalty',
        }),
        ...(format === 'json' ? { responseFormat: { type: 'json' } as const } : {}),
        ...(typeof format === 'object' && format !== null ? { responseFormat: toJsonFormat(format) } : {}),
        ...(thinking === null ? {} : { thinking }),
      },
      // Ollama streams unless it is told not to.
      isStream: body['stream'] !== false,
      tools: body['tools'],
      thoughts,
      demandsSignatures: false,
      faults: [...emptyTools(body['tools']), ...messages.flatMap(checkMessage)],
    };
  },
  frames: createFrames,
  whole: (exchange, reply) => {
    const reasoning = reasoningOf(reply);
    const calls = callsOf(reply).map(toCall);
    return {
      ...head(exchange),
      message: {
        role: 'assistant',
        content: replyText(reply),
        ...(reasoning === '' ? {} : { thinking: reasoning }),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      },
      ...endOf(finishOf(reply), exchange.usage),
    };
  },
  // The header is that of Ollama's cloud and of proxies; a server at home has none.
  error: (end) => ({
    body: {
      error: end.code === overflowCode ? 'the input length exceeds the context length' : end.message,
    },
    headers: retryHeader(end),
  }),
  count: () => ({ error: 'Ollama counts nothing' }),
};

const build = { format: 'gguf', family: 'llama', parameter_size: '3.2B', quantization_level: 'Q4_K_M' };

const toTag = (id: string) => ({
  name: id,
  model: id,
  modified_at: '2025-10-01T12:00:00Z',
  size: 2_019_393_189,
  digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
  details: build,
});

/** What `/api/show` says of any model: its window and what it can do. */
const details = {
  details: build,
  model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
  capabilities: ['completion', 'tools', 'vision', 'thinking'],
};

/** A result names its call (`tool_call_id`) or, from older clients, its tool. */
function toMessages(messages: JsonRecord[], thoughts: Map<ModelMessage, Thought[]>): ModelMessage[] {
  let waiting: { id: string; name: string }[] = [];
  let unnamed = 0;
  return messages.map((message): ModelMessage => {
    const text = asText(message['content']);
    switch (message['role']) {
      case 'assistant': {
        const toolCalls = asRecords(message['tool_calls']).map((call) => {
          const called = asRecord(call['function']);
          unnamed += 1;
          return {
            id: asText(call['id']) || `unnamed_${unnamed}`,
            name: asText(called['name']),
            args: called['arguments'] as Json,
          };
        });
        waiting = [...toolCalls];
        const answer: ModelMessage = { role: 'assistant', text, toolCalls };
        const thinking = asText(message['thinking']);
        if (thinking !== '') thoughts.set(answer, [{ signature: null, text: thinking }]);
        return answer;
      }
      case 'tool': {
        const id = message['tool_call_id'];
        const place = waiting.findIndex((call) =>
          id === undefined ? call.name === message['tool_name'] : call.id === id,
        );
        const [call] = place < 0 ? [] : waiting.splice(place, 1);
        return {
          role: 'tool',
          callId: call?.id ?? asText(id),
          name: call?.name ?? asText(message['tool_name']),
          text,
          isError: false,
        };
      }
      case 'system':
        return { role: 'system', text };
      default:
        return { role: 'user', text, ...readImages(message['images']) };
    }
  });
}

/** Ollama takes images as bare base64; what they are, it sees itself. */
function readImages(images: unknown): { images?: ImageInput[] } {
  if (!Array.isArray(images) || images.length === 0) return {};
  return { images: images.map((data) => ({ mediaType: 'image/*', data: asText(data) })) };
}

function readThinking(think: unknown): ThinkingWish | null {
  if (typeof think === 'boolean') return { isOn: think };
  return typeof think === 'string' ? { effort: think } : null;
}

const roles = new Set(['system', 'user', 'assistant', 'tool']);

function checkMessage(message: JsonRecord, i: number): string[] {
  const found: string[] = [];
  if (!roles.has(asText(message['role']))) found.push(`message ${i}: unknown role ${message['role']}`);
  // The server is written in Go and refuses any other type.
  if (message['content'] !== undefined && typeof message['content'] !== 'string')
    found.push(`message ${i}: content is not a string`);
  for (const image of Array.isArray(message['images']) ? message['images'] : [])
    if (!/^[A-Za-z0-9+/]+=*$/.test(asText(image))) found.push(`message ${i}: an image is not base64`);
  for (const call of asRecords(message['tool_calls']))
    if (typeof asRecord(call['function'])['arguments'] === 'string')
      found.push(`message ${i}: arguments of a tool call are not an object`);
  return found;
}

const head = ({ model }: Exchange) => ({ model, created_at: '2025-10-01T12:00:00.000Z' });

/** Arguments that are not JSON stay a string, which no real server sends: it parses them itself. */
const toCall = (call: WireCall) => ({
  id: call.id,
  function: { name: call.name, arguments: parseArguments(call.argumentsText) },
});

const doneReasons: Record<FinishReason, string> = {
  stop: 'stop',
  'tool-calls': 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  other: 'unload',
};

const endOf = (reason: FinishReason, usage: Usage | null) => ({
  done_reason: doneReasons[reason],
  done: true,
  total_duration: 5_000_000,
  load_duration: 1_000_000,
  ...(usage === null
    ? {}
    : {
        prompt_eval_count: usage.inputTokens,
        prompt_eval_duration: 2_000_000,
        eval_count: usage.outputTokens,
        eval_duration: 2_000_000,
      }),
});

function createFrames(exchange: Exchange): AnswerFrames {
  const line = (value: JsonRecord): string => `${JSON.stringify({ ...head(exchange), ...value })}\n`;
  const message = (more: JsonRecord): string =>
    line({ message: { role: 'assistant', content: '', ...more }, done: false });
  return {
    start: () => [],
    text: (delta) => [message({ content: delta })],
    reasoning: (delta) => [message({ thinking: delta })],
    toolCall: (call) => [message({ tool_calls: [toCall(call)] })],
    // Calls come whole, so half of one is a line that stops in its middle.
    halfToolCall: (call) => {
      const whole = message({ tool_calls: [toCall(call)] });
      return [whole.slice(0, whole.indexOf('"arguments"') + 14)];
    },
    garbled: () => '{"model":"test-model","message":{"ro\n',
    finish: (reason) => [
      line({ message: { role: 'assistant', content: '' }, ...endOf(reason, exchange.usage) }),
    ],
  };
}
