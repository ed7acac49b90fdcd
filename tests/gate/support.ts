import type { Tool } from '@reeve/core';
import type { Approval } from '@reeve/protocol';
import { type Harness, reply, startHarness } from '@reeve/testkit';
import { z } from 'zod';
import { createReeveClient } from '../../packages/client/src/index.ts';
import { goodPassword, join, signIn } from '../identity/support.ts';
import { run } from '../secrets/support.ts';
import { follow, journal } from '../support/collect.ts';

/** A tool that tells what it was called with, and what it did. */
export const recorder = (name: string, more: Partial<Tool> = {}) => {
  const done: unknown[] = [];
  const state = { basis: 'first' };
  const tool: Tool = {
    name,
    description: 'Does something.',
    input: z.looseObject({}),
    risk: 'high',
    effect: 'unsafe',
    level: 'standard',
    basis: async () => state.basis,
    execute: async (input) => {
      done.push(input);
      return { text: `done ${done.length}` };
    },
    ...more,
  };
  return { tool, done, state };
};

/** The questions of a session that wait, once there are any. */
export const asked = async (
  harness: Pick<Harness, 'client'>,
  sessionId: string,
  count = 1,
): Promise<Approval[]> => {
  for await (const item of await harness.client.chat.stream({ sessionId, after: 0 })) {
    if (item.type !== 'approval.requested') continue;
    count -= 1;
    if (count === 0) break;
  }
  return (await harness.client.approvals.list({ status: 'pending', sessionId })).approvals;
};

export const send = (harness: Pick<Harness, 'client'>, text = 'Do it.', sessionId?: string) =>
  harness.client.chat.send({ text, ...(sessionId !== undefined && { sessionId }) });

export const finished = async (harness: Harness, sessionId: string) =>
  (await journal(harness, sessionId)).flatMap((event) =>
    event.type === 'tool.finished' ? [event.data] : [],
  );

/** Sends a slash command or words, and what was answered to it without a model. */
export const command = async (
  { client }: Pick<Harness, 'client'>,
  text: string,
  sessionId?: string,
): Promise<string> => {
  const sent = await client.chat.send({ text, ...(sessionId !== undefined && { sessionId }) });
  const items = await follow({ client }, sent);
  const answered = items.find((item) => item.type === 'command.answered');
  if (!answered) throw new Error(`"${text}" was no command`);
  return answered.data.text;
};

/** Somebody else of the household, with a client of their own. */
export const member = async (harness: Harness, role: string) => {
  const { id, email } = await join(harness, { email: `${role}@example.org`, role });
  const tokens = await signIn(harness, email, goodPassword, true);
  const token = tokens.json.tokens.accessToken as string;
  return { id, token, client: createReeveClient({ url: harness.url, token }) };
};

/** A gateway where something waits to be allowed. */
export const waiting = async (
  tool = recorder('send_email'),
  args: Record<string, string> = { to: 'bob' },
) => {
  const harness = await startHarness({ extraTools: [tool.tool] });
  harness.model.enqueue(reply.toolCall(tool.tool.name, args), reply.text('Done.'));
  const sent = await send(harness);
  const [approval] = (await asked(harness, sent.sessionId)) as [Approval];
  return { harness, sent, approval, done: tool.done, sessionId: sent.sessionId };
};

/** What a command answers with --json. */
export const json = async (harness: Harness, ...argv: string[]) =>
  JSON.parse((await run(harness, [...argv, '--json'])).out);
