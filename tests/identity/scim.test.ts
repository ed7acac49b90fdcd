import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { createFakeClock, type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Answer, ask, open } from '../support/http.ts';
import { challengeOf, connectParams, openSocket } from '../support/wire.ts';
import { as, goodPassword, hashOf, join, local, signIn } from './support.ts';

const users = '/Users';

const clock = createFakeClock();
let harness: Harness;
let token: string;
let tokenId: string;

const scim = (method: string, path: string, body?: unknown, bearer = token): Promise<Answer> =>
  ask(`${harness.url}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body !== undefined && { 'content-type': 'application/scim+json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const user = (userName: string, more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  name: { givenName: 'Ida', familyName: 'Falk' },
  emails: [{ value: userName, primary: true }],
  active: true,
  ...more,
});
const patch = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});
const create = async (userName: string, more: object = {}): Promise<string> => {
  const answer = await scim('POST', '/Users', user(userName, more));
  expect([answer.status, answer.body]).toEqual([201, answer.body]);
  return answer.json.id;
};
const personOf = async (id: string) => (await as(harness, local(harness), 'GET', `/api/people/${id}`)).json;

beforeAll(async () => {
  harness = await startHarness({ clock });
  writeFileSync(
    joinPath(harness.home, 'reeve.toml'),
    '[identity.scim]\nroleMap = ["Heads=admin", "Kids=child"]\ndefaultRole = "user"\n',
  );
  await as(harness, local(harness), 'POST', '/api/system/reload');
  const made = await as(harness, local(harness), 'POST', '/api/scim-tokens', { name: 'directory' });
  ({ token, id: tokenId } = made.json);
});
afterAll(() => harness?.[Symbol.asyncDispose]());
beforeEach(() => clock.advance(10 * 60_000));

test('F241 a directory makes, reads, finds and changes people', async () => {
  const answer = await scim('POST', '/Users', user('Ida@Example.org', { externalId: 'x1' }));
  expect(answer.status).toBe(201);
  expect(answer.headers['content-type']).toContain('application/scim+json');
  const { id } = answer.json;
  expect(answer.json).toMatchObject({
    userName: 'ida@example.org',
    externalId: 'x1',
    active: true,
    displayName: 'Ida Falk',
    meta: { resourceType: 'User', location: `${harness.url}/scim/v2/Users/${id}` },
  });
  expect(await personOf(id)).toMatchObject({ name: 'Ida Falk', email: 'ida@example.org', role: 'user' });

  for (const filter of ['userName eq "IDA@example.org"', 'externalId eq "x1"', `id eq "${id}"`]) {
    const found = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect([filter, found.json.totalResults, found.json.Resources[0]?.id]).toEqual([filter, 1, id]);
  }
  const replaced = await scim('PUT', `/Users/${id}`, user('ida@example.org', { displayName: 'Ida F.' }));
  expect(replaced.json).toMatchObject({ displayName: 'Ida F.' });
  await scim('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'name.familyName', value: 'Berg' }));
  await scim(
    'PATCH',
    `/Users/${id}`,
    patch({ op: 'replace', path: 'emails[type eq "work"].value', value: 'ida.berg@example.org' }),
  );
  expect(await personOf(id)).toMatchObject({ email: 'ida.berg@example.org' });
  expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
  expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
});

test('F241 the list comes in pages, without guests and programs', async () => {
  for (const number of [1, 2, 3, 4]) await create(`page${number}@example.org`);
  const first = (await scim('GET', '/Users?startIndex=1&count=2')).json;
  const second = (await scim('GET', '/Users?startIndex=3&count=2')).json;
  expect(first).toMatchObject({ totalResults: 4, startIndex: 1, itemsPerPage: 2 });
  expect(second).toMatchObject({ totalResults: 4, startIndex: 3, itemsPerPage: 2 });
  const names = [...first.Resources, ...second.Resources].map((one: { userName: string }) => one.userName);
  expect(names).toEqual([1, 2, 3, 4].map((number) => `page${number}@example.org`));
  expect((await scim('GET', '/Users?count=0')).json).toMatchObject({ totalResults: 4, Resources: [] });
});

test.each([
  { op: 'replace', value: { active: false } },
  { op: 'Replace', path: 'active', value: 'False' },
  { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false },
])('F241 who is deactivated is out at once, sockets and streams and all: %j', async (operation) => {
  const name = `out-${Object.keys(operation).length}-${String(operation.path?.length ?? 0)}@example.org`;
  const member = await join(harness, { email: name });
  const session = await as(harness, { cookie: member.cookie }, 'POST', '/api/chat/conversations', {});
  const stream = await open(`${harness.url}/api/chat/stream?sessionId=${session.json.id}`, {
    headers: { cookie: member.cookie },
  });
  expect(stream.headers['content-type']).toContain('text/event-stream');
  const ended = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('error', () => {}).resume();
  const socket = await openSocket(harness, { headers: { cookie: member.cookie }, origin: harness.url });
  await challengeOf(socket);
  expect((await socket.ask('connect', connectParams('', { auth: {} }))).ok).toBe(true);
  const answer = await scim('PATCH', `/Users/${member.id}`, patch(operation));
  expect(answer.json).toMatchObject({ active: false });
  await Promise.all([ended, socket.closed]);
  expect((await as(harness, { cookie: member.cookie }, 'GET', '/api/account')).status).toBe(401);
  expect((await signIn(harness, name, goodPassword)).status).toBe(401);
  // A change that says nothing of it lets nobody in again.
  await scim('PATCH', `/Users/${member.id}`, patch({ op: 'replace', path: 'displayName', value: 'X' }));
  expect(await personOf(member.id)).toMatchObject({ isDisabled: true, name: 'X' });
  await scim('PATCH', `/Users/${member.id}`, patch({ op: 'replace', path: 'active', value: true }));
  expect((await signIn(harness, name, goodPassword)).status).toBe(200);
});

test('F241 groups give roles, and take them back', async () => {
  const id = await create('gina@example.org');
  const made = await scim('POST', '/Groups', { displayName: 'Heads', members: [{ value: id }] });
  expect(made.status).toBe(201);
  expect(await personOf(id)).toMatchObject({ role: 'admin' });
  const group = `/Groups/${made.json.id}`;
  expect((await scim('GET', group)).json.members).toMatchObject([{ value: id }]);
  await scim('PATCH', group, patch({ op: 'Remove', path: `members[value eq "${id}"]` }));
  expect(await personOf(id)).toMatchObject({ role: 'user' });
  await scim('PATCH', group, patch({ op: 'add', path: 'members', value: [{ value: id }] }));
  expect(await personOf(id)).toMatchObject({ role: 'admin' });
  await scim('PUT', group, { displayName: 'Kids', members: [{ value: id }] });
  expect(await personOf(id)).toMatchObject({ role: 'child' });
  const found = await scim('GET', `/Groups?filter=${encodeURIComponent('displayName eq "kids"')}`);
  expect(found.json.totalResults).toBe(1);
  expect((await scim('POST', '/Groups', { displayName: 'Kids' })).status).toBe(409);
  expect((await scim('DELETE', group)).status).toBe(204);
  expect(await personOf(id)).toMatchObject({ role: 'user' });
});

test('F241 a directory cannot take the last admin away', async () => {
  await as(harness, local(harness), 'PATCH', '/api/account', { name: 'Olga' });
  const admins = (await as(harness, local(harness), 'GET', '/api/people')).json.people;
  expect(admins.filter((one: { role: string }) => one.role === 'admin')).toHaveLength(1);
  // Without an address the owner is none of the directory's business.
  expect((await scim('GET', `${users}/owner`)).status).toBe(404);
  expect((await scim('DELETE', `${users}/owner`)).status).toBe(404);
});

test('F241 what is wrong is said in the form of SCIM', async () => {
  const id = await create('wrong@example.org');
  const cases: [Answer, number, string | undefined][] = [
    [await scim('POST', '/Users', user('wrong@example.org')), 409, 'uniqueness'],
    [await scim('POST', '/Users', user('no address', { emails: [] })), 400, 'invalidValue'],
    [await scim('POST', '/Users', {}), 400, 'invalidValue'],
    [await scim('GET', '/Users?filter=userName%20sw%20%22a%22'), 400, 'invalidFilter'],
    [await scim('GET', '/Users?startIndex=x'), 400, 'invalidValue'],
    [await scim('PATCH', `/Users/${id}`, { nothing: true }), 400, 'invalidSyntax'],
    [await scim('PATCH', `/Users/${id}`, patch({ op: 'fly' })), 400, 'invalidSyntax'],
    [await scim('PATCH', `/Users/${id}`, patch({ op: 'remove', path: 'userName' })), 400, 'mutability'],
    [
      await scim('POST', '/Groups', { displayName: 'G', members: [{ value: 'nobody' }] }),
      400,
      'invalidValue',
    ],
    [await scim('GET', `${users}/a%2Fb`), 404, undefined],
    [await scim('GET', '/Nothing'), 404, undefined],
    [await scim('DELETE', '/Users'), 405, undefined],
  ];
  for (const [answer, status, scimType] of cases) {
    expect([answer.status, answer.body]).toEqual([status, answer.body]);
    expect(answer.json).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
    });
    expect(answer.json.scimType).toBe(scimType);
  }
  const garbled = await ask(`${harness.url}/scim/v2/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: '{"__proto__": {"x": 1}}',
  });
  expect(garbled.status).toBe(400);
});

test('F241 a directory finds out what there is', async () => {
  expect((await scim('GET', '/ServiceProviderConfig')).json).toMatchObject({ patch: { supported: true } });
  const types = (await scim('GET', '/ResourceTypes')).json;
  expect(types.Resources.map((one: { id: string }) => one.id)).toEqual(['User', 'Group']);
  for (const { id } of (await scim('GET', '/Schemas')).json.Resources)
    expect((await scim('GET', `/Schemas/${id}`)).json.attributes.length).toBeGreaterThan(2);
});

test('F233 a token of one tenant sees and changes nobody of another', async () => {
  const made = await as(harness, local(harness), 'POST', '/api/tenants', { name: 'Other' });
  const registered = await as(harness, null, 'POST', '/api/auth/register', {
    code: hashOf(made.json.url, 'invite'),
    name: 'Otto',
    email: 'otto@example.net',
    password: goodPassword,
    asTokens: true,
  });
  const otto = { bearer: registered.json.tokens.accessToken };
  const theirs = (await as(harness, otto, 'POST', '/api/scim-tokens', { name: 'theirs' })).json;
  const id = await create('mine@example.org');
  const group = (await scim('POST', '/Groups', { displayName: 'Mine', members: [{ value: id }] })).json.id;

  const other = (method: string, path: string, body?: unknown) => scim(method, path, body, theirs.token);
  const list = (await other('GET', '/Users')).json.Resources;
  expect(list.map((one: { userName: string }) => one.userName)).toEqual(['otto@example.net']);
  expect((await other('GET', '/Groups')).json.totalResults).toBe(0);
  const deactivate = patch({ op: 'replace', path: 'active', value: false });
  for (const path of [`/Users/${id}`, `/Groups/${group}`]) {
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', path.startsWith('/Users') ? user('mine@example.org') : { displayName: 'Taken' }],
      ['PATCH', deactivate],
      ['DELETE', undefined],
    ] as const)
      expect([path, method, (await other(method, path, body)).status]).toEqual([path, method, 404]);
  }
  const strange = await other('POST', '/Groups', { displayName: 'G', members: [{ value: id }] });
  expect(strange.status).toBe(400);
  expect(await personOf(id)).toMatchObject({ isDisabled: false });
  expect((await as(harness, otto, 'DELETE', `/api/scim-tokens/${tokenId}`)).status).toBe(404);
  expect((await as(harness, otto, 'GET', '/api/scim-tokens')).body).not.toContain('directory');
});

test('F241 tokens are shown once, kept as hashes, good for SCIM alone, and end when they are revoked', async () => {
  const made = await as(harness, local(harness), 'POST', '/api/scim-tokens', { name: 'short' });
  const list = await as(harness, local(harness), 'GET', '/api/scim-tokens');
  expect(list.body).not.toContain(made.json.token);
  expect(list.json.tokens).toHaveLength(2);
  expect((await as(harness, { bearer: made.json.token }, 'GET', '/api/people')).status).toBe(401);
  expect((await scim('GET', '/Users', undefined, harness.token)).status).toBe(401);
  expect((await scim('GET', '/Users', undefined, made.json.token)).status).toBe(200);
  await as(harness, local(harness), 'DELETE', `/api/scim-tokens/${made.json.id}`);
  expect((await scim('GET', '/Users', undefined, made.json.token)).status).toBe(401);
  const member = await join(harness, { email: 'plain@example.org' });
  const denied = await as(harness, { cookie: member.cookie }, 'POST', '/api/scim-tokens', { name: 'x' });
  expect(denied.status).toBe(403);
});

test('F241 guessing tokens is locked like guessing any other', async () => {
  for (let count = 0; count < 10; count += 1)
    expect((await scim('GET', '/Users', undefined, `rvc_${count}`)).status).toBe(401);
  const locked = await scim('GET', '/Users', undefined, 'rvc_x');
  expect([locked.status, locked.headers['retry-after'] !== undefined]).toEqual([429, true]);
});
