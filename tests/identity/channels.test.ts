import { type Channel, linkCodeIn, type Sender, type Senders } from '@reeve/core';
import { createFakeClock, type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  as,
  cookieOf,
  goodPassword,
  hashOf,
  join,
  local,
  type Member,
  otherPassword,
  signIn,
} from './support.ts';

const clock = createFakeClock();
/** A chat channel of this test: it says who sends as a real one would, and takes `LINK 482916`. */
const chat: Channel & { senders: Senders } = {
  name: 'test-chat',
  senders: undefined as unknown as Senders,
  start(senders) {
    this.senders = senders;
  },
};
const from = (identifier: string, more: Partial<Sender> = {}): Sender => ({
  tenantId: 'home',
  channel: 'test-chat',
  identifier,
  ...more,
});
/** What somebody writes on that channel; the answer is the code of what went wrong, or whose the message is. */
const write = async (identifier: string, text: string, more: Partial<Sender> = {}): Promise<string> => {
  const sender = from(identifier, more);
  const code = linkCodeIn(text);
  try {
    const owner =
      code === null ? await chat.senders.resolve(sender) : await chat.senders.confirm(sender, code);
    return owner?.userId ?? 'refused';
  } catch (error) {
    return (error as { fault: { code: string } }).fault.code;
  }
};

let harness: Harness;
let anna: Member;
beforeAll(async () => {
  harness = await startHarness({ clock, channels: [chat] });
  anna = await join(harness, { email: 'anna@example.org' });
});
afterAll(() => harness?.[Symbol.asyncDispose]());
beforeEach(() => clock.advance(10 * 60_000));

const newCode = async (who: { cookie: string }): Promise<string> => {
  const answer = await as(harness, who, 'POST', '/api/account/channels/code');
  expect(answer.json.expiresAt).toBe(clock.now() + 5 * 60_000);
  expect(answer.json.code).toMatch(/^\d{6}$/);
  return answer.json.code;
};
/** Another six digits. */
const not = (code: string, more = 1) => String((Number(code) + more) % 1_000_000).padStart(6, '0');

test('F093 a code from one channel, sent on another, makes the person known there', async () => {
  const before = await write('42', 'hello');
  expect(before).toMatch(/^gst_/);
  const code = await newCode(anna);
  expect(await write('42', `LINK ${code}`)).toBe(anna.id);
  expect(await write('42', 'hello')).toBe(anna.id);
  expect(await write('43', 'hello')).not.toBe(anna.id);
  const { channels } = (await as(harness, anna, 'GET', '/api/account/channels')).json;
  expect(channels).toMatchObject([{ channel: 'test-chat', identifier: '42' }]);

  const gone = await as(harness, anna, 'DELETE', `/api/account/channels/${channels[0].id}`);
  expect(gone.status).toBe(200);
  expect(await write('42', 'hello')).toBe(before);
});

test('F093 a code is good once, for five minutes, and the newest alone', async () => {
  const first = await newCode(anna);
  const second = await newCode(anna);
  expect(await write('50', `link ${first}`)).toBe('CODE_EXPIRED');
  expect(await write('50', `link ${second}`)).toBe(anna.id);
  expect(await write('51', `link ${second}`)).toBe('CODE_EXPIRED');
  const third = await newCode(anna);
  await clock.advance(5 * 60_000);
  expect(await write('51', `link ${third}`)).toBe('CODE_EXPIRED');
});

test('F093 five wrong codes and the sender has to wait, even with the right one', async () => {
  const code = await newCode(anna);
  for (let count = 1; count <= 5; count += 1)
    expect(await write('60', `LINK ${not(code, count)}`)).toBe('CODE_EXPIRED');
  expect(await write('60', `LINK ${code}`)).toBe('RATE_LIMIT');
  expect(await write('61', `LINK ${code}`)).toBe(anna.id);
  await clock.advance(5 * 60_000 + 1);
  expect(await write('60', `LINK ${await newCode(anna)}`)).toBe(anna.id);
});

test('F093 many senders who guess void every open code', async () => {
  const code = await newCode(anna);
  for (let count = 1; count <= 30; count += 1) await write(`g${count}`, `LINK ${not(code, count)}`);
  expect(await write('70', `LINK ${code}`)).toBe('RATE_LIMIT');
  await clock.advance(5 * 60_000 + 1);
  expect(await write('70', `LINK ${code}`)).toBe('CODE_EXPIRED');
});

test('F093 codes are not made without end', async () => {
  const statuses = [];
  for (let count = 0; count < 11; count += 1)
    statuses.push((await as(harness, anna, 'POST', '/api/account/channels/code')).status);
  expect(statuses).toEqual([...Array(10).fill(200), 429]);
});

test('F093 /link gives a code too, and not to guests', async () => {
  const session = await as(harness, anna, 'POST', '/api/chat/conversations', {});
  const said = await as(harness, anna, 'POST', '/chat', {
    message: '/link',
    session_id: session.json.id,
  });
  const code = /\d{6}/.exec(said.body)?.[0];
  expect(await write('80', `LINK ${code}`)).toBe(anna.id);
  const guest = await join(harness, { email: 'guest@example.org', role: 'guest' });
  const refused = await as(harness, guest, 'POST', '/api/account/channels/code');
  expect(refused.status).toBe(403);
});

test('F093 an admin links and unlinks; nobody else, and nobody of another tenant', async () => {
  const body = { channel: 'test-chat', identifier: '90' };
  const path = `/api/people/${anna.id}/channels`;
  expect((await as(harness, anna, 'POST', path, body)).status).toBe(403);
  const made = await as(harness, local(harness), 'POST', path, body);
  expect(made.status).toBe(201);
  expect(await write('90', 'hello')).toBe(anna.id);
  const bert = await join(harness, { email: 'bert@example.org' });
  expect((await as(harness, bert, 'DELETE', `/api/account/channels/${made.json.id}`)).status).toBe(404);

  const tenant = await as(harness, local(harness), 'POST', '/api/tenants', { name: 'Other' });
  const other = await as(harness, null, 'POST', '/api/auth/register', {
    code: hashOf(tenant.json.url, 'invite'),
    name: 'Otto',
    email: 'otto@example.net',
    password: goodPassword,
    asTokens: true,
  });
  const otto = { bearer: other.json.tokens.accessToken };
  expect((await as(harness, otto, 'POST', path, body)).status).toBe(404);
  expect((await as(harness, otto, 'GET', path)).status).toBe(404);
  expect((await as(harness, otto, 'DELETE', `${path}/${made.json.id}`)).status).toBe(404);
  expect(await write('90', 'hello', { tenantId: tenant.json.id })).not.toBe(anna.id);

  expect((await as(harness, local(harness), 'DELETE', `${path}/${made.json.id}`)).status).toBe(200);
  expect(await write('90', 'hello')).toMatch(/^gst_/);
});

test('F240 a code of one tenant is worth nothing in another', async () => {
  const code = await newCode(anna);
  expect(await write('95', `LINK ${code}`, { tenantId: 'elsewhere' })).toBe('CODE_EXPIRED');
  expect(await write('95', `LINK ${code}`)).toBe(anna.id);
});

test('F240 a link to somebody who is disabled makes nobody a guest instead', async () => {
  const carl = await join(harness, { email: 'carl@example.org' });
  expect(await write('100', `LINK ${await newCode(carl)}`)).toBe(carl.id);
  await as(harness, local(harness), 'PATCH', `/api/people/${carl.id}`, { isDisabled: true });
  expect(await write('100', 'hello')).toBe('refused');
  await as(harness, local(harness), 'DELETE', `/api/people/${carl.id}`);
  expect(await write('100', 'hello')).toMatch(/^gst_/);
});

test('F240 a code ends with the session that asked for it, and with all of them', async () => {
  const dora = await join(harness, { email: 'dora@example.org' });
  const enter = async () => cookieOf(await signIn(harness, dora.email, goodPassword));
  const leaving = await enter();
  const first = await newCode(leaving);
  await as(harness, leaving, 'POST', '/api/auth/logout');
  expect(await write('105', `LINK ${first}`)).toBe('CODE_EXPIRED');
  const second = await newCode(await enter());
  const body = { current: goodPassword, password: otherPassword };
  expect((await as(harness, dora, 'POST', '/api/account/password', body)).status).toBe(200);
  expect(await write('105', `LINK ${second}`)).toBe('CODE_EXPIRED');
  expect(await write('105', `LINK ${await newCode(dora)}`)).toBe(dora.id);
});

test('F240 strangers do not fill the house: there are only so many guests, and those who are there stay', async () => {
  const { people } = (await as(harness, local(harness), 'GET', '/api/people')).json;
  const guests = people.filter(({ id }: { id: string }) => id.startsWith('gst_')).length;
  await harness.client.config.set({ key: 'identity.maxGuests', value: guests + 2 });
  const came = await Promise.all(['a', 'b', 'c', 'd'].map((one) => write(`130-${one}`, 'hello')));
  expect(came.filter((one) => one === 'refused').length).toBe(2);
  const known = ['a', 'b', 'c', 'd'][came.findIndex((one) => one !== 'refused')]!;
  expect(await write(`130-${known}`, 'again')).toMatch(/^gst_/);
  await harness.client.config.set({ key: 'identity.maxGuests', value: 500 });
});

test('F240 whoever is unknown is one guest, or refused, as the owner wants it', async () => {
  const guest = await write('110', 'hello', { name: 'Zoe' });
  expect(await Promise.all([write('110', 'a'), write('110', 'b')])).toEqual([guest, guest]);
  const person = (await as(harness, local(harness), 'GET', `/api/people/${guest}`)).json;
  expect(person).toMatchObject({ role: 'guest', name: 'Zoe' });
  await harness.client.config.set({ key: 'identity.unknownSenders', value: 'refuse' });
  expect([await write('111', 'hello'), await write('110', 'hello')]).toEqual(['refused', 'refused']);
});

test('F093 what happened is in the audit, without the code', async () => {
  const code = await newCode(anna);
  await write('120', `LINK ${code}`);
  await as(harness, anna, 'POST', '/api/chat/conversations', {});
  const { body } = await as(harness, local(harness), 'GET', '/api/audit?type=channel&limit=50');
  for (const type of ['channel.code', 'channel.linked', 'channel.unlinked']) expect(body).toContain(type);
  expect(body).not.toContain(code);
});
