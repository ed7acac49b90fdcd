import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, goodPassword, hashOf, join, local, type Member, otherPassword } from '../identity/support.ts';
import { say } from '../support/collect.ts';
import { call } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let bob: Member;
beforeAll(async () => {
  harness = await startHarness();
  bob = await join(harness, { email: 'bob@example.org' });
});
afterAll(() => harness[Symbol.asyncDispose]());

/** What somebody would like to be, in the words that other programs use for it. */
const wishes = {
  id: 'owner',
  userId: 'owner',
  owner: 'owner',
  ownerId: 'owner',
  tenantId: 'next',
  tenant: 'next',
  role: 'admin',
  roles: ['admin'],
  isAdmin: true,
  is_admin: true,
  scopes: ['*:*'],
  permissions: ['system:manage'],
  flags: { canExecCommands: true, requiresAdminApproval: false, contentFilter: 'off' },
  isDisabled: false,
  emailVerified: true,
  email: 'owner@example.org',
  by: 'owner',
  createdBy: 'owner',
  status: 'approved',
  createdAt: 1,
};

const personOf = async (id: string) => (await as(harness, local(harness), 'GET', `/api/people/${id}`)).json;

test('F236 API3 what somebody sends about themselves changes their name and language, and nothing else', async () => {
  const before = await personOf(bob.id);
  await as(harness, bob, 'PATCH', '/api/account', { ...wishes, name: 'Bobby', language: 'de' });
  const { name, language, ...rest } = await personOf(bob.id);
  const { name: _name, language: _language, ...same } = before;
  expect([name, language]).toEqual(['Bobby', 'de']);
  expect(rest).toEqual(same);
  expect((await as(harness, bob, 'GET', '/api/people')).status).toBe(403);
});

test('F234 API3 whoever comes by an invitation is what it says, whatever they send along', async () => {
  const { url } = (await call(harness, 'POST', '/api/invites', { role: 'child' })).json;
  const answer = await as(harness, null, 'POST', '/api/auth/register', {
    ...wishes,
    code: hashOf(url, 'invite'),
    name: 'Kim',
    email: 'kim@example.org',
    password: goodPassword,
  });
  expect(answer.status).toBe(200);
  const { people } = (await call(harness, 'GET', '/api/people')).json;
  const kim = people.find((one: { name: string }) => one.name === 'Kim');
  expect(kim).toMatchObject({ role: 'child', flags: { canExecCommands: false, contentFilter: 'strict' } });
  expect(kim.id).not.toBe('owner');
});

test('F225 F235 API3 keys, passwords and sessions stay with whoever makes them', async () => {
  const made = (await as(harness, bob, 'POST', '/api/tokens', { ...wishes, scopes: undefined, name: 'mine' }))
    .json;
  expect((await as(harness, { bearer: made.token }, 'GET', '/api/account')).json.person.id).toBe(bob.id);
  const session = (await as(harness, bob, 'POST', '/api/chat/conversations', { ...wishes, title: 'mine' }))
    .json;
  expect((await as(harness, bob, 'GET', `/api/chat/${session.id}`)).status).toBe(200);
  expect((await as(harness, local(harness), 'GET', `/api/chat/${session.id}`)).status).toBe(404);
  const { email: _email, ...withoutAddress } = wishes;
  const changed = await as(harness, bob, 'POST', '/api/account/password', {
    ...withoutAddress,
    current: goodPassword,
    password: otherPassword,
  });
  expect(changed.status).toBe(200);
  const signIn = (email: string) =>
    as(harness, null, 'POST', '/api/auth/sign-in', { email, password: otherPassword });
  expect((await signIn('bob@example.org')).status).toBe(200);
});

/** Ways in by name, and schemas of arguments. */
const notRows = new Set(['/api/auth/methods', '/api/tools']);

test('F217 API3 no answer has a property that is nobody’s business: hashes, keys, sealed values, rows', async () => {
  await say(harness, 'hello');
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, one] of Object.entries(value)) {
      if (!Array.isArray(value)) names.add(name);
      collect(one);
    }
  };
  const reading = procedures.filter(
    ({ method, path, name }) =>
      method === 'GET' &&
      !path.includes('{') &&
      !notRows.has(path) &&
      !/stream|logs/i.test(name) &&
      path.startsWith('/api/'),
  );
  expect(reading.length).toBeGreaterThan(25);
  for (const { path } of reading) {
    const answer = await call(harness, 'GET', path);
    if (answer.status === 200) collect(answer.json);
  }
  const telling = [...names].filter((name) =>
    /hash$|_|password$|sealed|private|salt|^key$|secret$/i.test(name),
  );
  // Settings have keys; the audit chains hashes that it publishes; the account says whether there is a password.
  expect(
    telling.filter((name) => !/^(key|hasPassword|hash|prevHash|tokens_(in|out)|sharedPassword)$/.test(name)),
  ).toEqual([]);
});
