import { expect, test } from 'vitest';
import { follow } from '../support/collect.ts';
import { waiting } from './support.ts';

test('F204 a decision is in the audit: what was asked, who answered how and when, and why; no secret', async () => {
  const password = ['hunter', 'two', 'hunter'].join('-');
  const { harness, sent, approval, sessionId } = await waiting(undefined, { to: 'bob', password });
  await using _ = harness;
  await harness.client.approvals.answer({ id: approval.id, decision: 'deny', note: 'Not to Bob.' });
  await follow(harness, sent);
  const { entries } = await harness.client.audit.list({ type: 'approval', sessionId });
  const [settled, requested] = entries;
  expect(requested).toMatchObject({
    type: 'approval.requested',
    target: approval.id,
    actor: 'owner',
    correlationId: sent.runId,
    data: { risk: 'high', calls: [{ tool: 'send_email', digest: approval.calls[0]!.digest }] },
  });
  expect(requested!.data).toMatchObject({ calls: [{ args: expect.stringContaining('"to":"bob"') }] });
  expect(settled).toMatchObject({
    type: 'approval.settled',
    outcome: 'denied',
    target: approval.id,
    actor: 'owner',
    data: { note: 'Not to Bob.' },
  });
  expect(settled!.at).toBeGreaterThanOrEqual(requested!.at);
  const called = await harness.client.audit.list({ type: 'tool', sessionId });
  expect(called.entries).toMatchObject([{ target: 'send_email', outcome: 'denied' }]);
  expect(JSON.stringify([entries, called])).not.toContain(password);
});
