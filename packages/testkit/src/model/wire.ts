import type { FinishReason, ModelMessage } from '@reeve/core';
import type { Usage } from '@reeve/protocol';
import { parseArguments, type ReplyData, replyText, splitText } from './reply.ts';
import type { ScriptRequest } from './script.ts';

/** The parts of an OpenAI chat-completions request that the fake reads. */
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

export const contentText = (content: ChatMessage['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

/** The request as scripts see it. A tool result's name is that of the call it answers. */
export function toScriptRequest(body: ChatBody): ScriptRequest {
  const names = new Map<string, string>();
  const messages = (body.messages ?? []).map((message): ModelMessage => {
    const text = contentText(message.content);
    switch (message.role) {
      case 'assistant': {
        const toolCalls = (message.tool_calls ?? []).map((call) => {
          const id = call.id ?? '';
          const name = call.function?.name ?? '';
          names.set(id, name);
          return { id, name, args: parseArguments(call.function?.arguments ?? '') };
        });
        return { role: 'assistant', text, toolCalls };
      }
      case 'tool': {
        const callId = message.tool_call_id ?? '';
        return { role: 'tool', callId, name: names.get(callId) ?? '', text, isError: false };
      }
      case 'user':
        return { role: 'user', text };
      default:
        return { role: 'system', text };
    }
  });
  return {
    model: body.model ?? '',
    messages,
    toolNames: (body.tools ?? []).map((tool) => tool.function?.name ?? ''),
    params: {
      ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
      ...(body.max_tokens === undefined ? {} : { maxOutputTokens: body.max_tokens }),
      ...(body.top_p === undefined ? {} : { topP: body.top_p }),
    },
  };
}

const finishReasons: Record<FinishReason, string> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'content_filter',
  other: 'unknown',
};

export const doneFrame = 'data: [DONE]\n\n';

/** Writes the server-sent events of one streamed answer. */
export function createFrames(id: string, model: string) {
  const frame = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1_700_000_000, model, choices, ...more })}\n\n`;
  const delta = (value: unknown, finishReason: string | null = null): string =>
    frame([{ index: 0, delta: value, finish_reason: finishReason }]);
  const toolDelta = (index: number, value: Record<string, unknown>): string =>
    delta({ tool_calls: [{ index, ...value }] });
  return {
    start: () => delta({ role: 'assistant', content: '' }),
    text: (text: string) => delta({ content: text }),
    reasoning: (text: string) => delta({ reasoning_content: text }),
    /** The first fragment names the call, the others carry its arguments a few characters at a time. */
    toolCall: (index: number, callId: string, name: string, argumentsText: string): string[] => [
      toolDelta(index, { id: callId, type: 'function', function: { name, arguments: '' } }),
      ...splitText(argumentsText, Math.ceil([...argumentsText].length / 6)).map((piece) =>
        toolDelta(index, { function: { arguments: piece } }),
      ),
    ],
    finish: (reason: FinishReason) => delta({}, finishReasons[reason]),
    usage: (usage: Usage) => frame([], { usage: toWireUsage(usage) }),
  };
}

/** The body of an answer that is not streamed. */
export function completionBody(id: string, model: string, reply: ReplyData, usage: Usage | null) {
  const calls = reply.parts.flatMap((part) =>
    part.kind === 'toolCall'
      ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.argumentsText } }]
      : [],
  );
  const text = replyText(reply);
  return {
    id,
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        finish_reason: reply.end.kind === 'finish' ? finishReasons[reply.end.reason] : null,
      },
    ],
    ...(usage === null ? {} : { usage: toWireUsage(usage) }),
  };
}

const toWireUsage = (usage: Usage) => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  ...(usage.cacheReadTokens === undefined
    ? {}
    : { prompt_tokens_details: { cached_tokens: usage.cacheReadTokens } }),
});
