import type { Approval } from '@reeve/protocol';
import { type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, as, join, local, type Member, type Who } from '../identity/support.ts';
import { recorder } from './support.ts';

const write = recorder('write_file', { risk: 'medium' });
let harness: Harness;
let mia: Member;
let bea: Member;

beforeAll(async () => {
  harness = await startHarness({ extraTools: [write.tool] });
  mia = await join(harness, { email: 'mia@example.org' });
  const made = await as(harness, local(harness), 'POST', '/api/tenants', { name: 'Next door' });
  bea = await accept(harness, made.json.url, 'bea@example.net');
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const call = async (who: Who, session?: string) => {
  const sessionId = session ?? (await as(harness, who, 'POST', '/api/chat/conversations', {})).json.id;
  const answer = await as(harness, who, 'POST', '/api/tools/write_file/call', { sessionId, args: { n: 1 } });
  return { status: answer.status, approvalId: answer.json.approvalId as string, sessionId };
};
const see = async (who: Who, id: string): Promise<Approval> =>
  (await as(harness, who, 'GET', `/api/approvals/${id}`)).json;
const always = (who: Who, id: string) =>
  as(harness, who, 'POST', `/api/approvals/${id}/answer`, { decision: 'approve', scope: 'always' });

test('F199 always is on offer to an admin for what somebody else asked, and not to who may not write policies', async () => {
  const { approvalId } = await call(mia);
  expect(await see(mia, approvalId)).toMatchObject({
    mayDecide: true,
    scopes: ['once', 'session'],
    alwaysWithheld: 'permission',
  });
  const refused = await always(mia, approvalId);
  expect([refused.status, refused.json.code]).toEqual([403, 'PERMISSION_DENIED']);
  const admin = local(harness);
  expect(await see(admin, approvalId)).toMatchObject({
    scopes: ['once', 'session', 'always'],
    alwaysWithheld: null,
  });
  expect((await always(admin, approvalId)).status).toBe(200);
  // It holds for her, in every session, and for nobody else.
  expect((await call(mia)).status).toBe(200);
  expect((await call(admin)).status).toBe(202);
});

test('F196 F199 in another tenant it is not on offer, says why, and a policy of that tenant cannot do it either', async () => {
  const { approvalId } = await call(bea);
  expect(await see(bea, approvalId)).toMatchObject({
    mayDecide: true,
    scopes: ['once', 'session'],
    alwaysWithheld: 'tenant',
  });
  const refused = await always(bea, approvalId);
  expect([refused.status, refused.json.error]).toEqual([403, 'PERMISSION_DENIED']);
  expect(refused.body).toContain('the owner of this Reeve');
  const { policy } = await see(bea, approvalId);
  const saved = await as(harness, bea, 'PUT', '/api/policies', { tier: 'tenant', name: 'a', text: policy });
  expect([saved.status, saved.json.code]).toEqual([400, 'INVALID_PARAMS']);
  // Whoever runs this Reeve can, and it holds there.
  const text = policy!;
  await harness.client.policies.save({ tier: 'admin', name: 'bea-writes', text });
  expect((await call(bea)).status).toBe(200);
});
