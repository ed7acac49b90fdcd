import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../src/server.ts';
import { cli } from './fake-gateway.ts';

const home = mkdtempSync(join(tmpdir(), 'reeve-people-'));
let server: Server;
beforeAll(async () => {
  server = await startServer({ home, env: {}, flags: { port: 0 } });
});
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

const run = (argv: string[], input?: string) =>
  cli([...argv, '--home', home], input === undefined ? {} : { input });
const json = async (argv: string[]) => JSON.parse((await run([...argv, '--json'])).out);
const post = (path: string, body: object, token?: string) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
const codeOf = (link: string) => new URL(link.trim()).hash.split('=')[1];

test('F236 F238 invite, user and their options: a person comes, gets a role and flags, and is disabled', async () => {
  const { code, out } = await run(['invite', 'create', '--role', 'child']);
  expect(code).toBe(0);
  const person = { name: 'Kim', email: 'kim@example.org', password: 'vexing otter lantern 91' };
  const joined = await post('/api/auth/register', { code: codeOf(out), ...person });
  expect(joined.status).toBe(200);
  expect((await run(['user', 'list'])).out).toMatch(/Kim +kim@example.org +child/);
  await run([
    'user',
    'set',
    'kim',
    '--role',
    'user',
    '--flag',
    'canUseBrowser=no',
    '--flag',
    'maxTokensPerDay=500',
  ]);
  expect(await json(['user', 'show', 'kim@example.org'])).toMatchObject({
    role: 'user',
    flags: { canUseBrowser: false, maxTokensPerDay: 500 },
  });
  expect((await run(['user', 'set', 'kim', '--flag', 'canUseBrowser'])).code).toBe(1);
  expect((await run(['user', 'disable', 'kim'])).out).toBe('Kim is disabled.\n');
  const { email, password } = person;
  expect((await post('/api/auth/sign-in', { email, password })).status).toBe(401);
  await run(['user', 'enable', 'kim']);
  const link = (await run(['user', 'reset-link', 'kim'])).out;
  const reset = await post('/api/auth/reset', { code: codeOf(link), password: 'plum walrus thicket 58' });
  expect(reset.status).toBe(200);
  expect((await run(['user', 'remove', 'kim'])).code).toBe(1);
  expect((await run(['user', 'remove', 'kim', '--yes'])).out).toBe('Removed Kim.\n');
  expect((await run(['user', 'show', 'kim'])).err).toContain('USER_NOT_FOUND');
});

test('F236 roles of one’s own, and invitations that are taken back', async () => {
  await run(['user', 'add-role', 'teen', '--base', 'child', '--description', 'Nearly grown up']);
  expect((await run(['user', 'roles'])).out).toMatch(/teen +child +Nearly grown up/);
  const link = (await run(['invite', 'create', '--role', 'teen'])).out;
  const [invite] = (await json(['invite', 'list'])).invites;
  expect((await run(['user', 'remove-role', 'teen'])).code).toBe(1);
  await run(['invite', 'revoke', invite.id]);
  expect((await post('/api/auth/invite', { code: codeOf(link) })).status).toBe(401);
  expect((await run(['user', 'remove-role', 'teen'])).code).toBe(0);
});

test('F225 token: scopes and an end; the key is printed once and then masked', async () => {
  const { out } = await run([
    'token',
    'create',
    '--name',
    'reader',
    '--scope',
    'chat:read',
    '--expires',
    '30',
  ]);
  const key = out.trim();
  const listed = (await run(['token', 'list'])).out;
  expect(listed).toContain(`${key.slice(0, 6)}…${key.slice(-4)}`);
  expect(listed).toContain('chat:read');
  expect(listed).not.toContain(key);
  expect((await post('/api/chat/conversations', {}, key)).status).toBe(403);
  const [{ id }] = (await json(['token', 'list'])).tokens;
  await run(['token', 'revoke', id]);
  expect((await post('/api/chat/conversations', {}, key)).status).toBe(401);
  expect((await run(['token', 'create', '--name', 'x', '--scope', 'everything'])).code).toBe(1);
});

test('F235 device: where the owner is signed in, and out again', async () => {
  const link = (await run(['token', 'login-link'])).out;
  expect((await post('/api/auth/login', { code: codeOf(link) })).status).toBe(200);
  const { sessions } = await json(['device', 'list']);
  expect(sessions).toHaveLength(1);
  expect((await run(['device', 'revoke', sessions[0].id])).code).toBe(0);
  expect((await json(['device', 'list'])).sessions).toEqual([]);
});

test('F005 token hash-password reads the password from standard input, and gives what the setting takes', async () => {
  const { out } = await run(['token', 'hash-password', '--stdin'], 'marble fox canyon 37\n');
  expect(out.trim()).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  const set = await run(['config', 'set', 'gateway.auth.password', out.trim()]);
  expect(set.code).toBe(0);
  expect(set.out).not.toContain(out.trim());
});

test('F093 F240 F241 F243 an admin links channels of people, lets a directory in and out, and makes a tenant', async () => {
  expect((await run(['user', 'channels', 'owner'])).out).toContain('known on no chat channel');
  expect((await run(['user', 'link', 'owner', 'telegram', '4711'])).code).toBe(0);
  const { channels } = await json(['user', 'channels', 'owner']);
  expect(channels).toMatchObject([{ channel: 'telegram', identifier: '4711' }]);
  expect((await run(['user', 'unlink', 'owner', 'lnk_none'])).err).toContain('NOT_FOUND');
  expect((await run(['user', 'unlink', 'owner', channels[0].id])).code).toBe(0);
  expect((await json(['user', 'channels', 'owner'])).channels).toEqual([]);

  const token = (await run(['scim', 'create', 'Office'])).out.trim();
  const users = () =>
    fetch(`${server.url}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } }).then(
      ({ status }) => status,
    );
  expect(await users()).toBe(200);
  const { tokens } = await json(['scim', 'list']);
  expect((await run(['scim', 'list'])).out).toContain('Office');
  expect(JSON.stringify(tokens)).not.toContain(token);
  await run(['scim', 'revoke', tokens[0].id]);
  expect(await users()).toBe(401);

  const link = (await run(['tenant', 'create', 'Next door'])).out;
  const nora = { name: 'Nora', email: 'nora@example.net', password: 'vexing otter lantern 91' };
  expect((await post('/api/auth/register', { code: codeOf(link), ...nora })).status).toBe(200);
  expect((await run(['tenant', 'list'])).out).toMatch(/Next door +1/);
  expect((await run(['user', 'list'])).out).not.toContain('Nora');
});
