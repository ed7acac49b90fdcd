import { createHash } from 'node:crypto';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

const short = /^[a-zA-Z0-9]{9}$/;

/** Nine letters and digits for an id: the id itself when it is such, else always the same for the same id. */
const shorten = (id: string): string =>
  short.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);

/** Renames the calls of a transcript that other models have made, and their results, in place. */
export function shortenCallIds({ prompt }: LanguageModelV4CallOptions): void {
  for (const message of prompt) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue;
    for (const part of message.content)
      if (part.type === 'tool-call' || part.type === 'tool-result')
        part.toolCallId = shorten(part.toolCallId);
  }
}
