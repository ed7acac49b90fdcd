import type { ScriptRequest } from './script.ts';
import type { ParsedRequest } from './wires/model-wire.ts';

/** The server's measure of a token, in characters. */
export const charactersPerToken = 4;
/** What an image counts here: a tile of Gemini's. */
export const imageTokens = 258;

/** Input tokens of a request by the server's measure: texts, calls, tools and images. */
export function countTokens({ request, tools }: Pick<ParsedRequest, 'request' | 'tools'>): number {
  const characters = request.messages.reduce(
    (sum, message) => {
      const calls = message.role === 'assistant' ? JSON.stringify(message.toolCalls).length - 2 : 0;
      return sum + message.text.length + calls;
    },
    JSON.stringify(tools ?? '').length - 2,
  );
  return Math.ceil(characters / charactersPerToken) + imagesOf(request).length * imageTokens;
}

/** Characters of a request's body without the bytes of its images. */
export const promptLength = (request: ScriptRequest, raw: string): number =>
  imagesOf(request).reduce((length, image) => length - image.data.length, raw.length) +
  imagesOf(request).length * imageTokens * charactersPerToken;

const imagesOf = ({ messages }: ScriptRequest) =>
  messages.flatMap((message) => (message.role === 'user' ? (message.images ?? []) : []));
