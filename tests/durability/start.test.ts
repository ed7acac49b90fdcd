import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { reply, spawnGateway, startHarness, startModelServer } from '@reeve/testkit';
import { afterAll, expect, test } from 'vitest';
import { say } from '../support/collect.ts';

const main = fileURLToPath(new URL('../../apps/reeve/src/main.ts', import.meta.url));
const homes: string[] = [];
const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-start-'));
  homes.push(home);
  return home;
};
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** A start that is meant to fail: what it says and its exit code. */
const failToStart = async (home: string, args: string[] = [], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [main, 'up', '--home', home, '--port', '0', '--no-open', ...args], {
    env: { PATH: process.env['PATH'], HOME: home, ...env },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    readText(child.stdout),
    readText(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { said: stdout + stderr, code };
};

test('F373 a taken port, a second instance, a bad setting, a broken file: each says what to do next', async () => {
  const home = newHome();
  const occupied = createServer().listen(0, '127.0.0.1');
  await once(occupied, 'listening');
  const { port } = occupied.address() as { port: number };
  const taken = await failToStart(home, ['--port', String(port)]);
  expect(taken.code).not.toBe(0);
  expect(taken.said).toMatch(new RegExp(`PORT_TAKEN.*${port}[\\s\\S]*--port`));
  occupied.close();

  const gateway = await spawnGateway({ home });
  const second = await failToStart(home);
  expect(second.code).not.toBe(0);
  expect(second.said).toMatch(/HOME_LOCKED[\s\S]*--home/);
  await gateway.stop();

  writeFileSync(join(home, 'reeve.toml'), '[engine]\nlaneLimit = "many"\n');
  const wrong = await failToStart(home);
  expect(wrong.code).not.toBe(0);
  expect(wrong.said).toMatch(/CONFIG_ERROR[\s\S]*engine\.laneLimit[\s\S]*many[\s\S]*allowed/);

  writeFileSync(join(home, 'reeve.toml'), '[gateway\n');
  const syntax = await failToStart(home);
  expect(syntax.code).not.toBe(0);
  expect(syntax.said).toMatch(/CONFIG_ERROR[\s\S]*reeve\.toml/);

  const broken = newHome();
  writeFileSync(
    join(broken, 'reeve.db'),
    'this is not a database, it only looks like a file of that name'.repeat(100),
  );
  const corrupt = await failToStart(broken);
  expect(corrupt.code).not.toBe(0);
  expect(corrupt.said).toContain('DATABASE_CORRUPT');
  expect(readFileSync(join(broken, 'reeve.db'), 'utf8')).toContain('this is not a database');

  const blocked = newHome();
  writeFileSync(join(blocked, 'file'), '');
  const unwritable = await failToStart(join(blocked, 'file', 'home'));
  expect(unwritable.code).not.toBe(0);
  expect(unwritable.said).toContain('HOME_NOT_WRITABLE');
});

test('F365 SIGTERM lets a running answer end, answers the next start with what was left, and exits with 0', async () => {
  const home = newHome();
  await using model = await startModelServer();
  model.enqueue(reply.delay(300).text('Almost done.'));
  const gateway = await spawnGateway({
    home,
    env: { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'test-model' },
  });
  const sent = await gateway.client.chat.send({ text: 'Take your time.' });
  expect(await gateway.stop()).toBe(0);
  const next = await spawnGateway({ home });
  const { messages } = await next.client.sessions.history({ id: sent.sessionId, limit: 10 });
  expect(messages.map((message) => message.text)).toEqual(['Take your time.', 'Almost done.']);
  await next.stop();
});

test('F347 SIGHUP reads configuration and workspace again without losing a connection', async () => {
  const home = newHome();
  await using model = await startModelServer();
  const gateway = await spawnGateway({
    home,
    env: { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'test-model' },
  });
  mkdirSync(join(home, 'workspace'), { recursive: true });
  writeFileSync(join(home, 'workspace', 'SOUL.md'), 'You speak like a pirate.');
  writeFileSync(join(home, 'reeve.toml'), '[agent]\nname = "Bosun"\n');
  gateway.child.kill('SIGHUP');
  const stop = new AbortController();
  for await (const { line } of await gateway.client.system.logs(
    { lines: 50, follow: true },
    { signal: stop.signal },
  ))
    if (line.includes('configuration read again')) break;
  stop.abort();
  await gateway.client.chat.ask({ message: 'hello' });
  const system = model.requests.at(-1)!.body.messages![0]!.content;
  expect(system).toContain('You are Bosun.');
  expect(system).toContain('You speak like a pirate.');
  await gateway.stop();
});

test("F057 SOUL.md is written from the template once and is the owner's afterwards", async () => {
  await using harness = await startHarness();
  const file = join(harness.home, 'workspace', 'SOUL.md');
  expect(readFileSync(file, 'utf8')).toContain('steward');
  writeFileSync(file, `Mine now. ${'x'.repeat(30_000)} the end`);
  await harness.restart();
  await say(harness, 'hello');
  const system = String(harness.model.requests.at(-1)!.body.messages![0]!.content);
  expect(system).toContain('Mine now.');
  expect(system).toContain('the end');
  expect(system).toContain('characters left out');
  expect(system.length).toBeLessThan(22_000);
});
