import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { reply, startHarness, testApiKey } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { goodPassword, join as joinPeople, signIn as signInByPassword } from '../identity/support.ts';
import { say } from '../support/collect.ts';
import { call, codeOf, signIn } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';

vi.mock('node:crypto', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:crypto')>();
  return { ...original, timingSafeEqual: vi.fn(original.timingSafeEqual) };
});

let harness: Awaited<ReturnType<typeof startHarness>>;
/** What must be nowhere but with whom it belongs to. */
let secrets: string[];
let sessionId: string;
const bodies: string[] = [];

beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_LOG_LEVEL: 'debug' } });
  const { token } = await harness.client.auth.createToken({ name: 'phone' });
  const code = codeOf(harness.server.loginLink);
  const cookie = (await signIn(harness)).split('=')[1]!;
  secrets = [token, code, cookie, testApiKey];

  // A day of everything that could make something talk: good calls, wrong ones, a failing model, a broken stream.
  harness.model.enqueue(
    reply.status(401, { message: `Incorrect API key provided: ${testApiKey}.` }),
    reply.text('from the second try'),
  );
  sessionId = (await say(harness, 'hello')).sent.sessionId;
  harness.model.enqueue(reply.text('half').reset(), reply.status(500), reply.garbled());
  await say(harness, 'and again', { sessionId });
  for (const { method, path } of procedures.filter(
    (one) =>
      !['DELETE'].includes(one.method) &&
      !one.path.endsWith('login-link') &&
      one.path !== '/api/tokens' &&
      // Goes on for ever.
      one.path !== '/api/events',
  )) {
    const answer = await call(
      harness,
      method,
      `${path.replace('{id}', sessionId)}${path === '/api/system/logs' ? '?lines=5000' : ''}`,
      method === 'GET' ? undefined : { text: 'x', message: 'x', code: 'wrong' },
    );
    bodies.push(answer.body + JSON.stringify(answer.headers));
  }
  for (const text of ['/config', '/status', '/model', '/config providers.openai.apiKey'])
    bodies.push((await call(harness, 'POST', '/chat', { message: text })).body);
  for (const format of ['json', 'jsonl', 'markdown'])
    bodies.push((await call(harness, 'GET', `/api/chat/${sessionId}/export?format=${format}`)).body);
  bodies.push((await call(harness, 'GET', '/api/tokens')).body);
  await call(harness, 'GET', `/api/chat/conversations?token=${token}`);
  await call(harness, 'GET', `/api/${token}`);
});
afterAll(() => harness[Symbol.asyncDispose]());

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('F217 no answer, header or export holds a token, a login code, a cookie or a key', () => {
  expect(bodies.length).toBeGreaterThan(30);
  for (const body of bodies)
    for (const secret of [...secrets, harness.token]) expect(body).not.toContain(secret);
});

test('F217 F245 no file under the data folder holds one, the database neither: there are only hashes', () => {
  const files = filesUnder(harness.home);
  expect(files.map((file) => relative(harness.home, file))).toEqual(
    expect.arrayContaining(['reeve.db', join('logs', 'reeve.log'), join('run', 'gateway.json')]),
  );
  let isHashFound = false;
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const secret of secrets)
      expect(bytes.includes(secret), `${relative(harness.home, file)} holds a secret`).toBe(false);
    isHashFound ||= bytes.includes(hash('sha256', secrets[0]!));
    if (!file.endsWith('gateway.json')) expect(bytes.includes(harness.token)).toBe(false);
  }
  expect(isHashFound).toBe(true);
});

test('F245 nothing under the data folder can be read by other users of the machine', () => {
  for (const file of filesUnder(harness.home)) {
    const name = relative(harness.home, file);
    if (name.startsWith('workspace') || name === 'reeve.lock') continue;
    expect([name, statSync(file).mode & 0o077]).toEqual([name, 0]);
  }
  for (const folder of ['run', 'logs']) expect(statSync(join(harness.home, folder)).mode & 0o077).toBe(0);
});

test('F218 the model is told the key in its header and no secret in its prompt', () => {
  expect(harness.model.requests[0]!.headers['authorization']).toBe(`Bearer ${testApiKey}`);
  expect(harness.model.violations).toEqual([]);
  for (const request of harness.model.requests)
    for (const secret of [...secrets, harness.token])
      expect(JSON.stringify(request.body)).not.toContain(secret);
});

test('F217 the key in an error of a provider does not reach the user, the journal or the log', async () => {
  harness.model.setScript(() => reply.status(401, { message: `Incorrect API key provided: ${testApiKey}.` }));
  const { items, sent } = await say(harness, 'who is there?');
  harness.model.setScript(() => reply.text('ok'));
  const journal = await call(harness, 'GET', `/api/chat/${sent.sessionId}/export?format=jsonl`);
  const providers = await call(harness, 'GET', '/api/providers');
  for (const text of [JSON.stringify(items), journal.body, providers.body])
    expect(text).not.toContain(testApiKey);
});

test('F225 the local token is compared in constant time', async () => {
  const { timingSafeEqual } = await import('node:crypto');
  vi.mocked(timingSafeEqual).mockClear();
  await call(harness, 'GET', '/api/tokens');
  expect(timingSafeEqual).toHaveBeenCalled();
});

test('F217 F225 credentials of Reeve that somebody pastes into a message are in no export and no search', async () => {
  await joinPeople(harness, { email: 'bob@example.org' });
  const { tokens } = (await signInByPassword(harness, 'bob@example.org', goodPassword, true)).json;
  const { token } = (await call(harness, 'POST', '/api/scim-tokens', { name: 'directory' })).json;
  const pasted = [tokens.refreshToken, tokens.accessToken, token];
  const { sent } = await say(harness, `keep these: ${pasted.join(' and ')}`);
  for (const format of ['json', 'jsonl', 'markdown', 'html']) {
    const { body } = await call(harness, 'GET', `/api/chat/${sent.sessionId}/export?format=${format}`);
    expect(body).toContain('keep these');
    for (const secret of pasted) expect(body).not.toContain(secret);
  }
});
