import type { ModelMessage, ResponseFormat, ToolChoice } from '@reeve/core';
import type { ImageInput } from '@reeve/protocol';
import type { ThinkingWish } from '../script.ts';
import { createFrames, wholeOf } from './google-answer.ts';
import { type ModelWire, overflowCode, refuse, type StatusEnd, type Thought } from './model-wire.ts';
import { toJsonFormat } from './openai-chat.ts';
import { asRecord, asRecords, asText, emptyTools, type JsonRecord, readParams } from './read.ts';

const modelPath = /^\/models\/([^/:]+):(streamGenerateContent|generateContent|countTokens)$/;

/** Google's Gemini API, v1beta. */
export const google: ModelWire = {
  protocol: 'google',
  base: '/google/v1beta',
  contentType: 'text/event-stream',
  route(method, path, models) {
    if (method === 'GET' && path === '/models') return { kind: 'info', body: modelList(models) };
    const [, model, verb] = modelPath.exec(decodeURIComponent(path)) ?? [];
    if (method !== 'POST' || model === undefined) return null;
    if (verb === 'countTokens') return { kind: 'count', model };
    return { kind: 'answer', model, isStream: verb === 'streamGenerateContent' };
  },
  refusal: (headers, query) =>
    asText(headers['x-goog-api-key']) === '' && (query.get('key') ?? '') === ''
      ? refuse(
          403,
          "Method doesn't allow unauthenticated callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
        )
      : null,
  parse(sent, route) {
    // A count takes the same request either bare or wrapped.
    const body =
      sent['generateContentRequest'] === undefined ? sent : asRecord(sent['generateContentRequest']);
    const thoughts = new Map<ModelMessage, Thought[]>();
    const config = asRecord(body['generationConfig']);
    const thinking = readThinking(asRecord(config['thinkingConfig']));
    const tools = asRecords(body['tools']).flatMap((tool) => asRecords(tool['functionDeclarations']));
    const contents = asRecords(body['contents']);
    return {
      request: {
        model: route.model ?? '',
        messages: [
          ...asRecords(asRecord(body['systemInstruction'])['parts']).map(
            (part): ModelMessage => ({ role: 'system', text: asText(part['text']) }),
          ),
          ...toMessages(contents, thoughts),
        ],
        toolNames: tools.map((tool) => asText(tool['name'])),
        params: readParams(config, {
          temperature: 'temperature',
          maxOutputTokens: 'maxOutputTokens',
          topP: 'topP',
          stop: 'stopSequences',
          seed: 'seed',
          frequencyPenalty: 'frequencyPenalty',
          presencePenalty: 'presencePenalty',
        }),
        ...readChoice(asRecord(asRecord(body['toolConfig'])['functionCallingConfig'])),
        ...readFormat(config),
        ...(thinking === null ? {} : { thinking }),
      },
      isStream: route.kind === 'answer' && route.isStream === true,
      tools: body['tools'],
      thoughts,
      demandsSignatures: true,
      faults: [...emptyTools(body['tools']), ...contents.flatMap(checkContent)],
    };
  },
  frames: createFrames,
  whole: wholeOf,
  error: (end) => ({ body: { error: errorOf(end) } }),
  count: (tokens) => ({
    totalTokens: tokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }],
  }),
};

const modelList = (models: readonly string[]) => ({
  models: models.map((id) => ({
    name: `models/${id}`,
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 8_192,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  })),
});

/** Calls may come without an id: then answers belong to calls of their name in order. */
function toMessages(contents: JsonRecord[], thoughts: Map<ModelMessage, Thought[]>): ModelMessage[] {
  let waiting: { id: string; name: string }[] = [];
  let unnamed = 0;
  return contents.flatMap((content): ModelMessage[] => {
    const parts = asRecords(content['parts']);
    const text = parts.map((part) => (part['thought'] === true ? '' : asText(part['text']))).join('');
    if (content['role'] === 'model') {
      const toolCalls = parts.flatMap((part) => {
        if (part['functionCall'] === undefined) return [];
        const { id, name, args } = asRecord(part['functionCall']);
        unnamed += 1;
        return [{ id: asText(id) || `unnamed_${unnamed}`, name: asText(name), args: args as string }];
      });
      waiting = [...toolCalls];
      const answer: ModelMessage = { role: 'assistant', text, toolCalls };
      const carried = parts.flatMap(toThought);
      if (carried.length > 0) thoughts.set(answer, carried);
      return [answer];
    }
    const answers = parts.flatMap((part): ModelMessage[] => {
      if (part['functionResponse'] === undefined) return [];
      const { id, name, response } = asRecord(part['functionResponse']);
      const place = waiting.findIndex((call) => (id === undefined ? call.name === name : call.id === id));
      const [call] = place < 0 ? [] : waiting.splice(place, 1);
      const result = asRecord(response);
      return [
        {
          role: 'tool',
          callId: call?.id ?? asText(id),
          name: asText(name),
          text: resultText(result['error'] ?? result['content'] ?? result['output'] ?? response),
          isError: result['error'] !== undefined,
        },
      ];
    });
    const images = parts.flatMap(toImage);
    if (answers.length > 0 && text === '' && images.length === 0) return answers;
    return [...answers, { role: 'user', text, ...(images.length === 0 ? {} : { images }) }];
  });
}

const resultText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function toThought(part: JsonRecord): Thought[] {
  const signature = part['thoughtSignature'];
  // The documented way to say that a call comes from elsewhere, so there is no signature.
  if (signature === 'skip_thought_signature_validator') return [];
  if (signature === undefined && part['thought'] !== true) return [];
  return [
    {
      signature: signature === undefined ? null : asText(signature),
      text: part['thought'] === true ? asText(part['text']) : '',
    },
  ];
}

function toImage(part: JsonRecord): ImageInput[] {
  if (part['inlineData'] !== undefined) {
    const { mimeType, data } = asRecord(part['inlineData']);
    return [{ mediaType: asText(mimeType), data: asText(data) }];
  }
  if (part['fileData'] === undefined) return [];
  const { mimeType, fileUri } = asRecord(part['fileData']);
  return [{ mediaType: asText(mimeType), data: asText(fileUri) }];
}

function readChoice({ mode, allowedFunctionNames }: JsonRecord): { toolChoice?: ToolChoice } {
  if (mode === 'AUTO' || mode === 'VALIDATED') return { toolChoice: 'auto' };
  if (mode === 'NONE') return { toolChoice: 'none' };
  if (mode !== 'ANY') return {};
  const [name] = Array.isArray(allowedFunctionNames) ? allowedFunctionNames : [];
  return { toolChoice: name === undefined ? 'required' : { tool: asText(name) } };
}

function readFormat(config: JsonRecord): { responseFormat?: ResponseFormat } {
  return config['responseMimeType'] === 'application/json'
    ? { responseFormat: toJsonFormat(config['responseJsonSchema'] ?? config['responseSchema']) }
    : {};
}

function readThinking(config: JsonRecord): ThinkingWish | null {
  const { thinkingBudget, thinkingLevel } = config;
  if (typeof thinkingBudget === 'number') return { budgetTokens: thinkingBudget };
  return typeof thinkingLevel === 'string' ? { effort: thinkingLevel } : null;
}

/** What the API refuses with status 400 (INVALID_ARGUMENT). */
function checkContent(content: JsonRecord, i: number, all: JsonRecord[]): string[] {
  const found: string[] = [];
  const role = content['role'];
  const parts = asRecords(content['parts']);
  if (role !== 'user' && role !== 'model') found.push(`content ${i}: unknown role ${role}`);
  if (i === 0 && role === 'model') found.push('content 0: the first is not of role user');
  if (parts.length === 0) found.push(`content ${i}: no parts`);
  if (parts.some((part) => part['text'] === '')) found.push(`content ${i}: an empty text`);
  const calls = countOf(all[i - 1], 'functionCall');
  if (calls > 0 && countOf(content, 'functionResponse') !== calls)
    found.push(`content ${i}: as many function responses must follow as there were function calls, ${calls}`);
  return found;
}

const countOf = (content: JsonRecord | undefined, part: 'functionCall' | 'functionResponse'): number =>
  asRecords(content?.['parts']).filter((found) => found[part] !== undefined).length;

const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Google says when to come back in the body (`google.rpc.RetryInfo`) and not in a header. */
function errorOf({ status, message, code, retryAfter }: StatusEnd) {
  return {
    code: status,
    message:
      code === overflowCode
        ? 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'
        : message,
    status: statuses[status] ?? 'UNKNOWN',
    ...(retryAfter === null
      ? {}
      : {
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }],
        }),
  };
}
