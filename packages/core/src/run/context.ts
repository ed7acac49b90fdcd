import type { ImageInput, ModelMessage } from '../ports/model.ts';
import type { Transcript, TranscriptMessage } from '../ports/store.ts';

/** The tiers of the system prompt (F056) that are the same for everybody, and those that change by the day. */
export interface SystemPrompt {
  static: string;
  volatile: string;
}

/** Base64 of the images that lie in artifacts, by artifact id. */
export type LoadedImages = ReadonlyMap<string, string>;

/**
 * The messages a model reads, from a transcript. Keeps what every provider insists on: system first, every tool
 * call answered right after it, no two messages of a user in a row, nothing empty. What is the same longest stands
 * first, so that a provider's prompt cache holds. `runId` is the run that goes on: only its own answers keep what
 * a provider needs to continue them.
 */
export const toModelMessages = (
  system: SystemPrompt,
  transcript: Transcript,
  images: LoadedImages = new Map(),
  runId?: string,
): ModelMessage[] => {
  const messages = systemMessages(system, transcript);
  const { pinned, rest } = split(transcript);
  if (pinned.length > 0)
    addUser(
      messages,
      `Pinned by the user, always valid:\n${pinned.map((message) => `- ${message.text}`).join('\n')}`,
    );
  if (transcript.summary !== null)
    addUser(messages, `Summary of the earlier conversation:\n${transcript.summary}`);
  rest.forEach((message, index) => {
    if (message.role === 'user') addUser(messages, message.text, imagesOf(message, images));
    else if (message.role === 'notification')
      addUser(messages, `[You told the user on your own: ${message.text}]`);
    else if (message.role === 'assistant') addAssistant(messages, message, resultsAfter(rest, index), runId);
  });
  return messages;
};

const systemMessages = (system: SystemPrompt, { instructions }: Transcript): ModelMessage[] => [
  { role: 'system', text: system.static, isStable: true },
  ...(instructions === null
    ? []
    : [
        {
          role: 'system' as const,
          text: `Instructions of the application through which the user speaks:\n${instructions}`,
          isStable: true,
        },
      ]),
  { role: 'system', text: system.volatile },
];

const imagesOf = (message: TranscriptMessage, loaded: LoadedImages): ImageInput[] =>
  (message.images ?? []).flatMap((image) => {
    const data = 'url' in image ? image.url : loaded.get(image.artifactId);
    return data === undefined ? [] : [{ mediaType: image.mediaType, data }];
  });

/** Pinned messages from before the compaction; those after it stand in their place. */
const split = ({ messages, compactedThrough }: Transcript) => ({
  pinned: messages.filter((message) => message.position <= compactedThrough),
  rest: messages.filter((message) => message.position > compactedThrough),
});

const addUser = (messages: ModelMessage[], text: string, images: ImageInput[] = []) => {
  // Only results of the client's own tools came with it: they stand before it already.
  if (text === '' && images.length === 0) return;
  const last = messages.at(-1);
  if (last?.role !== 'user') {
    messages.push({ role: 'user', text, ...(images.length > 0 && { images }) });
    return;
  }
  last.text = [last.text, text].filter(Boolean).join('\n\n');
  if (images.length > 0) last.images = [...(last.images ?? []), ...images];
};

/** What the tools answered between this answer and the next, by call. */
const resultsAfter = (all: readonly TranscriptMessage[], at: number): Map<string, TranscriptMessage> => {
  const results = new Map<string, TranscriptMessage>();
  for (let index = at + 1; index < all.length && all[index]!.role !== 'assistant'; index += 1) {
    const message = all[index]!;
    if (message.role === 'tool') results.set(message.toolCallId!, message);
  }
  return results;
};

/** Adds an answer and, behind it, the results of its calls in the order of the calls. */
const addAssistant = (
  messages: ModelMessage[],
  message: TranscriptMessage,
  results: ReadonlyMap<string, TranscriptMessage>,
  runId: string | undefined,
): void => {
  if (message.text === '' && message.toolCalls.length === 0) return;
  const previous = messages.at(-1);
  if (previous?.role === 'assistant' && previous.toolCalls.length === 0) {
    // An answer that was cut off and the next one: a model may only see one.
    previous.text = [previous.text, message.text].filter(Boolean).join('\n\n');
    previous.toolCalls = message.toolCalls;
  } else {
    messages.push({
      role: 'assistant',
      text: message.text,
      toolCalls: message.toolCalls,
      ...(message.continuation && message.runId === runId && { continuation: message.continuation }),
    });
  }
  for (const call of message.toolCalls) {
    const result = results.get(call.id);
    messages.push({
      role: 'tool',
      callId: call.id,
      name: call.name,
      text:
        result?.text ?? '{"error":{"code":"TOOL_INTERRUPTED","message":"There is no result of this call."}}',
      isError: result?.isError ?? true,
    });
  }
};
