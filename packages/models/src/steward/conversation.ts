import type { ModelMessage } from '@reeve/core';

export interface ToolResult {
  name: string;
  text: string;
  isError: boolean;
}

export interface Turn {
  user: string;
  /** The last text that answered it, empty when there was none. */
  assistant: string;
}

export interface Conversation {
  /** The last user message: the only text that is obeyed. Empty when there is none. */
  message: string;
  /** Results of the calls made for it, in the order of the calls. */
  results: ToolResult[];
  /** What was said before, oldest first. */
  earlier: Turn[];
}

export const readConversation = (messages: readonly ModelMessage[]): Conversation => {
  const last = messages.findLastIndex((message) => message.role === 'user');
  const earlier: Turn[] = [];
  for (const message of messages.slice(0, Math.max(last, 0))) {
    if (message.role === 'user') earlier.push({ user: message.text, assistant: '' });
    else if (message.role === 'assistant' && message.text !== '') {
      const turn = earlier.at(-1);
      if (turn !== undefined) turn.assistant = message.text;
    }
  }
  const message = messages[last];
  return {
    message: message?.role === 'user' ? message.text : '',
    results: last === -1 ? [] : resultsInOrder(messages.slice(last + 1)),
    earlier,
  };
};

const resultsInOrder = (messages: readonly ModelMessage[]): ToolResult[] => {
  const order = messages.flatMap((message) =>
    message.role === 'assistant' ? message.toolCalls.map((call) => call.id) : [],
  );
  const position = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return messages
    .filter((message) => message.role === 'tool')
    .sort((a, b) => position(a.callId) - position(b.callId))
    .map(({ name, text, isError }) => ({ name, text, isError }));
};
