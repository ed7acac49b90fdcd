import { createFakeClock, startHarness } from '@reeve/testkit';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accept, as, cookieOf, goodPassword, hashOf, join, local, otherPassword, signIn } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
const mails: { to: string[]; by: string; text: string }[] = [];
const mailPassword = ['quiet', 'post', 'office'].join('-');
let arrived = () => {};
const mailServer = new SMTPServer({
  allowInsecureAuth: true,
  disabledCommands: ['STARTTLS'],
  onAuth({ username, password }, _session, done) {
    done(null, username === 'reeve' && password === mailPassword ? { user: username } : {});
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const text = raw.replace(/=\r\n/g, '').replace(/=3D/g, '=');
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), by: session.user!, text });
      done();
      arrived();
    });
  },
});

beforeAll(async () => {
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const { port } = mailServer.server.address() as { port: number };
  harness = await startHarness({
    model: null,
    clock,
    env: {
      REEVE_IDENTITY_SMTP_HOST: '127.0.0.1',
      REEVE_IDENTITY_SMTP_PORT: String(port),
      REEVE_IDENTITY_SMTP_USER: 'reeve',
      REEVE_IDENTITY_SMTP_PASSWORD: 'secret:post-office',
      REEVE_IDENTITY_SMTP_FROM: 'reeve@example.org',
      REEVE_IDENTITY_PUBLIC_URL: 'https://reeve.example.org/',
    },
  });
  await admin('POST', '/api/secrets', { name: 'post-office', value: mailPassword });
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
});
beforeEach(() => clock.advance(6 * 60_000));

const nextMail = async () => {
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  return async () => {
    await waiting;
    return mails.at(-1)!;
  };
};
const admin = (method: string, path: string, body?: unknown) =>
  as(harness, local(harness), method, path, body);
const anybody = (path: string, body: unknown) => as(harness, null, 'POST', path, body);
const invite = async (body: object = {}) => (await admin('POST', '/api/invites', body)).json;

test('F234 F236 an invitation makes one account with the role that was set, and is good once', async () => {
  const { url } = await invite({ role: 'child' });
  const code = hashOf(url, 'invite');
  expect((await anybody('/api/auth/invite', { code })).json).toEqual({
    tenant: 'Home',
    role: 'child',
    email: null,
    name: null,
  });
  const kim = await accept(harness, url, 'kim@example.org');
  expect((await admin('GET', `/api/people/${kim.id}`)).json).toMatchObject({
    role: 'child',
    flags: { contentFilter: 'strict', canExecCommands: false, requiresAdminApproval: true },
  });
  const again = await anybody('/api/auth/register', {
    code,
    name: 'Eve',
    email: 'eve@example.org',
    password: goodPassword,
  });
  expect([again.status, again.json.code]).toEqual([401, 'CODE_EXPIRED']);
});

test('F234 of two who use one invitation at once, one gets an account', async () => {
  const { url } = await invite();
  const body = (name: string) => ({
    code: hashOf(url, 'invite'),
    name,
    email: `${name}@example.org`,
    password: goodPassword,
  });
  const answers = await Promise.all(
    ['ines', 'ivan'].map((name) => anybody('/api/auth/register', body(name))),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test('F234 an invitation ends after seven days, or when it is taken back', async () => {
  const [early, late, gone] = [await invite(), await invite(), await invite()];
  await admin('DELETE', `/api/invites/${gone.id}`);
  const listed = (await admin('GET', '/api/invites')).json.invites;
  expect(listed.map(({ id }: { id: string }) => id)).toEqual([early.id, late.id]);
  expect(JSON.stringify(listed)).not.toContain(hashOf(early.url, 'invite'));
  const read = ({ url }: { url: string }) => anybody('/api/auth/invite', { code: hashOf(url, 'invite') });
  expect((await read(gone)).status).toBe(401);
  await clock.advance(7 * 86_400_000 - 10_000);
  expect((await read(early)).status).toBe(200);
  await clock.advance(10_000);
  expect((await read(late)).status).toBe(401);
});

test('F218 F234 an invitation is mailed, with a password from the vault, and good for that address alone', async () => {
  const mail = await nextMail();
  const made = await invite({ email: 'Nora@Example.org', name: 'Nora' });
  expect(made.isSent).toBe(true);
  const { to, by, text } = await mail();
  expect([to, by]).toEqual([['Nora@example.org'], 'reeve']);
  expect(text).toContain(`https://reeve.example.org/login#invite=${hashOf(made.url, 'invite')}`);
  const asSomebodyElse = await anybody('/api/auth/register', {
    code: hashOf(made.url, 'invite'),
    name: 'Eve',
    email: 'eve@example.org',
    password: goodPassword,
  });
  expect(asSomebodyElse.status).toBe(400);
  expect((await accept(harness, made.url, 'nora@example.org')).id).toMatch(/^usr_/);
});

test('F234 nobody takes an address that is somebody else’s, and the invitation stays good', async () => {
  await join(harness, { email: 'paul@example.org' });
  const { url } = await invite();
  const taken = await anybody('/api/auth/register', {
    code: hashOf(url, 'invite'),
    name: 'Not Paul',
    email: 'PAUL@example.org',
    password: goodPassword,
  });
  expect([taken.status, taken.json.code]).toEqual([409, 'CONFLICT']);
  expect((await accept(harness, url, 'not-paul@example.org')).id).toMatch(/^usr_/);
});

test('F234 a forgotten password: the mailed link sets a new one once, and ends every session', async () => {
  const rita = await join(harness, { email: 'rita@example.org' });
  const mail = await nextMail();
  expect((await anybody('/api/auth/reset/request', { email: 'rita@example.org' })).json).toEqual({
    ok: true,
  });
  const { to, text } = await mail();
  expect(to).toEqual(['rita@example.org']);
  const code = /#reset=([\w-]+)/.exec(text)![1]!;
  expect((await anybody('/api/auth/reset', { code, password: 'short' })).json.code).toBe('PASSWORD_WEAK');
  expect((await anybody('/api/auth/reset', { code, password: otherPassword })).status).toBe(200);
  expect((await anybody('/api/auth/reset', { code, password: goodPassword })).status).toBe(401);
  expect((await as(harness, rita, 'GET', '/api/account')).status).toBe(401);
  expect((await signIn(harness, rita.email, goodPassword)).status).toBe(401);
  expect((await signIn(harness, rita.email, otherPassword)).status).toBe(200);
});

test('F234 asking for a link tells nothing of who has an account, and sends nothing to strangers', async () => {
  const before = mails.length;
  const answer = await anybody('/api/auth/reset/request', { email: 'stranger@example.org' });
  expect([answer.status, answer.json]).toEqual([200, { ok: true }]);
  const mail = await nextMail();
  await anybody('/api/auth/reset/request', { email: 'paul@example.org' });
  await mail();
  expect(mails.length).toBe(before + 1);
});

test('F234 a link that an admin hands over is good for an hour, and the newest alone', async () => {
  const sam = await join(harness, { email: 'sam@example.org' });
  const link = async () =>
    hashOf((await admin('POST', `/api/people/${sam.id}/reset-link`)).json.url, 'reset');
  const first = await link();
  const second = await link();
  expect((await anybody('/api/auth/reset', { code: first, password: otherPassword })).status).toBe(401);
  await clock.advance(60 * 60_000);
  expect((await anybody('/api/auth/reset', { code: second, password: otherPassword })).status).toBe(401);
  expect((await anybody('/api/auth/reset', { code: await link(), password: otherPassword })).status).toBe(
    200,
  );
  expect((await signIn(harness, sam.email, otherPassword)).status).toBe(200);
});

test.each<[string, (id: string) => Promise<unknown>]>([
  ['removed', (id) => admin('DELETE', `/api/people/${id}`)],
  ['disabled', (id) => admin('PATCH', `/api/people/${id}`, { isDisabled: true })],
  ['no admin any more', (id) => admin('PATCH', `/api/people/${id}`, { role: 'user' })],
])('F236 links that somebody handed out end when they are %s, and stay ended', async (what, end) => {
  const maker = await join(harness, { email: `${what.replaceAll(' ', '-')}@example.org`, role: 'admin' });
  const target = await join(harness, { email: `for-${what.replaceAll(' ', '-')}@example.org` });
  const code = hashOf(
    (await as(harness, maker, 'POST', '/api/invites', { role: 'admin' })).json.url,
    'invite',
  );
  const link = await as(harness, maker, 'POST', `/api/people/${target.id}/reset-link`);
  expect((await anybody('/api/auth/invite', { code })).status).toBe(200);
  await end(maker.id);
  const expectNothing = async () => {
    const person = { name: 'Back', email: 'back@example.org', password: otherPassword };
    const reset = { code: hashOf(link.json.url, 'reset'), password: otherPassword };
    expect((await anybody('/api/auth/invite', { code })).json.code).toBe('CODE_EXPIRED');
    expect((await anybody('/api/auth/register', { code, ...person })).json.code).toBe('CODE_EXPIRED');
    expect((await anybody('/api/auth/reset', reset)).json.code).toBe('CODE_EXPIRED');
    const { invites } = (await admin('GET', '/api/invites')).json;
    expect(invites.filter(({ createdBy }: { createdBy: string }) => createdBy === maker.id)).toEqual([]);
  };
  await expectNothing();
  await admin('PATCH', `/api/people/${maker.id}`, { isDisabled: false, role: 'admin' });
  await expectNothing();
});

test('F234 a sign-in with the old password that is being checked while a new one is set opens nothing', async () => {
  const uma = await join(harness, { email: 'uma@example.org' });
  const code = hashOf((await admin('POST', `/api/people/${uma.id}/reset-link`)).json.url, 'reset');
  // Passwords are checked two at a time: the last of these waits until the new one is there.
  const enter = () => signIn(harness, uma.email, goodPassword);
  const [first, second, reset, third, fourth] = await Promise.all([
    enter(),
    enter(),
    anybody('/api/auth/reset', { code, password: otherPassword }),
    enter(),
    enter(),
  ]);
  expect(reset.status).toBe(200);
  for (const answer of [first, second, third, fourth]) {
    expect([200, 401]).toContain(answer.status);
    if (answer.status === 401) continue;
    expect((await as(harness, cookieOf(answer), 'GET', '/api/account')).status).toBe(401);
  }
  await clock.advance(61_000);
  expect((await signIn(harness, uma.email, otherPassword)).status).toBe(200);
});

test('F234 of two who change a password with the same old one at once, one succeeds', async () => {
  const vito = await join(harness, { email: 'vito@example.org' });
  const answers = await Promise.all(
    [otherPassword, `${otherPassword} too`].map((password) =>
      as(harness, vito, 'POST', '/api/account/password', { current: goodPassword, password }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test('F234 a link for a password is no invitation, and the other way round', async () => {
  const tom = await join(harness, { email: 'tom@example.org' });
  const reset = hashOf((await admin('POST', `/api/people/${tom.id}/reset-link`)).json.url, 'reset');
  expect((await anybody('/api/auth/invite', { code: reset })).status).toBe(401);
  const { url } = await invite();
  const answer = await anybody('/api/auth/reset', { code: hashOf(url, 'invite'), password: otherPassword });
  expect(answer.status).toBe(401);
});
