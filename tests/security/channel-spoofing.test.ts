import type { Channel, Sender, Senders } from '@reeve/core';
import { type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, join, local, type Member } from '../identity/support.ts';
import { call } from '../support/http.ts';

/** Says who sends, as a real channel would that its own server tells. */
const chat: Channel & { senders: Senders } = {
  name: 'test-chat',
  senders: undefined as unknown as Senders,
  start(senders) {
    this.senders = senders;
  },
};
const resolve = async (more: Partial<Sender>) =>
  (await chat.senders.resolve({ tenantId: 'home', channel: 'test-chat', identifier: '42', ...more }))?.userId;

let harness: Harness;
let anna: Member;
beforeAll(async () => {
  harness = await startHarness({ channels: [chat] });
  anna = await join(harness, { email: 'anna@example.org' });
  await call(harness, 'POST', `/api/people/${anna.id}/channels`, { channel: 'test-chat', identifier: '42' });
});
afterAll(() => harness[Symbol.asyncDispose]());

test('F240 the one who is linked is known', async () => {
  expect(await resolve({})).toBe(anna.id);
});

test.each([
  '',
  ' 42',
  '42 ',
  '42\n',
  '042',
  '+42',
  '0x2a',
  '４２',
  '42\u0000',
  '42\u200b',
  '142',
  '421',
  '*',
  '%',
  '4_',
  'test-chat:42',
  'anna',
  'anna@example.org',
  "42' OR '1'='1",
])('F240 an identifier is compared whole: %j is somebody else', async (identifier) => {
  expect(await resolve({ identifier })).toMatch(/^gst_/);
});

test.each(['', 'Test-Chat', 'test-chat ', 'other', 'web', 'http', '%'])(
  'F240 a link holds on its own channel: not on %j',
  async (channel) => {
    expect(await resolve({ channel })).toMatch(/^gst_/);
  },
);

test('F240 F302 the same identifier in another tenant is another person', async () => {
  const made = (await call(harness, 'POST', '/api/tenants', { name: 'Next door' })).json;
  expect(await resolve({ tenantId: made.id })).not.toBe(anna.id);
});

test.each(['anna', 'Anna', 'owner', 'admin', 'Reeve', 'anna@example.org'])(
  'F240 a display name is worth nothing: a stranger who is called %j stays a guest',
  async (name) => {
    const id = await resolve({ identifier: `stranger-${name}`, name });
    expect(id).toMatch(/^gst_/);
    const person = (await as(harness, local(harness), 'GET', `/api/people/${id}`)).json;
    expect(person).toMatchObject({ role: 'guest', email: null, flags: { requiresAdminApproval: true } });
    // And the next one who takes that name is yet another.
    expect(await resolve({ identifier: `other-${name}`, name })).not.toBe(id);
    // Nor does a new name make the same one somebody new.
    expect(await resolve({ identifier: `stranger-${name}`, name: 'Somebody' })).toBe(id);
  },
);

test('F093 F240 a guest gets no code, and cannot be made to link by the words of others', async () => {
  const guest = await resolve({ identifier: '77' });
  for (const code of ['', '000000', '      ', "' OR '1", '１２３４５６'])
    await expect(
      chat.senders.confirm({ tenantId: 'home', channel: 'test-chat', identifier: '77' }, code),
    ).rejects.toMatchObject({ fault: { code: 'CODE_EXPIRED' } });
  expect(await resolve({ identifier: '77' })).toBe(guest);
});
