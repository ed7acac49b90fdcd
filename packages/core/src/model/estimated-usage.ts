import type { Usage } from '@reeve/protocol';
import type { ModelRequest } from '../ports/model.ts';

/** OpenAI's rule of thumb for English: a token is about four characters. */
const tokensOf = (characters: number): number => Math.ceil(characters / 4);

/** What a call used whose server does not say; `characters` is the length of what was answered. Marked wherever it shows. */
export const estimatedUsage = (request: Pick<ModelRequest, 'messages'>, characters: number): Usage => ({
  inputTokens: request.messages.reduce((sum, { text }) => sum + tokensOf(text.length), 0),
  outputTokens: tokensOf(characters),
  estimated: true,
});
