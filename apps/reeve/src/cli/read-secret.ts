import type { Readable } from 'node:stream';
import { FaultError } from '@reeve/protocol';
import type { CliIo } from './context.ts';

/** A secret that is typed where nobody sees it, or comes from standard input; never from the command line. */
export const readSecret = async (
  { stdin, signal }: CliIo,
  { message, isFromStdin = false }: { message: string; isFromStdin?: boolean | undefined },
): Promise<string> => {
  const value = isFromStdin ? await readAll(stdin) : await ask(stdin, message, signal);
  if (value === '')
    throw new FaultError('INVALID_PARAMS', 'The value is empty.', { next: 'Nothing was changed.' });
  return value;
};

/** Longest value that is taken, characters. */
const limit = 1_000_000;

const readAll = async (stdin: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > limit) throw new FaultError('PAYLOAD_TOO_LARGE');
  }
  // The line end is the editor's or echo's, and no part of a key.
  return text.replace(/\r?\n$/, '');
};

const ask = async (stdin: CliIo['stdin'], message: string, signal: AbortSignal): Promise<string> => {
  if (stdin.isTTY !== true)
    throw new FaultError('INVALID_PARAMS', 'There is no terminal to ask for the value.', {
      next: 'Give it on standard input, with --stdin.',
    });
  const { isCancel, password } = await import('@clack/prompts');
  const answer = await password({ message, mask: '•', input: stdin, signal });
  if (isCancel(answer)) throw new FaultError('TIMEOUT', 'Stopped; nothing was changed.', { next: '' });
  return answer ?? '';
};
