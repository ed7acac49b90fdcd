import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { ImageInput, ModelMessage } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { type ContinuationRule, restoreContent } from './continuation.ts';

export interface PromptRules {
  /** Id of the provider that asks: continuations of others are left out. */
  providerId: string;
  /** Whose signatures may go back. */
  signer: string;
  continues: ContinuationRule | undefined;
  /** Options of system messages that stay the same, which then stay apart; absent = all become one. */
  stableSystem: SharedV4ProviderOptions | undefined;
  /** A failed tool's text goes as it is: the protocol has no mark for it, and the SDK would wrap it in JSON. */
  hasPlainErrors: boolean;
}

/** Our transcript in the words of the AI SDK's provider specification. */
export function toPrompt(messages: readonly ModelMessage[], rules: PromptRules): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = [];
  for (const message of messages) {
    const text = message.text.toWellFormed();
    const last = prompt.at(-1);
    // Results of one step belong together: Google takes as many in one message as there were calls.
    if (message.role === 'tool' && last?.role === 'tool') last.content.push(toResult(message, text, rules));
    else if (message.role === 'system' && last?.role === 'system' && rules.stableSystem === undefined)
      last.content += `\n\n${text}`;
    else {
      const converted = toMessage(message, text, rules);
      if (converted !== null) prompt.push(converted);
    }
  }
  return prompt;
}

// Texts are made well-formed: JSON with half a surrogate pair is refused whole by some servers.
function toMessage(message: ModelMessage, text: string, rules: PromptRules): LanguageModelV4Message | null {
  switch (message.role) {
    case 'system':
      if (text === '') return null;
      return {
        role: 'system',
        content: text,
        ...(message.isStable && rules.stableSystem && { providerOptions: rules.stableSystem }),
      };
    case 'user': {
      const images = message.images?.map(toFile) ?? [];
      // Servers refuse an empty text beside an image.
      if (text === '' && images.length > 0) return { role: 'user', content: images };
      return { role: 'user', content: [{ type: 'text', text }, ...images] };
    }
    case 'assistant': {
      const calls = message.toolCalls.map(
        (call): LanguageModelV4ToolCallPart => ({
          type: 'tool-call',
          toolCallId: call.id,
          toolName: call.name,
          input: toInput(call.args),
        }),
      );
      const { continuation } = message;
      if (rules.continues !== undefined && continuation?.provider === rules.providerId) {
        const content = restoreContent(continuation.data, rules.continues, rules.signer, text, calls);
        if (content !== null) return { role: 'assistant', content };
      }
      // Servers refuse an assistant message that holds neither text nor a call.
      if (text === '' && calls.length === 0) return null;
      return { role: 'assistant', content: text === '' ? calls : [{ type: 'text', text }, ...calls] };
    }
    case 'tool':
      return { role: 'tool', content: [toResult(message, text, rules)] };
  }
}

const toResult = (
  message: Extract<ModelMessage, { role: 'tool' }>,
  text: string,
  { hasPlainErrors }: PromptRules,
): LanguageModelV4ToolResultPart => ({
  type: 'tool-result',
  toolCallId: message.callId,
  toolName: message.name,
  output: { type: message.isError && !hasPlainErrors ? 'error-text' : 'text', value: text },
});

const toFile = ({ mediaType, data }: ImageInput): LanguageModelV4FilePart => ({
  type: 'file',
  mediaType,
  data: isImageUrl(data) ? { type: 'url', url: new URL(data) } : { type: 'data', data },
});

/** An image is base64 or an address, which the vendor fetches. */
export const isImageUrl = (data: string): boolean => data.startsWith('https://');

/** Chat templates and some servers take objects only, so a call that was refused for its arguments is wrapped. */
const toInput = (args: Json): Json =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? args : { input: args };
