import { reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endings, say } from '../support/collect.ts';
import { connect } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

test.each([129, 1_500, 50_000])(
  'F009 JSON nested %i levels deep is refused on every door',
  async (levels) => {
    const deep = nested(levels);
    for (const [path, body] of [
      [
        '/v1/chat/completions',
        `{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"t","parameters":${deep}}}]}`,
      ],
      ['/v1/responses', `{"input":"x","tools":[{"type":"function","name":"t","parameters":${deep}}]}`],
      ['/api/config', `{"key":"agent.model","value":${deep}}`],
    ] as const) {
      const headers = { 'content-type': 'application/json' };
      const response = await harness.fetch(path, { method: 'POST', headers, body });
      expect([path, response.status]).toEqual([path, 400]);
    }
    const socket = await connect(harness);
    socket.sendText(
      `{"type":"req","id":"deep","method":"config.set","params":{"key":"agent.model","value":${deep}}}`,
    );
    expect(await socket.until((frame) => frame.id === 'deep')).toMatchObject({
      ok: false,
      error: { code: 'INVALID_REQUEST' },
    });
    expect(await socket.request('health')).toMatchObject({ ok: true });
    await socket.close();
  },
);

test('F048 arguments of a call that are nested too deeply are the model’s mistake, which it hears of', async () => {
  harness.model.enqueue(reply.toolCall('calculate', nested(20_000)), reply.text('I give up.'));
  const { items } = await say(harness, 'hello');
  expect(endings(items)).toMatchObject([{ outcome: 'completed' }]);
  expect(items.find((item) => item.type === 'tool.finished')).toMatchObject({ data: { status: 'failed' } });
});

test('F048 so are arguments in the history that a client sends', async () => {
  const call = { id: 'c1', type: 'function', function: { name: 't', arguments: nested(20_000) } };
  const response = await harness.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
    }),
  });
  expect(response.status).toBe(200);
});
