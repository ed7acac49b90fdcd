import { hash } from 'node:crypto';
import { FaultError, type ImageInput, isTooDeep, type Json, type ToolCall } from '@reeve/protocol';

/** One thing that was said, whichever of OpenAI's forms it came in. */
export type Said =
  | { role: 'user'; text: string; images: ImageInput[] }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[] }
  | { role: 'tool'; callId: string; text: string };

/** What is to be answered: everything behind the last answer. */
export interface Input {
  text: string;
  images: ImageInput[];
  toolResults: { callId: string; text: string }[];
}

export interface Conversation {
  instructions: string;
  /** What was said before. */
  history: Said[];
  input: Input;
}

const inputOf = (said: readonly Said[]): Input => {
  const users = said.filter((one) => one.role === 'user');
  return {
    text: users
      .map((one) => one.text)
      .filter((text) => text !== '')
      .join('\n\n'),
    images: users.flatMap((one) => one.images),
    toolResults: said.flatMap((one) => (one.role === 'tool' ? [{ callId: one.callId, text: one.text }] : [])),
  };
};

const isEmpty = ({ text, images, toolResults }: Input) =>
  text.trim() === '' && images.length === 0 && toolResults.length === 0;

/** History and what is to be answered. */
export const splitSaid = (said: readonly Said[]): Pick<Conversation, 'history' | 'input'> => {
  const lastAnswer = said.findLastIndex((one) => one.role === 'assistant');
  return { history: said.slice(0, lastAnswer + 1), input: inputOf(said.slice(lastAnswer + 1)) };
};

/** Throws FaultError INVALID_PARAMS when there is nothing to answer. */
export const toConversation = (instructions: string[], said: readonly Said[]): Conversation => {
  const split = splitSaid(said);
  if (isEmpty(split.input))
    throw new FaultError('INVALID_PARAMS', 'The last message must be one of the user, and say something.');
  return { instructions: instructions.filter(Boolean).join('\n\n'), ...split };
};

/** Throws FaultError INVALID_PARAMS for a tool's result that answers no call: no model takes such a conversation. */
export const checkResults = ({ history, input }: Conversation): void => {
  const asked = new Set<string>();
  const check = (callId: string) => {
    if (!asked.has(callId))
      throw new FaultError(
        'INVALID_PARAMS',
        `The tool result for “${callId.slice(0, 100)}” answers no call.`,
        {
          next: 'Send it behind the message of the assistant that holds the call.',
        },
      );
  };
  for (const one of history) {
    if (one.role === 'assistant') for (const { id } of one.toolCalls) asked.add(id);
    else if (one.role === 'tool') check(one.callId);
  }
  for (const { callId } of input.toolResults) check(callId);
};

/** Stands for a conversation up to and including what is to be answered: the same words give the same one. */
export const fingerprint = ({ instructions, history, input }: Conversation): string =>
  hash(
    'sha256',
    JSON.stringify([
      instructions,
      ...history.map((one) => [
        one.role,
        one.text.trim(),
        ...(one.role === 'assistant' ? one.toolCalls.map((call) => call.id) : []),
        ...(one.role === 'tool' ? [one.callId] : []),
        ...(one.role === 'user' ? one.images.map(imagePrint) : []),
      ]),
      ['user', input.text.trim(), ...input.images.map(imagePrint)],
      ...input.toolResults.map(({ callId, text }) => ['tool', text.trim(), callId]),
    ]),
  );

const imagePrint = ({ mediaType, data }: ImageInput) => hash('sha256', `${mediaType}\n${data}`);

const dataUrl = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+=*)$/;

/** Throws FaultError INVALID_PARAMS. An https address is the provider's to fetch: Reeve calls no address for a client. */
export const toImage = (url: string): ImageInput => {
  const match = dataUrl.exec(url);
  if (match) return { mediaType: match[1]!, data: match[2]! };
  if (url.startsWith('https://') && url.length < 4_000) return { mediaType: 'image/*', data: url };
  throw new FaultError(
    'INVALID_PARAMS',
    'An image must be a data URL (base64; png, jpeg, gif or webp) or an https address.',
  );
};

/** Arguments as their JSON value; text that is no JSON, or none that can be kept, stays text. */
export const parseArguments = (text: string): Json => {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text) as Json;
    return isTooDeep(value) ? text : value;
  } catch {
    return text;
  }
};
