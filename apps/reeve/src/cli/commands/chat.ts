import { createInterface } from 'node:readline';
import type { ReeveClient } from '@reeve/client';
import { FaultError, type Message } from '@reeve/protocol';
import { tellQuestion } from '../approval-panel.ts';
import { chatInteractive } from '../chat-interactive.ts';
import type { CliContext, CommandRun } from '../context.ts';
import { followRun } from '../follow-run.ts';
import { createSessionView } from '../session-view.ts';

interface ChatOptions {
  session?: string;
  new?: boolean;
  model?: string;
}

/** Messages of the session that are shown at the start. */
const shownAtStart = 20;

export const run: CommandRun<[ChatOptions]> = async (context, options) => {
  const client = await context.client();
  const session = await openSession(client, options, context.io.signal);
  const { messages, lastSeq } = await client.sessions.history(
    { id: session.id, before: session.lastSeq + 1, limit: shownAtStart },
    { signal: context.io.signal },
  );
  const chat = {
    client,
    session,
    history: messages as Message[],
    after: Math.max(lastSeq, session.lastSeq),
    ...(options.model && { model: options.model }),
  };
  if (context.io.stdin.isTTY && context.out.isTty && !context.isJson) return chatInteractive(context, chat);
  return chatByLine(context, chat);
};

export interface Chat {
  client: ReeveClient;
  session: { id: string; title: string; model: string | null };
  history: Message[];
  /** Sequence number up to which everything is known. */
  after: number;
  model?: string;
}

const openSession = async (client: ReeveClient, options: ChatOptions, signal: AbortSignal) => {
  if (options.session && options.new)
    throw new FaultError('INVALID_PARAMS', 'Give either --session or --new.');
  if (options.session) return client.sessions.get({ id: options.session }, { signal });
  if (!options.new) {
    const [last] = (await client.sessions.list({ limit: 1 }, { signal })).sessions;
    if (last) return last;
  }
  return client.sessions.create({}, { signal });
};

/** Without a terminal: each line is a message, and is answered before the next is read. */
const chatByLine = async ({ io, out, err, isJson }: CliContext, chat: Chat): Promise<number> => {
  const view = createSessionView(out, { isOwn: () => true, hasDetails: false });
  let code = 0;
  let sessionId = chat.session.id;
  for await (const line of createInterface({ input: io.stdin, signal: io.signal })) {
    if (!line.trim()) continue;
    const sent = await chat.client.chat.send(
      {
        sessionId,
        text: line,
        idempotencyKey: crypto.randomUUID(),
        ...(chat.model && { model: chat.model }),
      },
      { signal: io.signal },
    );
    const answer = await followRun(chat.client, {
      sessionId,
      runId: sent.runId,
      after: sent.seq,
      signal: io.signal,
      ...(io.wait && { wait: io.wait }),
      onItem: (item) => {
        tellQuestion(err, item);
        if (isJson) out.json(item);
        else view.item(item);
      },
      onReconnect: ({ attempt }) => attempt === 1 && err.line('Connection lost; trying again.'),
    });
    if (answer.outcome === 'failed') code = 1;
    // `/new` answers with the id of the session it opened.
    sessionId = (/^\/new\b/.test(line.trim()) && /\bses_\w+/.exec(answer.text)?.[0]) || sessionId;
  }
  return code;
};
