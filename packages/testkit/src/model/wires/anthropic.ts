import type { ModelMessage } from '@reeve/core';
import { createFrames, wholeOf } from './anthropic-answer.ts';
import { readChoice, readFormat, readSystem, readThinking, toMessages } from './anthropic-request.ts';
import { checkBody } from './anthropic-rules.ts';
import {
  type ModelWire,
  overflowCode,
  refuse,
  retryHeader,
  type StatusEnd,
  type Thought,
} from './model-wire.ts';
import { asRecord, asRecords, asText, readParams } from './read.ts';

/** Anthropic's Messages API, version 2023-06-01. */
export const anthropic: ModelWire = {
  protocol: 'anthropic',
  base: '/anthropic/v1',
  contentType: 'text/event-stream',
  route(method, path, models) {
    if (method === 'POST' && path === '/messages') return { kind: 'answer' };
    if (method === 'POST' && path === '/messages/count_tokens') return { kind: 'count' };
    if (method === 'GET' && path === '/models') return { kind: 'info', body: modelList(models) };
    return null;
  },
  refusal(headers) {
    const bearer = asText(headers['authorization']);
    if (asText(headers['x-api-key']) === '' && bearer === '')
      return refuse(401, 'x-api-key header is required');
    if (bearer !== '' && !asText(headers['anthropic-beta']).includes('oauth-2025-04-20'))
      return refuse(401, 'OAuth authentication is currently not supported.');
    return headers['anthropic-version'] === undefined
      ? refuse(400, 'anthropic-version: header is required')
      : null;
  },
  parse(body, route) {
    const thoughts = new Map<ModelMessage, Thought[]>();
    const system = readSystem(body['system']);
    const thinking = readThinking(body);
    return {
      request: {
        model: asText(body['model']),
        messages: [...system, ...toMessages(body['messages'], thoughts)],
        toolNames: asRecords(body['tools']).map((tool) => asText(tool['name'])),
        params: readParams(body, {
          temperature: 'temperature',
          maxOutputTokens: 'max_tokens',
          topP: 'top_p',
          stop: 'stop_sequences',
        }),
        ...readChoice(asRecord(body['tool_choice'])),
        ...readFormat(body),
        ...(thinking === null ? {} : { thinking }),
      },
      isStream: body['stream'] === true,
      tools: body['tools'],
      thoughts,
      demandsSignatures: thinking?.isOn === true,
      faults: route.kind === 'count' ? [] : checkBody(body, thinking),
    };
  },
  frames: createFrames,
  whole: wholeOf,
  error: (end) => ({
    body: { type: 'error', error: { type: errorType(end), message: errorMessage(end) }, request_id: 'req_1' },
    headers: retryHeader(end),
  }),
  count: (tokens) => ({ input_tokens: tokens }),
};

function modelList(models: readonly string[]) {
  const data = models.map((id) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '2025-02-19T00:00:00Z',
  }));
  return { data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null };
}

const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const errorType = ({ status }: StatusEnd): string =>
  errorTypes[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

const errorMessage = ({ code, message }: StatusEnd): string =>
  code === overflowCode ? 'prompt is too long: 208310 tokens > 200000 maximum' : message;
