import { startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';

test('F213 a change of a setting stands in the audit: who, which, and never what is secret', async () => {
  await using harness = await startHarness();
  const { client } = harness;
  const key = ['a', 'key', 'that', 'nobody', 'sees', '4711'].join('-');
  await client.config.set({ key: 'agent.name', value: 'Alfred' });
  await client.config.set({ key: 'identity.smtp.password', value: key });
  await client.config.set({ key: 'agent.maxSteps', value: 999 }).catch(() => {});
  await client.system.reload();
  // An entry rides with the next write.
  await client.sessions.create({});
  const { entries } = await client.audit.list({ type: 'config' });
  expect(entries.map(({ type, actor, target }) => [type, actor, target])).toEqual([
    ['config.reloaded', 'owner', undefined],
    ['config.changed', 'owner', 'identity.smtp.password'],
    ['config.changed', 'owner', 'agent.name'],
  ]);
  expect(entries[2]!.data).toEqual({ value: 'Alfred', needsRestart: false });
  expect(JSON.stringify(entries)).not.toContain(key);
});
