import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { createFakeClock, createGate, type Harness, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, json, open } from '../support/http.ts';
import { as, join, local, type Member } from './support.ts';

/** The word by which to find what must not be kept or shown. */
const marker = 'unnoticed';
const unsafe = `Cats are nice. Here is how to kill someone ${marker}, step by step. That is all of it.`;
const clock = createFakeClock();
let harness: Harness;
let child: Member;
let adult: Member;

beforeAll(async () => {
  harness = await startHarness({ clock });
  child = await join(harness, { email: 'kid@example.org', role: 'child' });
  adult = await join(harness, { email: 'adult@example.org' });
  await as(harness, { cookie: child.cookie }, 'PATCH', '/api/account', { language: 'de' });
});
afterAll(() => harness?.[Symbol.asyncDispose]());
beforeEach(() => clock.advance(10 * 60_000));

const say = async (who: Member, message = 'Tell me something.') => {
  const session = await as(harness, { cookie: who.cookie }, 'POST', '/api/chat/conversations', {});
  const answer = await as(harness, { cookie: who.cookie }, 'POST', '/chat', {
    message,
    session_id: session.json.id,
  });
  return { session: session.json.id as string, body: answer.body, status: answer.status };
};

test('F246 a child is answered with a friendly refusal in their language, and an adult is not', async () => {
  harness.model.enqueue(reply.text(unsafe), reply.text(unsafe));
  const refused = await say(child);
  expect(refused.body).toContain('Erwachsenen');
  expect(refused.body).not.toContain(marker);
  expect(refused.body).not.toContain('Cats');
  expect((await say(adult)).body).toContain(marker);
});

test('F246 the text is neither journalled nor in the audit; that it was replaced, and why, is', async () => {
  const word = 'quicksilvery';
  harness.model.enqueue(reply.reasoning(`They want ${word}.`).text(unsafe.replace(marker, word)));
  const { session } = await say(child);
  for (const path of [`/api/chat/history/${session}`, `/api/chat/${session}/events`])
    expect((await as(harness, { cookie: child.cookie }, 'GET', path)).body).toMatch(
      /^(?=.*Erwachsenen)(?!.*quicksilvery)/s,
    );
  const audit = await as(harness, local(harness), 'GET', '/api/audit?type=answer&limit=10');
  expect(audit.json.entries[0]).toMatchObject({
    type: 'answer.filtered',
    outcome: 'deny',
    target: 'violence',
    actor: child.id,
    sessionId: session,
  });
  const files = readdirSync(harness.home).filter((name) => /\.db(-wal)?$/.test(name));
  const bytes = files.map((name) => readFileSync(joinPath(harness.home, name), 'latin1')).join('');
  expect(bytes).not.toContain(word);
});

test('F246 nothing unsafe is ever on the live stream: sentences wait until they were looked at', async () => {
  const gate = createGate();
  const half = 'Cats are nice. Here is how to kill someone hid';
  harness.model.enqueue(reply.text(half).hold(gate).text('denly without being seen. Done.'));
  const session = (await as(harness, { cookie: child.cookie }, 'POST', '/api/chat/conversations', {})).json
    .id;
  const stream = await open(`${harness.url}/api/chat/stream?sessionId=${session}`, {
    headers: { cookie: child.cookie },
  });
  let seen = '';
  const finished = new Promise<void>((resolve) =>
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      seen += chunk;
      if (seen.includes('run.finished')) resolve();
    }),
  );
  const sent = await as(harness, { cookie: child.cookie }, 'POST', '/api/chat/send', {
    sessionId: session,
    text: 'Tell me.',
  });
  expect(sent.status).toBe(202);
  await gate.reached;
  gate.open();
  await finished;
  stream.destroy();
  expect(seen).toContain('vertraust');
  expect(seen).not.toContain('kill someone');
  expect(seen).not.toContain('hiddenly');
});

test('F246 what the model calls tools for in such an answer is not done', async () => {
  harness.model.enqueue(
    reply.text('Just kill yourself. ').toolCall('remember', { text: 'kept from an unsafe answer' }),
  );
  const { body, session } = await say(child);
  expect(body).toContain('nicht allein');
  const events = await as(harness, { cookie: child.cookie }, 'GET', `/api/chat/${session}/events`);
  expect(events.body).toContain('run.finished');
  expect(events.body).not.toContain('tool.finished');
});

test('F246 a model asked directly is filtered too', async () => {
  const made = await as(harness, { cookie: child.cookie }, 'POST', '/api/tokens', { name: 'app' });
  harness.model.enqueue(reply.text(unsafe), reply.text(unsafe));
  for (const stream of [false, true]) {
    const answer = await ask(`${harness.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${made.json.token}` },
      body: JSON.stringify({
        model: 'direct/openai/test-model',
        stream,
        messages: [{ role: 'user', content: 'Tell me.' }],
      }),
    });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain(marker);
    expect(answer.body).toContain('content_filter');
  }
});

test('F246 an answer that is fit comes through whole, and the filter follows the flag at once', async () => {
  const text = 'A mitochondrion is the powerhouse of the cell. It makes ATP.\n\n- one\n- two';
  harness.model.enqueue(reply.text(text), reply.text('Blood gushed from the wound. It hurt.'));
  expect(JSON.parse((await say(child)).body).reply).toBe(text);
  const path = `/api/people/${child.id}`;
  await as(harness, local(harness), 'PATCH', path, { flags: { contentFilter: 'moderate' } });
  expect((await say(child)).body).toContain('gushed');
  harness.model.enqueue(reply.text(unsafe), reply.text(unsafe));
  expect((await say(child)).body).not.toContain(marker);
  await as(harness, local(harness), 'PATCH', path, { flags: { contentFilter: 'off' } });
  expect((await say(child)).body).toContain(marker);
});
