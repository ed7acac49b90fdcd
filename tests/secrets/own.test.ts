import { type Harness, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, join, local, type Member } from '../identity/support.ts';
import { say } from '../support/collect.ts';
import { run } from './support.ts';

let harness: Harness;
let anna: Member;
let bela: Member;
const value = ['annas', 'own', 'value', '4711', 'xyz'].join('-');

beforeAll(async () => {
  harness = await startHarness();
  anna = await join(harness, { email: 'anna@example.org' });
  bela = await join(harness, { email: 'bela@example.org' });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const own = { name: 'bank', value, mine: true };
const names = async (who: Parameters<typeof as>[1]) => {
  const { secrets } = (await as(harness, who, 'GET', '/api/secrets')).json;
  return secrets.map(({ name, isMine }: { name: string; isMine: boolean }) => [name, isMine]);
};

test('F218 F220 a person keeps a secret of their own; nobody else sees, reads or touches it, admins neither', async () => {
  expect((await as(harness, anna, 'POST', '/api/secrets', own)).status).toBe(200);
  await harness.client.secrets.set({ name: 'house', value: 'everybodys-value-0815' });
  expect(await names(anna)).toEqual([['bank', true]]);
  expect(await names(bela)).toEqual([]);
  expect(await names(local(harness))).toEqual([['house', false]]);
  const everywhere: [string, string, object?][] = [
    ['GET', '/api/secrets/bank?mine=true'],
    ['PATCH', '/api/secrets/bank', { mine: true, policy: null }],
    ['DELETE', '/api/secrets/bank?mine=true'],
    ['POST', '/api/secrets/bank/rotate', { mine: true, value: 'another-value-1234' }],
    ['POST', '/api/secrets/bank/rollback', { mine: true }],
  ];
  for (const who of [bela, local(harness)])
    for (const [method, path, body] of everywhere)
      expect((await as(harness, who, method, path, body)).json.code, path).toBe('NOT_FOUND');
  // Another of the same name is another.
  expect(
    (await as(harness, bela, 'POST', '/api/secrets', { ...own, value: 'belas-value-1234' })).status,
  ).toBe(200);
  expect((await as(harness, bela, 'DELETE', '/api/secrets/bank?mine=true')).status).toBe(200);
  const kept = await as(harness, anna, 'GET', '/api/secrets/bank?mine=true');
  expect([kept.status, kept.json.version, kept.json.isMine]).toEqual([200, 1, true]);
  expect(kept.body).not.toContain(value);
});

test('F218 F220 what is everybody’s stays with the admins, and so does what is about the place of the secrets', async () => {
  const refused: [string, string, object?][] = [
    ['GET', '/api/secrets/house'],
    ['POST', '/api/secrets', { name: 'house', value: 'mine-now-1234' }],
    ['PATCH', '/api/secrets/house', { policy: null }],
    ['DELETE', '/api/secrets/house'],
    ['POST', '/api/secrets/house/rotate', { value: 'mine-now-1234' }],
    ['POST', '/api/secrets/house/rollback', {}],
    ['POST', '/api/secrets/emergency', {}],
    ['POST', '/api/secrets/lock', {}],
    ['POST', '/api/secrets/unlock', {}],
    ['GET', '/api/secrets/adoptable'],
    ['POST', '/api/secrets/adopt', { from: 'OPENAI_API_KEY' }],
  ];
  for (const [method, path, body] of refused)
    expect((await as(harness, anna, method, path, body)).status, `${method} ${path}`).toBe(403);
  expect((await as(harness, anna, 'GET', '/api/secrets/status')).json).toMatchObject({
    reason: null,
    warnings: [],
  });
  // Reeve would call that address from where it runs.
  const policy = { verify: { kind: 'http', url: 'http://127.0.0.1:1/' } };
  for (const [method, path, body] of [
    ['POST', '/api/secrets', { ...own, policy }],
    ['PATCH', '/api/secrets/bank', { mine: true, policy }],
  ] as const)
    expect((await as(harness, anna, method, path, body)).status).toBe(403);
});

test.each(['child', 'agent', 'guest'])('F218 F237 the role %s keeps none', async (role) => {
  const other = await join(harness, { email: `${role}@example.org`, role });
  expect((await as(harness, other, 'POST', '/api/secrets', own)).status).toBe(403);
  expect((await as(harness, other, 'GET', '/api/secrets')).status).toBe(403);
});

test('F235 a key is good for own secrets alone, or for all of them, as its scopes say', async () => {
  const keyOf = async (...scopes: string[]) => {
    const { token } = (await as(harness, local(harness), 'POST', '/api/tokens', { name: 'k', scopes })).json;
    return { bearer: token as string };
  };
  const narrow = await keyOf('secret:own');
  expect(await names(narrow)).toEqual([]);
  expect((await as(harness, narrow, 'GET', '/api/secrets/house')).status).toBe(403);
  const wide = await keyOf('secret:manage');
  expect(await names(wide)).toEqual([['house', false]]);
  expect((await as(harness, await keyOf('chat:read'), 'GET', '/api/secrets')).status).toBe(403);
});

test('F219 a word that a person keeps as a secret does not black out what others read; a key of theirs does', async () => {
  const set = (name: string, text: string) =>
    as(harness, anna, 'POST', '/api/secrets', { name, value: text, mine: true });
  await set('word', 'conversation');
  await set('sentence', 'a conversation with 2 people');
  harness.model.enqueue(reply.text(`A conversation with 2 people and ${value}.`));
  const answer = await say(harness, 'What is it?');
  expect(JSON.stringify(answer)).toContain('A conversation with 2 people and [secret:bank].');
});

test('F218 a person keeps a hundred at most, and the command line keeps one’s own', async () => {
  const made = await as(harness, bela, 'POST', '/api/tokens', { name: 'k' });
  const cli = (argv: string[], input?: string) =>
    run({ ...harness, token: made.json.token }, argv, input === undefined ? {} : { input });
  const kept = await cli(['secret', 'set', 'mail', '--mine', '--stdin'], 'belas-value-9876\n');
  expect([kept.code, kept.out]).toEqual([0, expect.stringContaining('secret:mail')]);
  expect((await cli(['secret', 'list'])).out).toMatch(/mail +mine/);
  expect((await cli(['secret', 'set', 'mail', '--stdin'], 'x-value-9876\n')).err).toContain('--mine');
  for (let at = 1; at < 100; at += 1)
    await as(harness, bela, 'POST', '/api/secrets', { ...own, name: `s${at}` });
  const last = await as(harness, bela, 'POST', '/api/secrets', { ...own, name: 'one-more' });
  expect([last.status, last.json.code]).toEqual([409, 'CONFLICT']);
  expect((await as(harness, bela, 'POST', '/api/secrets', { ...own, name: 's7' })).status).toBe(200);
});
