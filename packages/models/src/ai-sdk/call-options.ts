import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider';
import type { ModelMessage, ModelRequest } from '@reeve/core';
import type { Json } from '@reeve/protocol';

/** Our request in the words of the AI SDK's provider specification. */
export function toCallOptions(request: ModelRequest, abortSignal: AbortSignal): LanguageModelV4CallOptions {
  const { temperature, maxOutputTokens, topP } = request.params;
  const options: LanguageModelV4CallOptions = { prompt: request.messages.flatMap(toMessage), abortSignal };
  if (temperature !== undefined) options.temperature = temperature;
  if (maxOutputTokens !== undefined) options.maxOutputTokens = maxOutputTokens;
  if (topP !== undefined) options.topP = topP;
  if (request.tools.length > 0) {
    options.tools = request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      inputSchema: tool.parameters,
    }));
    options.toolChoice = { type: 'auto' };
  }
  return options;
}

// Texts are made well-formed: JSON with half a surrogate pair is refused whole by some servers.
function toMessage(message: ModelMessage): LanguageModelV4Message[] {
  const text = message.text.toWellFormed();
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: text }];
    case 'user':
      return [{ role: 'user', content: [{ type: 'text', text }] }];
    case 'assistant': {
      const calls = message.toolCalls.map((call) => ({
        type: 'tool-call' as const,
        toolCallId: call.id,
        toolName: call.name,
        input: toInput(call.args),
      }));
      // Servers refuse an assistant message that holds neither text nor a call.
      if (text === '' && calls.length === 0) return [];
      return [
        { role: 'assistant', content: text === '' ? calls : [{ type: 'text' as const, text }, ...calls] },
      ];
    }
    case 'tool': {
      const output = { type: message.isError ? ('error-text' as const) : ('text' as const), value: text };
      return [
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: message.callId, toolName: message.name, output }],
        },
      ];
    }
  }
}

/** Chat templates and some servers take objects only, so a call that was refused for its arguments is wrapped. */
const toInput = (args: Json): Json =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? args : { input: args };
