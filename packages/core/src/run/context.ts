import type { ModelMessage } from '../ports/model.ts';
import type { Transcript, TranscriptMessage } from '../ports/store.ts';

/**
 * The messages a model reads, from a transcript. Keeps what every provider insists on: system first, every tool
 * call answered right after it, no two messages of a user in a row, nothing empty.
 */
export const toModelMessages = (system: string, transcript: Transcript): ModelMessage[] => {
  const messages: ModelMessage[] = [{ role: 'system', text: systemText(system, transcript) }];
  const { pinned, rest } = split(transcript);
  if (pinned.length > 0)
    addUser(
      messages,
      `Pinned by the user, always valid:\n${pinned.map((message) => `- ${message.text}`).join('\n')}`,
    );
  if (transcript.summary !== null)
    addUser(messages, `Summary of the earlier conversation:\n${transcript.summary}`);
  for (let index = 0; index < rest.length; index += 1) {
    const message = rest[index]!;
    if (message.role === 'user') addUser(messages, message.text);
    else if (message.role === 'notification')
      addUser(messages, `[You told the user on your own: ${message.text}]`);
    else if (message.role === 'assistant') index = addAssistant(messages, rest, index);
  }
  return messages;
};

const systemText = (system: string, { instructions }: Transcript) =>
  instructions === null
    ? system
    : `${system}\n\nInstructions of the application through which the user speaks:\n${instructions}`;

/** Pinned messages from before the compaction; those after it stand in their place. */
const split = ({ messages, compactedThrough }: Transcript) => ({
  pinned: messages.filter((message) => message.position <= compactedThrough),
  rest: messages.filter((message) => message.position > compactedThrough),
});

const addUser = (messages: ModelMessage[], text: string) => {
  const last = messages.at(-1);
  if (last?.role === 'user') last.text += `\n\n${text}`;
  else messages.push({ role: 'user', text });
};

/** Adds an answer and, behind it, the results of its calls in the order of the calls. Returns the last index used. */
const addAssistant = (messages: ModelMessage[], all: TranscriptMessage[], at: number): number => {
  const message = all[at]!;
  const results = new Map<string, TranscriptMessage>();
  let last = at;
  while (all[last + 1]?.role === 'tool') {
    last += 1;
    results.set(all[last]!.toolCallId!, all[last]!);
  }
  if (message.text === '' && message.toolCalls.length === 0) return last;
  const previous = messages.at(-1);
  if (previous?.role === 'assistant' && previous.toolCalls.length === 0) {
    // An answer that was cut off and the next one: a model may only see one.
    previous.text = [previous.text, message.text].filter(Boolean).join('\n\n');
    previous.toolCalls = message.toolCalls;
  } else {
    messages.push({ role: 'assistant', text: message.text, toolCalls: message.toolCalls });
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
  return last;
};
