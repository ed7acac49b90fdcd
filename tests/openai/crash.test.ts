import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGate, reply, spawnGateway, startModelServer } from '@reeve/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openaiFor, readChunks, user, withSession } from '../support/openai.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'reeve-openai-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('F011 F067 an OpenAI client cut off by kill -9 repeats its request and gets the whole answer, said and stored once', async () => {
  await using model = await startModelServer();
  const env = {
    REEVE_OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'sk-test',
    REEVE_OPENAI_MODEL: 'test-model',
  };
  const gate = createGate();
  model.enqueue(reply.text('The whole').hold(gate), reply.text('The whole story is long.'));
  const request = { model: 'reeve', messages: [user('tell me')], stream: true as const };
  const options = { headers: { 'idempotency-key': 'story-1' } };

  const first = await spawnGateway({ home, env });
  const begun = await withSession(openaiFor(first).chat.completions.create(request, options));
  const cut = readChunks(begun.data).catch((error: unknown) => error);
  await gate.reached;
  await first.kill();
  expect(await cut).toBeInstanceOf(Error);

  const second = await spawnGateway({ home, env, port: Number(new URL(first.url).port) });
  try {
    const again = await withSession(openaiFor(second).chat.completions.create(request, options));
    const { text, finishReason } = await readChunks(again.data);
    expect(text).toBe('The whole story is long.');
    expect(finishReason).toBe('stop');
    expect(again.sessionId).toBe(begun.sessionId);
    const { messages } = await second.client.sessions.history({ id: again.sessionId });
    expect(messages.map((message) => [message.role, message.text])).toEqual([
      ['user', 'tell me'],
      ['assistant', 'The whole story is long.'],
    ]);
    expect(model.requests.length).toBe(2);
    expect(model.violations).toEqual([]);
    // And the conversation goes on where it was.
    const next = await withSession(
      openaiFor(second).chat.completions.create({
        model: 'reeve',
        messages: [user('tell me'), { role: 'assistant', content: text }, user('more')],
      }),
    );
    expect(next.sessionId).toBe(again.sessionId);
  } finally {
    await second.stop();
  }
});
