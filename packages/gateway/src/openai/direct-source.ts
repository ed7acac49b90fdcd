import { randomUUID } from 'node:crypto';
import type { DirectRequest, ModelError, ModelMessage } from '@reeve/core';
import { type FaultCode, FaultError, type ToolCall } from '@reeve/protocol';
import type { AnswerPart, AnswerSource, ApiContext } from './answer-source.ts';
import type { ApiRequest } from './api-request.ts';
import { checkResults } from './conversation.ts';
import { createShownText } from './shown-text.ts';

/** A model answers directly, through the router: no session, no memory, no tools but the client's. */
export const openDirect = async (
  { services: { core }, actor, recentTexts }: ApiContext,
  api: ApiRequest,
  ref: string | null,
): Promise<AnswerSource> => {
  if (api.continues !== null)
    throw new FaultError('UNSUPPORTED', 'A model asked directly keeps nothing to go on from.', {
      next: 'Send the whole conversation, or leave `direct/` out of the model.',
    });
  checkResults(api.conversation);
  const { tools = [], toolChoice, responseFormat } = api.client;
  const request: DirectRequest = {
    messages: toMessages(api),
    tools,
    params: api.params,
    ...(toolChoice !== undefined && tools.length > 0 && { toolChoice }),
    ...(responseFormat !== undefined && { responseFormat }),
  };
  const slots = await core.direct.resolve(actor, ref, request);
  if (slots.length === 0) throw new FaultError('LLM_ERROR', 'No model is configured.');
  const id = randomUUID();
  return {
    id,
    keep: (text) => recentTexts.keep(actor, id, text),
    async *parts(signal): AsyncGenerator<AnswerPart> {
      const shown = createShownText();
      let text = '';
      let toolCalls: ToolCall[] = [];
      for await (const event of core.direct.stream(actor, slots, request, signal)) {
        switch (event.type) {
          case 'text': {
            text += event.delta;
            const delta = shown.add(event.delta);
            if (delta !== '') yield { type: 'text', delta };
            break;
          }
          case 'reasoning':
            yield event;
            break;
          case 'toolCall':
            toolCalls.push(event.call);
            break;
          case 'restarted':
            text = '';
            toolCalls = [];
            shown.replace('');
            break;
          case 'error':
            if (signal.aborted) return;
            throw toFault(event.error);
          case 'finish': {
            const rest = shown.rest(text);
            if (rest !== '') yield { type: 'text', delta: rest };
            yield {
              type: 'end',
              answer: {
                text,
                toolCalls,
                finishReason: event.reason,
                model: `${event.slot.provider.id}/${event.slot.model}`,
                usage: event.usage ?? { inputTokens: 0, outputTokens: 0 },
              },
            };
          }
        }
      }
    },
  };
};

const toMessages = ({ conversation: { instructions, history, input } }: ApiRequest): ModelMessage[] => {
  const names = new Map<string, string>();
  const tool = (callId: string, text: string): ModelMessage => ({
    role: 'tool',
    callId,
    name: names.get(callId) ?? 'tool',
    text,
    isError: false,
  });
  const messages: ModelMessage[] =
    instructions === '' ? [] : [{ role: 'system', text: instructions, isStable: true }];
  for (const one of history) {
    if (one.role === 'tool') {
      messages.push(tool(one.callId, one.text));
    } else if (one.role === 'assistant') {
      for (const call of one.toolCalls) names.set(call.id, call.name);
      messages.push(one);
    } else {
      messages.push({ role: 'user', text: one.text, ...(one.images.length > 0 && { images: one.images }) });
    }
  }
  for (const { callId, text } of input.toolResults) messages.push(tool(callId, text));
  const { text, images } = input;
  if (text !== '' || images.length > 0)
    messages.push({ role: 'user', text, ...(images.length > 0 && { images }) });
  return messages;
};

const codes: Partial<Record<ModelError['class'], FaultCode>> = {
  rate_limited: 'RATE_LIMIT',
  context_overflow: 'CONTEXT_OVERFLOW',
  invalid_request: 'INVALID_PARAMS',
  timeout: 'TIMEOUT',
};

const toFault = ({ class: errorClass, message, retryAfterMs }: ModelError): FaultError =>
  new FaultError(codes[errorClass] ?? 'LLM_ERROR', message, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
