import type { FinishReason, ModelMessage, ResponseFormat, ToolChoice } from '@reeve/core';
import type { ImageInput, Json, Usage } from '@reeve/protocol';
import { callsOf, parseArguments, type ReplyData, reasoningOf, replyText, splitText } from '../reply.ts';
import { finishOf, type ModelWire, retryHeader, type Thought } from './model-wire.ts';
import {
  asRecord,
  asRecords,
  asText,
  createdAt,
  emptyTools,
  imageFromUrl,
  type JsonRecord,
  readParams,
  sse,
  textOf,
} from './read.ts';

/** The parts of a chat-completions request that tests read. */
export interface ChatBody {
  model?: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean } | null;
  messages?: ChatMessage[];
  tools?: { type?: string; function?: { name?: string; description?: string; parameters?: unknown } }[];
  temperature?: number;
  max_tokens?: number;
  top_p?: number;
}

export interface ChatMessage {
  role?: string;
  content?: string | { type?: string; text?: string }[] | null;
  tool_calls?: { id?: string; type?: string; function?: { name?: string; arguments?: string } }[];
  tool_call_id?: string;
}

/** OpenAI chat completions, which most servers imitate. */
export const openAiChat: ModelWire = {
  protocol: 'openai-chat',
  base: '/v1',
  contentType: 'text/event-stream',
  route(method, path, models) {
    if (method === 'POST' && path === '/chat/completions') return { kind: 'answer' };
    if (method === 'GET' && path === '/models')
      return {
        kind: 'info',
        body: { object: 'list', data: models.map((id) => ({ id, object: 'model' })) },
      };
    return null;
  },
  refusal: () => null,
  parse(body) {
    const thoughts = new Map<ModelMessage, Thought[]>();
    const messages = asRecords(body['messages']);
    const isUsageAsked = asRecord(body['stream_options'])['include_usage'] === true;
    return {
      request: {
        model: asText(body['model']),
        messages: toMessages(messages, thoughts),
        toolNames: asRecords(body['tools']).map((tool) => asText(asRecord(tool['function'])['name'])),
        params: readParams(body, {
          temperature: 'temperature',
          maxOutputTokens:
            body['max_completion_tokens'] === undefined ? 'max_tokens' : 'max_completion_tokens',
          topP: 'top_p',
          stop: 'stop',
          seed: 'seed',
          frequencyPenalty: 'frequency_penalty',
          presencePenalty: 'presence_penalty',
        }),
        ...readChoice(body['tool_choice'], (choice) => asText(asRecord(choice['function'])['name'])),
        ...readFormat(asRecord(body['response_format'])),
        ...(typeof body['reasoning_effort'] === 'string'
          ? { thinking: { effort: body['reasoning_effort'] } }
          : {}),
      },
      isStream: body['stream'] === true,
      tools: body['tools'],
      thoughts,
      demandsSignatures: false,
      faults: [
        ...messages.flatMap(checkMessage),
        ...emptyTools(body['tools']),
        ...(body['stream'] !== true && isUsageAsked ? ['stream_options without stream'] : []),
      ],
    };
  },
  frames({ n, model, usage, body }) {
    const frames = createFrames(`chatcmpl-${n}`, model);
    let calls = 0;
    const toolCall = (call: { id: string; name: string; argumentsText: string }): string[] => {
      calls += 1;
      return frames.toolCall(calls - 1, call.id, call.name, call.argumentsText);
    };
    return {
      start: () => [frames.start()],
      text: (delta) => [frames.text(delta)],
      reasoning: (delta) => [frames.reasoning(delta)],
      toolCall,
      halfToolCall: toolCall,
      garbled: () => 'data: {"id":"chatcmpl-x","choices":[{"ind\n\n',
      finish: (reason) => [
        frames.finish(reason),
        ...(usage !== null && asRecord(body['stream_options'])['include_usage'] === true
          ? [frames.usage(usage)]
          : []),
        doneFrame,
      ],
    };
  },
  whole: ({ n, model, usage }, reply) => completionBody(`chatcmpl-${n}`, model, reply, usage),
  error: (end) => ({
    body: { error: { message: end.message, type: 'error', code: end.code } },
    headers: retryHeader(end),
  }),
  count: (tokens) => ({ input_tokens: tokens }),
};

/** A tool result's name is that of the call it answers. */
function toMessages(messages: JsonRecord[], thoughts: Map<ModelMessage, Thought[]>): ModelMessage[] {
  const names = new Map<string, string>();
  return messages.map((message): ModelMessage => {
    const text = textOf(message['content']);
    switch (message['role']) {
      case 'assistant': {
        const toolCalls = asRecords(message['tool_calls']).map((call) => {
          const id = asText(call['id']);
          const called = asRecord(call['function']);
          const name = asText(called['name']);
          names.set(id, name);
          return { id, name, args: parseArguments(asText(called['arguments'])) };
        });
        const answer: ModelMessage = { role: 'assistant', text, toolCalls };
        const thinking = asText(message['reasoning_content']);
        if (thinking !== '') thoughts.set(answer, [{ signature: null, text: thinking }]);
        return answer;
      }
      case 'tool': {
        const callId = asText(message['tool_call_id']);
        return { role: 'tool', callId, name: names.get(callId) ?? '', text, isError: false };
      }
      case 'system':
      case 'developer':
        return { role: 'system', text };
      default:
        return { role: 'user', text, ...readImages(message['content']) };
    }
  });
}

function readImages(content: unknown): { images?: ImageInput[] } {
  const images = (Array.isArray(content) ? asRecords(content) : [])
    .filter((part) => part['type'] === 'image_url')
    .map((part) => imageFromUrl(asText(asRecord(part['image_url'])['url'])));
  return images.length === 0 ? {} : { images };
}

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool']);

function checkMessage(message: JsonRecord, i: number): string[] {
  if (!roles.has(asText(message['role']))) return [`message ${i}: unknown role ${message['role']}`];
  return message['role'] === 'tool' && message['content'] == null
    ? [`message ${i}: tool without content`]
    : [];
}

/** OpenAI's words for the choice of tools, which Responses shares but for where the name lies. */
export function readChoice(
  choice: unknown,
  nameIn: (choice: JsonRecord) => string,
): { toolChoice?: ToolChoice } {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { toolChoice: choice };
  return choice === undefined || choice === null ? {} : { toolChoice: { tool: nameIn(asRecord(choice)) } };
}

function readFormat(format: JsonRecord): { responseFormat?: ResponseFormat } {
  if (format['type'] === 'json_object') return { responseFormat: { type: 'json' } };
  if (format['type'] !== 'json_schema') return {};
  const { schema, name } = asRecord(format['json_schema']);
  return { responseFormat: toJsonFormat(schema, name) };
}

/** A schema and its name as the client sent them. */
export const toJsonFormat = (schema: unknown, name?: unknown): ResponseFormat => ({
  type: 'json',
  ...(schema === undefined ? {} : { schema: asRecord(schema) as Record<string, Json> }),
  ...(typeof name === 'string' ? { name } : {}),
});

const finishReasons: Record<FinishReason, string> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'content_filter',
  other: 'unknown',
};

export const doneFrame = 'data: [DONE]\n\n';

/** Pieces of a call's arguments, a few characters each. */
export const argumentPieces = (text: string): string[] => splitText(text, Math.ceil([...text].length / 6));

/** Writes the server-sent events of one streamed answer. */
export function createFrames(id: string, model: string) {
  const frame = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    sse({ id, object: 'chat.completion.chunk', created: createdAt, model, choices, ...more });
  const delta = (value: unknown, finishReason: string | null = null): string =>
    frame([{ index: 0, delta: value, finish_reason: finishReason }]);
  const toolDelta = (index: number, value: Record<string, unknown>): string =>
    delta({ tool_calls: [{ index, ...value }] });
  return {
    start: () => delta({ role: 'assistant', content: '' }),
    text: (text: string) => delta({ content: text }),
    reasoning: (text: string) => delta({ reasoning_content: text }),
    /** The first fragment names the call, the others carry its arguments. */
    toolCall: (index: number, callId: string, name: string, argumentsText: string): string[] => [
      toolDelta(index, { id: callId, type: 'function', function: { name, arguments: '' } }),
      ...argumentPieces(argumentsText).map((piece) => toolDelta(index, { function: { arguments: piece } })),
    ],
    finish: (reason: FinishReason) => delta({}, finishReasons[reason]),
    usage: (usage: Usage) => frame([], { usage: toWireUsage(usage) }),
  };
}

function completionBody(id: string, model: string, reply: ReplyData, usage: Usage | null) {
  const calls = callsOf(reply).map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.argumentsText },
  }));
  const text = replyText(reply);
  const reasoning = reasoningOf(reply);
  return {
    id,
    object: 'chat.completion',
    created: createdAt,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        finish_reason: finishReasons[finishOf(reply)],
      },
    ],
    ...(usage === null ? {} : { usage: toWireUsage(usage) }),
  };
}

const toWireUsage = (usage: Usage) => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  ...(usage.cacheReadTokens === undefined && usage.cacheWriteTokens === undefined
    ? {}
    : { prompt_tokens_details: cacheDetails(usage) }),
});

/** OpenAI's details of input tokens, in chat and Responses. */
export const cacheDetails = (usage: Usage) => ({
  cached_tokens: usage.cacheReadTokens ?? 0,
  ...(usage.cacheWriteTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteTokens }),
});
