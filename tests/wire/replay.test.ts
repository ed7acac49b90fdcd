import { readFileSync } from 'node:fs';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { challengeOf, type Frame, openSocket, type WireSocket } from '../support/wire.ts';

// What real clients sent to a real OpenClaw gateway, word for word but for keys and signatures.
let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** What the real gateway does not serve either, or refused these clients. */
const refused: Record<string, string> = {
  'pairing.list': 'unknown method: pairing.list',
  'sessions.compact': 'missing scope: operator.admin',
  'sessions.reset': 'missing scope: operator.admin',
  'sessions.delete': 'missing scope: operator.admin',
};

const answerTo = async (socket: WireSocket, request: Frame): Promise<Frame> => {
  if (request.method === 'connect') request.params.auth = { token: harness.token };
  const answer = await socket.ask(request.method, request.params, request.id);
  if (request.method !== 'agent') return answer;
  expect(answer.payload).toMatchObject({ runId: request.params.idempotencyKey, status: 'accepted' });
  return socket.until((frame) => frame.id === request.id && frame.payload?.status !== 'accepted');
};

test.each(['cli', 'tui', 'tui-2', 'node-0.14'])(
  'F002 the recorded client %s gets its answers',
  async (name) => {
    const lines = readFileSync(new URL(`./recorded/${name}.jsonl`, import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const sockets: WireSocket[] = [];
    for (const line of lines) {
      const request = JSON.parse(line);
      if (sockets.length === 0 || request.open) {
        sockets.push(await openSocket(harness, { path: '/' }));
        await challengeOf(sockets.at(-1)!);
        if (request.open) continue;
      }
      const answer = await answerTo(sockets.at(-1)!, request);
      const expected = refused[request.method];
      expect([request.method, answer.ok ? 'ok' : answer.error.message]).toEqual([
        request.method,
        expected ?? 'ok',
      ]);
      if (request.method === 'agent')
        expect(answer.payload.result.payloads[0].text).toBe(`You said: ${request.params.message}`);
    }
    for (const socket of sockets) await socket.close();
  },
);
