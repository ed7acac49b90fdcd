import { clearLine, createInterface, cursorTo } from 'node:readline';
import { streamSession, toFaultError } from '@reeve/client';
import type { StreamItem } from '@reeve/protocol';
import { createChatQuestions } from './chat-questions.ts';
import type { Chat } from './commands/chat.ts';
import type { CliContext } from './context.ts';
import { shouldRetry } from './follow-run.ts';
import { createSessionView, writeMessage } from './session-view.ts';
import { safeLine } from './terminal.ts';

/** Talks in a terminal: Ctrl-C stops the running answer, twice when idle it ends the chat. */
export const chatInteractive = async ({ io, out, home }: CliContext, chat: Chat): Promise<number> => {
  const { client } = chat;
  const own = new Set<string>();
  const running = new Set<string>();
  /** Runs whose end was seen, perhaps before the answer to `send` named them. */
  const ended = new Set<string>();
  let { session, after } = chat;
  let sending = 0;
  let isLeaving = false;
  let isPrompting = false;
  let code = 0;
  let listening = new AbortController();

  const view = createSessionView(out, { isOwn: (key) => own.has(key), hasDetails: true });
  const said = chat.history.flatMap(({ role, text }) =>
    role === 'user' ? [text.replaceAll('\n', ' ')] : [],
  );
  const output = io.stdout as NodeJS.WriteStream;
  const reader = createInterface({
    input: io.stdin,
    output,
    terminal: true,
    prompt: '› ',
    history: said.reverse(),
    removeHistoryDuplicates: true,
  });

  const isBusy = () => sending > 0 || running.size > 0;
  const prompt = () => {
    const question = questions.prompt();
    if (isBusy() && question === null) return;
    isPrompting = true;
    reader.setPrompt(question ?? '› ');
    reader.prompt(true);
  };
  /** Takes the prompt away while something is written, and puts it back with what was typed. */
  const show = (write: () => void) => {
    if (isPrompting) {
      cursorTo(output, 0);
      clearLine(output, 0);
      isPrompting = false;
    }
    write();
  };
  const note = (text: string) =>
    show(() => {
      view.settle();
      out.writeStyled(out.style('dim', text), '\n');
    });
  const complain = (error: unknown) => {
    const { code: faultCode, message, next } = toFaultError(error).fault;
    show(() => out.writeStyled(out.style('red', `${faultCode}: ${message}`), next ? ` ${next}\n` : '\n'));
  };

  const questions = createChatQuestions({
    client,
    out,
    show: (write) =>
      show(() => {
        view.settle();
        write();
      }),
    prompt,
    canTick: io.env['TERM'] !== 'dumb',
    complain,
  });

  const receive = (item: StreamItem) => {
    questions.receive(item);
    if ('seq' in item) after = item.seq;
    if (item.type === 'run.started' || item.type === 'message.delta') running.add(item.data.runId);
    if (isVisible(item)) show(() => view.item(item));
    const endedId =
      item.type === 'run.finished'
        ? item.data.runId
        : item.type === 'command.answered'
          ? item.data.messageId
          : null;
    if (endedId) {
      running.delete(endedId);
      ended.add(endedId);
    }
    const opened =
      item.type === 'command.answered' && item.data.command === 'new' && /\bses_\w+/.exec(item.data.text);
    if (opened) moveTo(opened[0]).catch(complain);
    if (!isPrompting) prompt();
  };

  const listen = async (): Promise<void> => {
    const { signal } = listening;
    try {
      const onReconnect = ({ attempt }: { attempt: number }) => {
        if (attempt === 1) note('Connection lost; trying again …');
      };
      for await (const item of streamSession(client, {
        sessionId: session.id,
        after,
        signal,
        shouldRetry,
        onReconnect,
        ...(io.wait && { wait: io.wait }),
      }))
        receive(item);
    } catch (error) {
      complain(error);
      code = 1;
      reader.close();
    }
  };

  const moveTo = async (sessionId: string) => {
    listening.abort();
    listening = new AbortController();
    running.clear();
    questions.clear();
    session = await client.sessions.get({ id: sessionId });
    after = 0;
    note(`Session ${session.id}${session.title && `: ${safeLine(session.title)}`}`);
    void listen();
    prompt();
  };

  const send = async (text: string) => {
    const idempotencyKey = crypto.randomUUID();
    own.add(idempotencyKey);
    sending++;
    try {
      const sent = await client.chat.send({
        sessionId: session.id,
        text,
        idempotencyKey,
        ...(chat.model && { model: chat.model }),
      });
      if (!ended.has(sent.runId)) running.add(sent.runId);
    } catch (error) {
      complain(error);
    } finally {
      sending--;
      prompt();
    }
  };

  reader.on('line', (line) => {
    isPrompting = false;
    isLeaving = false;
    const text = line.trim();
    if (text === '/exit' || text === '/quit') reader.close();
    else if (questions.prompt() !== null && !text.startsWith('/')) questions.take(line);
    else if (text) void send(text);
    else prompt();
  });
  reader.on('SIGINT', () => {
    if (isBusy()) {
      client.chat.abort({ id: session.id }).catch(complain);
      return;
    }
    if (isLeaving) return reader.close();
    isLeaving = true;
    note('\nPress Ctrl-C again to leave.');
    prompt();
  });
  io.signal.addEventListener('abort', () => reader.close(), { once: true });

  for (const message of chat.history) writeMessage(out, message);
  note(
    `Session ${session.id}${session.title && `: ${safeLine(session.title)}`}. /help shows commands; Ctrl-C stops an answer; /exit leaves. Data: ${home}`,
  );
  questions.open(session.id).catch(complain);
  void listen();
  prompt();
  await new Promise<void>((resolve) => reader.once('close', resolve));
  listening.abort();
  questions.clear();
  out.line();
  return code;
};

/** Items that put nothing on the screen leave the prompt alone. */
const isVisible = ({ type }: StreamItem): boolean => !silent.includes(type);

const silent: StreamItem['type'][] = [
  'run.progressed',
  'run.started',
  'reasoning.delta',
  'session.created',
  'session.configured',
  'session.renamed',
  'message.pinned',
  'message.steered',
  'command.received',
];
