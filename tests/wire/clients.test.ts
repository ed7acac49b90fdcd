import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGate, reply, startHarness } from '@reeve/testkit';
import { OpenClawClient } from 'openclaw-node';
import { OpenClawClient as OpenClawClientV3 } from 'openclaw-node-v3';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Software of others, unmodified.
let harness: Awaited<ReturnType<typeof startHarness>>;
let home: string;
beforeAll(async () => {
  harness = await startHarness();
  home = mkdtempSync(join(tmpdir(), 'reeve-client-'));
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const options = (name: string) => ({
  url: `${harness.url.replace('http', 'ws')}/ws`,
  token: harness.token,
  autoReconnect: false,
  scopes: ['operator.read', 'operator.write', 'operator.admin'],
  deviceIdentityPath: join(home, `${name}.json`),
});

test('F002 openclaw-node 0.14 holds a conversation', async () => {
  const client = new OpenClawClient(options('v4'));
  const hello = (await client.connect()) as { protocol: number };
  expect(hello.protocol).toBe(4);
  harness.model.enqueue(
    reply.text('I shall count.').toolCall('calculate', { expression: '6*7' }),
    reply.text('Forty-two.'),
  );
  const chunks: { type: string; text?: string }[] = [];
  for await (const chunk of client.chat('what is it?', { sessionKey: 'agent:main:node' }))
    chunks.push(chunk as { type: string; text?: string });
  expect(chunks.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['agent_start', 'text', 'tool_use', 'tool_result', 'agent_end', 'done']),
  );
  const said = chunks.filter(({ type }) => type === 'text').map(({ text }) => text);
  expect(said.join('')).toBe('I shall count.Forty-two.');
  expect(await client.chatSync('again', { sessionKey: 'agent:main:node' })).toBe('You said: again');

  const history = (await client.sessions.history('agent:main:node', { limit: 10 })) as {
    messages: unknown[];
  };
  expect(history.messages.length).toBe(6);
  const list = (await client.sessions.list({ limit: 5 })) as { sessions: { key: string }[] };
  expect(list.sessions.map(({ key }) => key)).toContain('agent:main:node');
  expect(await client.health()).toMatchObject({ ok: true });
  expect(await client.agents.list()).toMatchObject({ defaultId: 'main' });
  expect(client.hasMethod('agent.wait')).toBe(true);
  expect(await client.sessions.send('agent:main:node', 'no key of mine')).toMatchObject({
    status: 'started',
  });

  const heard: string[] = [];
  const { unsubscribe } = await client.sessions.subscribeMessages(
    'node',
    ({ event }) => void heard.push(event),
  );
  await client.chatSync('hear me', { sessionKey: 'node' });
  expect(heard).toEqual(expect.arrayContaining(['agent', 'session.message']));
  await unsubscribe();

  const gate = createGate();
  harness.model.enqueue(reply.text('endless').hold(gate));
  const running = client.chatSync('go on and on', { sessionKey: 'agent:main:endless' });
  await gate.reached;
  expect(await client.chatAbort('agent:main:endless')).toMatchObject({ ok: true, aborted: true });
  await running;
  expect(await client.sessions.reset('agent:main:node')).toMatchObject({ ok: true });
  expect(await client.sessions.delete('agent:main:endless')).toMatchObject({ deleted: true });
  expect(await client.config.get()).toMatchObject({ exists: true });
  await client.disconnect();

  // With the device token that it stored, and no other.
  const again = new OpenClawClient({ ...options('v4'), token: 'forgotten' });
  await again.connect();
  expect(await again.chatSync('still me', { sessionKey: 'node' })).toBe('You said: still me');
  await again.disconnect();
});

test('F002 openclaw-node 0.1 holds a conversation in protocol 3', async () => {
  const client = new OpenClawClientV3(options('v3'));
  const hello = (await client.connect()) as { protocol: number };
  expect(hello.protocol).toBe(3);
  harness.model.enqueue(
    reply.text('I shall count.').toolCall('calculate', { expression: '6*7' }),
    reply.text('Forty-two.'),
  );
  expect(await client.chatSync('what is it?', { sessionKey: 'agent:main:old' })).toBe(
    'I shall count.\n\nForty-two.',
  );
  const history = (await client.sessions.history('agent:main:old')) as { messages: unknown[] };
  expect(history.messages.length).toBe(4);
  expect(await client.sessions.list()).toMatchObject({ count: expect.any(Number) });
  expect(await client.chatAbort('agent:main:old')).toMatchObject({ aborted: false });
  expect(await client.health()).toMatchObject({ ok: true });
  await client.disconnect();
});

const program = process.env['REEVE_OPENCLAW'] ?? '';
const testWithOpenclaw = existsSync(program) ? test : test.skip;
if (!existsSync(program))
  console.warn('NOT RUN: the real command line; set REEVE_OPENCLAW to openclaw.mjs of an installed openclaw');

const run = promisify(execFile);
/** The real command line, against this gateway and with a home of its own. */
const openclaw = async (...args: string[]): Promise<string> => {
  const { stdout } = await run(process.execPath, [program, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      OPENCLAW_GATEWAY_URL: harness.url.replace('http', 'ws'),
      OPENCLAW_GATEWAY_TOKEN: harness.token,
      OPENCLAW_GATEWAY_PORT: new URL(harness.url).port,
      NO_COLOR: '1',
    },
    timeout: 110_000,
  });
  return stdout;
};

testWithOpenclaw(
  'F002 the real openclaw command line: gateway call, health, agent',
  async () => {
    const url = harness.url.replace('http', 'ws');
    const at = ['--url', url, '--token', harness.token];
    expect(await openclaw('gateway', 'call', 'health', ...at)).toContain('"defaultAgentId": "main"');
    expect(JSON.parse(await openclaw('gateway', 'call', 'sessions.list', '--json', ...at))).toMatchObject({
      sessions: expect.any(Array),
    });
    expect(JSON.parse(await openclaw('health', '--json'))).toMatchObject({ ok: true });
    const said = await openclaw('agent', '--session-id', 's1', '--message', 'hello from the command line');
    expect(said).toContain('You said: hello from the command line');
    const kept = await openclaw(
      'gateway',
      'call',
      'chat.history',
      '--json',
      ...at,
      '--params',
      '{"sessionKey":"agent:main:explicit:s1"}',
    );
    expect(JSON.parse(kept).messages.length).toBe(2);
  },
  180_000,
);
