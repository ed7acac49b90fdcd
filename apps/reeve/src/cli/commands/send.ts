import { text as readAll } from 'node:stream/consumers';
import { FaultError } from '@reeve/protocol';
import { tellQuestion } from '../approval-panel.ts';
import type { CommandRun } from '../context.ts';
import { followRun } from '../follow-run.ts';
import { createSessionView, hintOf } from '../session-view.ts';

interface SendOptions {
  session?: string;
  model?: string;
  wait: boolean;
}

/** One message; prints the answer as it comes. `-` reads the message from standard input. */
export const run: CommandRun<[string[], SendOptions]> = async (context, words, options) => {
  const given = words.join(' ');
  const message = (given === '-' ? await readAll(context.io.stdin) : given).trim();
  if (!message)
    throw new FaultError('INVALID_PARAMS', 'There is nothing to send.', {
      next: 'Give the text, or - to read it from standard input.',
    });

  const { signal } = context.io;
  const client = await context.client();
  const sent = await client.chat.send(
    {
      text: message,
      idempotencyKey: crypto.randomUUID(),
      ...(options.session && { sessionId: options.session }),
      ...(options.model && { model: options.model }),
    },
    { signal },
  );
  if (!options.wait) {
    context.print(sent, () => `Accepted as run ${sent.runId} in session ${sent.sessionId}.`);
    return 0;
  }
  const view = createSessionView(context.out, { isOwn: () => true, hasDetails: false });
  const answer = await followRun(client, {
    sessionId: sent.sessionId,
    runId: sent.runId,
    after: sent.seq,
    signal,
    ...(context.io.wait && { wait: context.io.wait }),
    ...(!context.isJson && {
      onItem: (item) => {
        tellQuestion(context.err, item);
        // How it ended is told once, below and on the error output.
        if (item.type !== 'run.finished') view.item(item);
      },
      onReconnect: ({ attempt }) => attempt === 1 && context.err.line('Connection lost; trying again.'),
    }),
  });
  if (!context.isJson) view.settle();
  if (answer.outcome === 'failed') {
    const {
      code,
      message: what,
      next,
    } = answer.fault ?? { code: 'INTERNAL_ERROR' as const, message: 'The run failed.' };
    throw new FaultError(code, what, {
      ...(next && { next }),
      details: { sessionId: answer.sessionId, runId: answer.runId },
    });
  }
  if (context.isJson) context.out.json({ reply: answer.text, ...answer, text: undefined });
  else if (answer.outcome === 'cancelled') context.err.line('Stopped.');
  else {
    const hint = hintOf(answer);
    if (hint) context.err.line(`(${hint})`);
  }
  return answer.outcome === 'completed' ? 0 : 1;
};
