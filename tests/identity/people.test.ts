import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEvents, streamPath } from '../support/sse.ts';
import { challengeOf, connectParams, openSocket, type WireSocket } from '../support/wire.ts';
import {
  accept,
  as,
  goodPassword,
  join,
  local,
  type Member,
  ownerBrowser,
  signIn,
  type Who,
} from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
let kim: Member;
beforeAll(async () => {
  harness = await startHarness({ clock });
  kim = await join(harness, { email: 'kim@example.org', role: 'child' });
});
afterAll(() => harness[Symbol.asyncDispose]());

const admin = (method: string, path: string, body?: unknown) =>
  as(harness, local(harness), method, path, body);
const update = (id: string, body: object) => admin('PATCH', `/api/people/${id}`, body);
const statusOf = async (who: Who, method: string, path: string, body?: unknown) =>
  (await as(harness, who, method, path, body)).status;
const socketOf = async (who: Member): Promise<{ socket: WireSocket; scopes: string[] }> => {
  const socket = await openSocket(harness, { headers: { cookie: who.cookie }, origin: harness.url });
  await challengeOf(socket);
  const scopes = ['operator.admin', 'operator.read', 'operator.write', 'operator.approvals'];
  const hello = await socket.ask('connect', connectParams('', { auth: {}, scopes }));
  return { socket, scopes: hello.payload?.auth.scopes ?? [] };
};

test.each([
  ['GET', '/api/people'],
  ['GET', '/api/people/owner'],
  ['PATCH', '/api/people/owner', { role: 'guest' }],
  ['DELETE', '/api/people/owner'],
  ['POST', '/api/people/owner/reset-link'],
  ['POST', '/api/people/owner/sign-out'],
  ['GET', '/api/invites'],
  ['POST', '/api/invites', { role: 'admin' }],
  ['GET', '/api/roles'],
  ['POST', '/api/roles', { name: 'mine', base: 'admin' }],
  ['GET', '/api/tenants'],
  ['POST', '/api/tenants', { name: 'Mine' }],
  ['GET', '/api/config'],
  ['PATCH', '/api/config', { key: 'agent.name', value: 'Mine' }],
  ['GET', '/api/system/logs'],
  ['POST', '/api/system/reload'],
  ['POST', '/api/system/journal/rebuild'],
])('F236 F239 a child may not: %s %s', async (method, path, body?: object) => {
  const answer = await as(harness, kim, method, path, body);
  expect([answer.status, answer.json.code]).toEqual([403, 'PERMISSION_DENIED']);
});

test('F236 a child talks, and sees nothing of others', async () => {
  const mine = (await as(harness, kim, 'POST', '/api/chat/conversations', { title: 'Mine' })).json;
  const owners = await harness.client.sessions.create({ title: 'Of the owner' });
  const listed = await as(harness, kim, 'GET', '/api/chat/conversations');
  expect(listed.json.sessions.map(({ id }: { id: string }) => id)).toEqual([mine.id]);
  expect(await statusOf(kim, 'GET', `/api/chat/conversations/${owners.id}`)).toBe(404);
});

test('F003 F236 on the wire a child gets no scope of an admin, and reads neither settings nor log', async () => {
  const { socket, scopes } = await socketOf(kim);
  expect(scopes.sort()).toEqual(['operator.read', 'operator.write']);
  for (const method of ['config.get', 'logs.tail', 'status', 'config.set', 'provider.status'])
    expect((await socket.ask(method, {})).ok, method).toBe(false);
  await socket.close();
});

test('F236 nobody says in a request who they are: fields that were not asked for change nothing', async () => {
  const answer = await as(harness, kim, 'PATCH', '/api/account', {
    name: 'Kimmy',
    role: 'admin',
    id: 'owner',
    tenantId: 'other',
    flags: { canExecCommands: true },
    isDisabled: false,
  });
  expect(answer.json).toMatchObject({ id: kim.id, name: 'Kimmy', role: 'child' });
  expect((await admin('GET', `/api/people/${kim.id}`)).json).toMatchObject({
    role: 'child',
    flags: { canExecCommands: false },
  });
});

test('F236 a new role counts from the next request on, and ends the sockets of the old one', async () => {
  const lou = await join(harness, { email: 'lou@example.org' });
  const { socket } = await socketOf(lou);
  expect(await statusOf(lou, 'GET', '/api/people')).toBe(403);
  expect((await update(lou.id, { role: 'admin' })).status).toBe(200);
  await socket.closed;
  expect(await statusOf(lou, 'GET', '/api/people')).toBe(200);
  expect((await socketOf(lou)).scopes).toContain('operator.admin');
  await update(lou.id, { role: 'guest' });
  expect(await statusOf(lou, 'GET', '/api/people')).toBe(403);
});

test('F235 F236 who is disabled is out at once: requests, sockets, streams, keys and new sign-ins', async () => {
  await clock.advance(61_000);
  const max = await join(harness, { email: 'max@example.org' });
  const key = (await as(harness, max, 'POST', '/api/tokens', { name: 'key' })).json.token as string;
  const session = (await as(harness, max, 'POST', '/api/chat/conversations', {})).json;
  const stream = await openEvents(harness, streamPath({ sessionId: session.id, after: 0 }), {
    headers: { authorization: `Bearer ${key}` },
  });
  await stream.until(({ data }) => data?.type === 'session.created');
  const rest = stream.rest().catch(() => []);
  const { socket } = await socketOf(max);
  expect((await update(max.id, { isDisabled: true })).json.isDisabled).toBe(true);
  await Promise.all([socket.closed, rest]);
  expect(await statusOf(max, 'GET', '/api/account')).toBe(401);
  expect(await statusOf({ bearer: key }, 'GET', '/api/account')).toBe(401);
  expect((await signIn(harness, max.email, goodPassword)).json.code).toBe('SIGN_IN_FAILED');
  await update(max.id, { isDisabled: false });
  expect((await signIn(harness, max.email, goodPassword)).status).toBe(200);
});

test('F236 who is removed is gone with all credentials', async () => {
  const ned = await join(harness, { email: 'ned@example.org' });
  const { socket } = await socketOf(ned);
  expect((await admin('DELETE', `/api/people/${ned.id}`)).status).toBe(200);
  await socket.closed;
  expect(await statusOf(ned, 'GET', '/api/account')).toBe(401);
  expect((await admin('GET', `/api/people/${ned.id}`)).json.code).toBe('NOT_FOUND');
});

test('F236 the only admin stays one', async () => {
  const others = (await admin('GET', '/api/people')).json.people.filter(
    ({ id, role }: { id: string; role: string }) => id !== 'owner' && role === 'admin',
  );
  expect(others).toEqual([]);
  for (const change of [{ role: 'user' }, { isDisabled: true }])
    expect((await update('owner', change)).json.code).toBe('CONFLICT');
  expect((await admin('DELETE', '/api/people/owner')).json.code).toBe('CONFLICT');
});

test('F236 a role of one’s own narrows a built-in one, and stays as long as somebody has it', async () => {
  const made = await admin('POST', '/api/roles', {
    name: 'teen',
    base: 'child',
    description: 'Nearly grown up',
  });
  expect(made.status).toBe(201);
  const pia = await join(harness, { email: 'pia@example.org', role: 'teen' });
  expect((await as(harness, pia, 'GET', '/api/account')).json.person).toMatchObject({
    role: 'teen',
    baseRole: 'child',
    flags: { contentFilter: 'strict' },
  });
  expect(await statusOf(pia, 'GET', '/api/people')).toBe(403);
  expect((await admin('DELETE', '/api/roles/teen')).json.code).toBe('CONFLICT');
  expect((await admin('DELETE', '/api/roles/admin')).json.code).toBe('CONFLICT');
  await update(pia.id, { role: 'child' });
  expect((await admin('DELETE', '/api/roles/teen')).status).toBe(200);
  expect((await update(pia.id, { role: 'teen' })).json.code).toBe('INVALID_PARAMS');
});

test('F238 flags are changed one by one, by admins alone, and follow the role where nobody decided', async () => {
  const quin = await join(harness, { email: 'quin@example.org' });
  const flagsOf = async () => (await admin('GET', `/api/people/${quin.id}`)).json.flags;
  await update(quin.id, { flags: { maxTokensPerDay: 5000, canExecCommands: true } });
  expect(await flagsOf()).toMatchObject({
    maxTokensPerDay: 5000,
    canExecCommands: true,
    contentFilter: 'off',
  });
  await update(quin.id, { role: 'child' });
  expect(await flagsOf()).toMatchObject({
    maxTokensPerDay: 5000,
    canExecCommands: true,
    contentFilter: 'strict',
  });
});

test('F302 admins of two tenants see nothing of each other, and reach nothing', async () => {
  const made = await admin('POST', '/api/tenants', { name: 'The neighbours' });
  const bea = await accept(harness, made.json.url, 'bea@example.net');
  const cid = await join(harness, { email: 'cid@example.net', by: bea });
  const theirs = await as(harness, bea, 'GET', '/api/people');
  expect(theirs.json.people.map(({ id }: { id: string }) => id)).toEqual([bea.id, cid.id]);
  const ours = (await admin('GET', '/api/people')).json.people.map(({ id }: { id: string }) => id);
  expect(ours).not.toContain(bea.id);
  const inviteOfOurs = (await admin('POST', '/api/invites', {})).json.id;
  for (const [method, path, body] of [
    ['GET', '/api/people/owner'],
    ['PATCH', '/api/people/owner', { role: 'guest' }],
    ['DELETE', `/api/people/${kim.id}`],
    ['POST', `/api/people/${kim.id}/reset-link`],
    ['POST', `/api/people/${kim.id}/sign-out`],
    ['DELETE', `/api/invites/${inviteOfOurs}`],
  ] as const)
    expect(await statusOf(bea, method, path, body), `${method} ${path}`).toBe(404);
  expect(await statusOf(bea, 'GET', '/api/tenants')).toBe(403);
  expect(await statusOf(bea, 'POST', '/api/tenants', { name: 'More' })).toBe(403);
  for (const method of ['GET', 'DELETE'])
    expect((await admin(method, `/api/people/${cid.id}`)).status).toBe(404);
  expect(await statusOf(cid, 'GET', '/api/account')).toBe(200);
  // What they made in sessions is apart, too.
  const session = (await as(harness, bea, 'POST', '/api/chat/conversations', { title: 'Theirs' })).json;
  expect((await admin('GET', `/api/chat/conversations/${session.id}`)).status).toBe(404);
});

test('F236 the owner’s browser and the command line stay what they were', async () => {
  expect(await statusOf(await ownerBrowser(harness), 'GET', '/api/people')).toBe(200);
});
