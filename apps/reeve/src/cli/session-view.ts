import type { Json, Message, StreamItem } from '@reeve/protocol';
import { type Styled, safeLine, type Terminal } from './terminal.ts';

/** Writes a session's events as they happen: text as it grows, tools as one line each. */
export interface SessionView {
  item(item: StreamItem): void;
  /** Ends a half-written line. */
  settle(): void;
}

/**
 * A message's fragments, its replacement after a reconnect and its final text meet here: of each only what was not
 * shown yet is written; a text that turned out otherwise is written whole again.
 */
export const createSessionView = (
  out: Terminal,
  { isOwn, hasDetails }: { isOwn: (idempotencyKey: string) => boolean; hasDetails: boolean },
): SessionView => {
  const shown = new Map<string, string>();
  let isMidLine = false;

  const settle = () => {
    if (isMidLine) out.line();
    isMidLine = false;
  };
  const note = (...parts: (string | Styled)[]) => {
    settle();
    out.writeStyled(...parts, '\n');
  };
  const write = (text: string) => {
    if (text === '') return;
    out.write(text);
    isMidLine = !text.endsWith('\n');
  };
  const whole = (messageId: string, text: string) => {
    const before = shown.get(messageId) ?? '';
    if (text.startsWith(before)) write(text.slice(before.length));
    else {
      settle();
      write(text);
    }
    shown.set(messageId, text);
  };

  const item = (event: StreamItem): void => {
    switch (event.type) {
      case 'message.delta':
        write(event.data.text);
        shown.set(event.data.messageId, (shown.get(event.data.messageId) ?? '') + event.data.text);
        return;
      case 'message.replaced':
        whole(event.data.messageId, event.data.text);
        return;
      case 'model.answered':
        whole(event.data.messageId, event.data.text);
        shown.delete(event.data.messageId);
        settle();
        if (hasDetails && event.data.toolCalls.length === 0) {
          const hint = hintOf(event.data);
          if (hint) note(out.style('dim', `  · ${hint}`));
        }
        return;
      case 'command.answered':
        write(event.data.text);
        settle();
        return;
      case 'message.received':
        if (hasDetails && !isOwn(event.data.idempotencyKey))
          note(
            out.style(
              'bold',
              `${event.data.sender.kind === 'user' ? 'You' : 'Schedule'} (${event.data.channel}): `,
            ),
            event.data.text,
          );
        return;
      case 'tool.started':
        if (hasDetails) note(out.style('dim', `  · ${event.data.tool} ${showArgs(event.data.args)}`));
        return;
      case 'tool.finished':
        if (hasDetails && event.data.status !== 'ok')
          note(
            out.style(
              'yellow',
              `  · ${event.data.tool} ${event.data.status}: ${safeLine(event.data.text, 160)}`,
            ),
          );
        return;
      case 'context.compacted':
        if (hasDetails) note(out.style('dim', '  · older messages were summarised'));
        return;
      case 'notification.posted':
        note(out.style('cyan', '🔔 '), event.data.text);
        return;
      case 'run.finished':
        settle();
        if (event.data.outcome === 'cancelled') note(out.style('yellow', 'Stopped.'));
        if (event.data.fault && event.data.outcome === 'failed')
          note(
            out.style('red', `${event.data.fault.code}: ${event.data.fault.message}`),
            event.data.fault.next ? ` ${event.data.fault.next}` : '',
          );
        return;
      default:
        return;
    }
  };
  return { item, settle };
};

/** What an answer does not say of itself: that words are missing. */
export const hintOf = ({
  text,
  finishReason,
}: {
  text: string;
  finishReason: string | null;
}): string | null => {
  if (finishReason === 'length') return 'cut off: the model reached its limit of tokens (see /params)';
  if (finishReason === 'content-filter') return 'cut off by the content filter of the provider';
  return text === '' && finishReason === 'stop' ? 'the model ended without a word' : null;
};

/** A stored message as it looks in a listing; tool results are left out by the caller when they are not wanted. */
export const writeMessage = (out: Terminal, message: Message): void => {
  switch (message.role) {
    case 'user':
      out.writeStyled(out.style('bold', 'You: '), message.text, '\n');
      return;
    case 'command':
      out.writeStyled(message.text, '\n');
      return;
    case 'notification':
      out.writeStyled(out.style('cyan', '🔔 '), message.text, '\n');
      return;
    case 'tool':
      out.writeStyled(
        out.style('dim', `  · ${message.name ?? 'tool'}: ${safeLine(message.text, 160)}`),
        '\n',
      );
      return;
    case 'assistant':
      if (message.text) out.writeStyled(message.text, '\n');
      for (const call of message.toolCalls)
        out.writeStyled(out.style('dim', `  · ${call.name} ${showArgs(call.args)}`), '\n');
  }
};

const showArgs = (args: Json): string =>
  safeLine(typeof args === 'string' ? args : JSON.stringify(args), 120);
