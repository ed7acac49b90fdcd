import { type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../secrets/support.ts';
import { follow } from '../support/collect.ts';
import { command, json, member } from './support.ts';

let harness: Harness;
let child: Awaited<ReturnType<typeof member>>;
beforeAll(async () => {
  harness = await startHarness();
  child = await member(harness, 'child');
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const policy = (...argv: string[]) => run(harness, ['policy', ...argv]);
const explain = async (tool: string, args: string, ...more: string[]): Promise<string> =>
  (await json(harness, 'policy', 'explain', tool, '--args', args, ...more)).outcome;
const sum = (...more: string[]) => explain('calculate', '{"expression":"1+1"}', ...more);
const units = (...more: string[]) => explain('convert_units', '{"value":1,"from":"m","to":"km"}', ...more);
const modelOf = async (client: Harness['client']) => {
  const answer = await client.chat.ask({ message: 'Hello' }).catch((error) => error.fault.code);
  return typeof answer === 'string' ? answer : answer.text;
};

test('F195 a list of tools forbids all others, on one channel or for one role, until any is allowed again', async () => {
  const said = await policy('tool', 'only', 'calculate', 'recall', '--channel', 'openai');
  expect(said.out).toContain('admin/only-tools-openai holds, version 1');
  expect([await sum('--channel', 'openai'), await units('--channel', 'openai'), await units()]).toEqual([
    'allow',
    'deny',
    'allow',
  ]);
  await policy('tool', 'only', 'convert_units', '--role', 'child');
  const who = ['--user', child.id];
  expect([await sum(...who), await units(...who), await sum()]).toEqual(['deny', 'allow', 'allow']);
  await policy('tool', 'any', '--channel', 'openai');
  await policy('tool', 'any', '--role', 'child');
  expect([await units('--channel', 'openai'), await sum(...who)]).toEqual(['allow', 'allow']);
  expect((await policy('tool', 'any')).err).toContain('NOT_FOUND');
});

test('F195 a list of nothing, or two names where one belongs, changes nothing', async () => {
  expect((await policy('tool', 'only')).err).toContain('INVALID_PARAMS');
  expect((await policy('model', 'only')).err).toContain('would forbid everything');
  expect((await policy('tool', 'deny', 'calculate', 'recall')).err).toContain('name one');
  expect((await policy('model', 'allow')).err).toContain('name one');
  expect((await harness.client.policies.list()).policies.filter(({ version }) => version > 0)).toEqual([]);
});

test('F045 F195 a list of models, and a model that is forbidden, hold for whom they name', async () => {
  const usual = await modelOf(child.client);
  expect(usual).not.toBe('PERMISSION_DENIED');
  await policy('model', 'only', 'openai/another', 'reeve/none', '--role', 'child');
  expect(await modelOf(child.client)).not.toEqual(usual);
  expect(await modelOf(harness.client)).toEqual(usual);
  await policy('model', 'only', 'openai/test-model', '--role', 'child');
  expect(await modelOf(child.client)).toEqual(usual);
  await policy('model', 'any', '--role', 'child');
  await policy('model', 'deny', 'openai/test-model', '--role', 'child');
  expect(await modelOf(child.client)).not.toEqual(usual);
  await follow(child, await child.client.chat.send({ text: 'Hello', model: 'openai/test-model' }));
  const denied = await harness.client.audit.list({ type: 'model.denied' });
  expect(denied.entries[0]).toMatchObject({
    actor: child.id,
    outcome: 'deny',
    target: 'openai/test-model',
    data: { policies: ['admin/model-openai-test-model-child#1'] },
  });
  await policy('model', 'reset', 'openai/test-model', '--role', 'child');
  expect(await modelOf(child.client)).toEqual(usual);
});

test('F015 F195 /policy model in a chat', async () => {
  expect(await command(harness, '/policy model deny openai/test-model role=child')).toContain(
    'admin/model-openai-test-model-child',
  );
  expect(await command(harness, '/policy model deny openai/test-model channel=web')).toContain('/policy');
  expect(await command(harness, '/policy model reset openai/test-model role=child')).not.toContain('admin/');
  expect((await harness.client.policies.list()).policies.filter(({ version }) => version > 0)).toEqual([]);
});
