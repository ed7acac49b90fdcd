import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Message } from '@reeve/protocol';
import type { CommandRun } from '../context.ts';
import { writeMessage } from '../session-view.ts';
import { plural, safeLine, showTime, table } from '../terminal.ts';

export const list: CommandRun<[{ limit: number; search?: string }]> = async (context, { limit, search }) => {
  const client = await context.client();
  const page = await client.sessions.list(
    { limit, ...(search && { search }) },
    { signal: context.io.signal },
  );
  context.print(page, () =>
    page.sessions.length === 0
      ? 'No sessions yet. Start one with `reeve chat`.'
      : table(
          ['SESSION', 'LAST ACTIVE', 'MESSAGES', 'TITLE'],
          page.sessions.map((session) => [
            session.id,
            showTime(session.updatedAt),
            String(session.messageCount),
            safeLine(session.title, 60) + (session.isRunning ? ' (answering)' : ''),
          ]),
        ),
  );
};

export const show: CommandRun<[string, { limit: number }]> = async (context, id, { limit }) => {
  const client = await context.client();
  const { signal } = context.io;
  const session = await client.sessions.get({ id }, { signal });
  const history = await client.sessions.history({ id, before: session.lastSeq + 1, limit }, { signal });
  if (context.isJson) {
    context.out.json({ session, ...history });
    return;
  }
  const { out } = context;
  out.line(`${safeLine(session.title)} (${session.id})`);
  out.line(
    `${plural(session.messageCount, 'message')}, model ${session.model ?? 'default'}, last active ${showTime(session.updatedAt)}\n`,
  );
  for (const message of history.messages as Message[]) writeMessage(out, message);
};

export const rename: CommandRun<[string, string[]]> = async (context, id, words) => {
  const client = await context.client();
  const session = await client.sessions.update({ id, title: words.join(' ') }, { signal: context.io.signal });
  context.print(session, () => `${session.id} is now called ${safeLine(session.title)}.`);
};

export const remove: CommandRun<[string, { yes?: boolean }]> = async (context, id, { yes }) => {
  const { io } = context;
  const client = await context.client();
  if (!yes && io.stdin.isTTY && context.out.isTty && !context.isJson) {
    const session = await client.sessions.get({ id }, { signal: io.signal });
    const reader = createInterface({ input: io.stdin, output: io.stdout as NodeJS.WriteStream });
    const answer = await reader.question(
      `Delete "${safeLine(session.title)}" with ${plural(session.messageCount, 'message')} for good? (y/N) `,
      { signal: io.signal },
    );
    reader.close();
    if (!/^(y|yes|j|ja)$/i.test(answer.trim())) {
      context.out.line('Nothing was deleted.');
      return 1;
    }
  }
  const result = await client.sessions.delete({ id }, { signal: io.signal });
  context.print(result, () => `Deleted ${id}.`);
  return 0;
};

export const exportSession: CommandRun<
  [string, { format: 'json' | 'markdown' | 'jsonl'; output?: string }]
> = async (context, id, { format, output }) => {
  const client = await context.client();
  const file = await client.sessions.export({ id, format }, { signal: context.io.signal });
  if (output) {
    writeFileSync(output, file.content, { mode: 0o600 });
    context.print({ file: output, contentType: file.contentType }, () => `Written to ${output}.`);
  } else if (context.isJson) context.out.json(file);
  else if (context.out.isTty) context.out.write(file.content);
  // A file or a pipe gets the bytes as they are.
  else context.io.stdout.write(file.content);
};
