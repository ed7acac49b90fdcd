import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHarness } from '@reeve/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../secrets/support.ts';
import { follow } from '../support/collect.ts';
import { json, member, recorder, send, waiting } from './support.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-gate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const forbidCalculate = `@description("No sums on Sundays, and on no other day.")
forbid (principal, action == Action::"call", resource == Tool::"calculate");
`;

describe('reeve policy', () => {
  test('F196 save, show, history, diff and rm; what cannot be saved says why', async () => {
    await using harness = await startHarness();
    const path = file('sums.cedar', forbidCalculate);
    expect((await run(harness, ['policy', 'check', path])).out).toBe('It could be saved.\n');
    expect((await run(harness, ['policy', 'save', path, '--note', 'first'])).out).toBe(
      'admin/sums holds, version 1.\n',
    );
    expect((await run(harness, ['policy', 'show', 'sums'])).out).toBe(forbidCalculate);
    const second = file('more.cedar', forbidCalculate.replace('calculate', 'convert_units'));
    await run(harness, ['policy', 'save', second, '--name', 'sums']);
    expect((await run(harness, ['policy', 'history', 'admin/sums'])).out).toMatch(
      /2 .*owner[\s\S]*1 .*owner .*first/,
    );
    const diff = await run(harness, ['policy', 'diff', 'admin/sums@1', 'admin/sums@2']);
    expect([diff.code, diff.out]).toEqual([
      1,
      expect.stringMatching(/^- forbid .*calculate[^\n]*\n\+ forbid .*convert_units/m),
    ]);
    expect(await run(harness, ['policy', 'diff', 'sums', `file:${second}`])).toMatchObject({
      code: 0,
      out: 'No difference.\n',
    });
    expect((await run(harness, ['policy', 'rm', 'sums'])).out).toContain('Removed admin/sums');
    expect((await run(harness, ['policy', 'show', 'sums'])).err).toContain('NOT_FOUND');
    expect((await run(harness, ['policy', 'history', 'admin/sums'])).out).toContain('removed');
    expect((await run(harness, ['policy', 'rm', 'household'])).err).toContain('cannot be removed');
    const bad = file('bad.cedar', 'permit (principal, action == Action::"fly", resource);');
    const checked = await run(harness, ['policy', 'check', bad]);
    expect([checked.code, checked.out]).toEqual([1, expect.stringContaining('error:')]);
    expect((await run(harness, ['policy', 'save', bad])).code).toBe(1);
    expect((await run(harness, ['policy', 'list'])).out).not.toContain('admin/bad');
  });

  test('F196 export and import carry what people wrote; an import with a mistake saves nothing', async () => {
    await using harness = await startHarness();
    await run(harness, ['policy', 'save', file('sums.cedar', forbidCalculate)]);
    const out = join(folder, 'policies.json');
    expect((await run(harness, ['policy', 'export', '-o', out])).code).toBe(0);
    const exported = JSON.parse(readFileSync(out, 'utf8'));
    expect(exported.policies).toEqual([{ tier: 'admin', name: 'sums', text: forbidCalculate, note: '' }]);
    await using other = await startHarness();
    const bad = {
      ...exported,
      policies: [...exported.policies, { tier: 'admin', name: 'bad', text: 'permit' }],
    };
    expect((await run(other, ['policy', 'import', file('bad.json', bad)])).err).toContain(
      'Nothing was saved',
    );
    expect((await run(other, ['policy', 'list'])).out).not.toContain('admin/sums');
    expect((await run(other, ['policy', 'import', out])).out).toBe('Saved admin/sums.\n');
    expect((await run(other, ['policy', 'show', 'admin/sums'])).out).toBe(forbidCalculate);
    expect((await run(other, ['policy', 'import', file('no.json', '{"a":1}')])).err).toContain(
      'SERIALIZATION_ERROR',
    );
  });

  test('F195 F196 rules by name hold at once and are taken back', async () => {
    await using harness = await startHarness();
    const outcome = async (...more: string[]) =>
      (await json(harness, 'policy', 'explain', 'calculate', '--args', '{"expression":"1+1"}', ...more))
        .outcome;
    expect(await outcome()).toBe('allow');
    expect(
      (await run(harness, ['policy', 'tool', 'deny', 'calculate', '--channel', 'openai'])).out,
    ).toContain('admin/tool-calculate-openai holds, version 1');
    expect([await outcome(), await outcome('--channel', 'openai')]).toEqual(['allow', 'deny']);
    expect((await run(harness, ['policy', 'tool', 'reset', 'calculate', '--channel', 'openai'])).code).toBe(
      0,
    );
    expect(await outcome('--channel', 'openai')).toBe('allow');
    const person = await member(harness, 'user');
    await run(harness, ['policy', 'tool', 'deny', 'calculate', '--user', 'user@example.org']);
    expect([await outcome(), await outcome('--user', person.id)]).toEqual(['allow', 'deny']);
    expect((await run(harness, ['policy', 'channel', 'openai', 'read-only'])).code).toBe(0);
    expect((await run(harness, ['policy', 'quiet', '--from', '0', '--to', '23'])).code).toBe(0);
    for (const rule of [['quiet'], ['channel', 'openai']]) {
      expect((await run(harness, ['policy', ...rule, '--off'])).out).toBe('The rule is taken back.\n');
      expect((await run(harness, ['policy', ...rule])).err).toContain('--off');
    }
    expect((await run(harness, ['policy', 'list'])).out).not.toMatch(/quiet|channel-openai/);
    expect((await run(harness, ['policy', 'model', 'deny', 'openai/test-model'])).code).toBe(0);
    expect((await run(harness, ['policy', 'model', 'reset', 'openai/test-model'])).code).toBe(0);
    const shown = (await run(harness, ['policy', 'explain', 'calculate', '--args', '{"expression":"1+1"}']))
      .out;
    expect(shown).toMatch(/^calculate is made without asking \(risk low/);
    // Without arguments: what holds for the tool as such.
    expect((await run(harness, ['policy', 'explain', 'calculate'])).out).toContain('calculate');
    expect(
      (await run(harness, ['policy', 'explain', 'calculate', '--args', '{"expression":7}'])).err,
    ).toContain('expression');
    expect((await run(harness, ['policy', 'explain', 'calculate', '--args', '{'])).err).toContain(
      'INVALID_PARAMS',
    );
  });

  test('F196 policy test judges a file of calls; a difference is exit code 1', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    await member(harness, 'child');
    const good = [
      { tool: 'calculate', args: { expression: '1+1' }, expect: 'allow' },
      { tool: 'send_email', expect: 'ask' },
      { tool: 'send_email', role: 'child', expect: 'deny' },
      { tool: 'send_email', user: 'child@example.org', channel: 'web', attended: false, expect: 'deny' },
    ];
    const all = await run(harness, ['policy', 'test', file('good.json', good)]);
    expect([all.code, all.out, all.err]).toEqual([0, 'All 4 are as expected.\n', '']);
    const toml = '[[cases]]\ntool = "calculate"\nexpect = "deny"\n[cases.args]\nexpression = "1+1"\n';
    const wrong = await run(harness, ['policy', 'test', file('wrong.toml', toml)]);
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/calculate .*deny +allow/)]);
    const unknown = await run(harness, [
      'policy',
      'test',
      file('x.json', [{ tool: 'none', expect: 'allow' }]),
      '--json',
    ]);
    expect([unknown.code, JSON.parse(unknown.out)]).toMatchObject([
      1,
      { failed: 1, results: [{ outcome: 'TOOL_UNKNOWN' }] },
    ]);
    expect((await run(harness, ['policy', 'test', file('y.json', [{ tool: 'a' }])])).err).toContain(
      'SERIALIZATION_ERROR',
    );
    expect(mail.done).toEqual([]);
  });
});

describe('reeve audit', () => {
  test('F213 F215 events, tools and security with their filters, in three forms', async () => {
    const { harness, sent, approval } = await waiting();
    await using _ = harness;
    const { name } = (await harness.client.account.get()).person;
    expect((await run(harness, ['approvals', 'show', approval.id])).out).toContain(`asked for ${name} on`);
    const denied = await run(harness, ['approvals', 'answer', approval.id, '--deny', '--note', 'not now']);
    expect(denied.out).toContain(`denied by ${name}`);
    await follow(harness, sent);
    const audit = (...argv: string[]) => run(harness, ['audit', ...argv]);
    const entries = async (...argv: string[]) => (await json(harness, 'audit', ...argv)).entries;
    const tools = await audit('tools');
    expect(tools.out).toMatch(/SEQ +WHEN +TOOL +OUTCOME +WHO +MS +DECISION/);
    expect(tools.out).toMatch(/send_email +denied +owner/);
    const security = (await entries('security')).map(({ type }: { type: string }) => type);
    expect(security).toEqual(
      expect.arrayContaining(['approval.requested', 'approval.settled', 'tool.called']),
    );
    expect(security).not.toContain('model.called');
    expect((await entries('events', '--type', 'approval.settled'))[0]).toMatchObject({
      outcome: 'denied',
      target: approval.id,
    });
    expect(await entries('events', '--session', 'ses_none')).toEqual([]);
    expect((await entries('tools', '--actor', name)).length).toBe(1);
    expect((await audit('events', '--actor', 'nobody-such')).err).toContain('USER_NOT_FOUND');
    expect(await entries('events', '--actor', 'usr_gone')).toEqual([]);
    expect((await entries('events', '--session', sent.sessionId, '--limit', '1')).length).toBe(1);
    expect((await entries('tools', '--tool', 'send_email', '--correlation', sent.runId)).length).toBe(1);
    expect(await entries('tools', '--decision', 'ok')).toEqual([]);
    expect((await entries('tools', '--decision', 'denied', '--hours', '1')).length).toBe(1);
    const csv = await audit('events', '--format', 'csv');
    expect(csv.out.split('\r\n')[0]).toBe(
      'seq,at,type,outcome,actor,target,sessionId,correlationId,channel,address,durationMs,data,hash',
    );
    expect((await audit('events', '--format', 'json')).out).toMatch(/^\{"entries":\[/);
  });

  test('F213 F215 verify, stats, export and hold', async () => {
    await using harness = await startHarness();
    await follow(harness, await send(harness, 'Hello'));
    const audited = async (...argv: string[]): Promise<{ type: string }[]> =>
      JSON.parse((await run(harness, ['audit', 'export', ...argv])).out);
    expect(await audited('--type', 'no.such.type')).toEqual([]);
    expect(await run(harness, ['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Intact: \d+ entries/),
    });
    expect((await run(harness, ['audit', 'stats'])).out).toMatch(/model\.called/);
    const path = join(folder, 'bundle.jsonl');
    expect((await run(harness, ['audit', 'export', '--format', 'bundle', '-o', path])).code).toBe(0);
    const { key } = await json(harness, 'audit', 'verify');
    const verify = (...argv: string[]) => run(harness, ['audit', 'verify', path, ...argv]);
    // Nothing stands behind the key, so that a line that is copied whole holds the key alone.
    expect(await verify()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Compare it .*\nKey \S+\n$/),
    });
    for (const { out } of [await verify(), await run(harness, ['audit', 'verify'])])
      expect(out.endsWith(`\nKey ${key}\n`)).toBe(true);
    expect(await verify('--key', key)).toMatchObject({ code: 0, out: expect.stringMatching(/^Intact: \d+/) });
    expect(await verify('--key', 'SHA256:other')).toMatchObject({
      code: 1,
      out: expect.stringContaining('signed with another key'),
    });
    writeFileSync(path, readFileSync(path, 'utf8').replace('model.called', 'model.denied'));
    expect(await verify()).toMatchObject({ code: 1, out: expect.stringContaining('NOT intact') });
    for (const path of [folder, join(folder, 'none')])
      expect((await run(harness, ['audit', 'verify', path])).err).toContain('cannot be read');
    expect((await audited('--format', 'json')).map(({ type }) => type)).toContain('model.called');
    expect((await run(harness, ['audit', 'hold', 'on', '--reason', 'a question of law'])).out).toContain(
      'Nothing is removed',
    );
    expect((await json(harness, 'audit', 'events', '--type', 'audit.hold')).entries[0].data).toMatchObject({
      isHeld: true,
    });
    expect((await run(harness, ['audit', 'hold', 'off'])).code).toBe(0);
  });
});

describe('reeve budget', () => {
  test('F197 set, list, mine and rm; reeve usage shows them', async () => {
    await using harness = await startHarness();
    expect((await run(harness, ['budget', 'list'])).out).toContain('No budget.');
    const set = await run(harness, ['budget', 'set', 'user', '5']);
    expect(set.out).toMatch(/^user \(each on its own\): \$5\.00 a day\. Budget bud_\w+\.\n$/);
    const uma = await member(harness, 'user');
    const named = await run(harness, ['budget', 'set', 'user', 'USER@example.org', '700']);
    expect((await json(harness, 'budget', 'list')).budgets).toContainEqual(
      expect.objectContaining({ subjectId: uma.id, amount: 700 }),
    );
    await run(harness, ['budget', 'rm', /bud_\w+/.exec(named.out)![0]]);
    expect((await run(harness, ['budget', 'set', 'user', 'umma', '700'])).err).toMatch(
      /USER_NOT_FOUND[\s\S]*reeve user list/,
    );
    await run(harness, ['budget', 'set', 'user', 'owner', '100000', '--unit', 'tokens', '--period', 'month']);
    expect((await json(harness, 'budget', 'list')).budgets).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ subjectId: 'owner', unit: 'tokens', period: 'month', amount: 100_000 }),
      ]),
    );
    await follow(harness, await send(harness, 'Hello'));
    expect((await run(harness, ['budget', 'mine'])).out).toMatch(
      /user +owner +month +\d+ tokens +100000 tokens +\d % {2,}ok/,
    );
    expect((await run(harness, ['usage'])).out).toMatch(/total[\s\S]*BUDGET[\s\S]*100000 tokens/);
    expect((await json(harness, 'usage')).budgets.length).toBe(2);
    for (const words of [['five'], ['a', 'b', '5'], ['-5']])
      expect((await run(harness, ['budget', 'set', 'user', '--', ...words])).code).toBe(1);
    const { budgets } = await json(harness, 'budget', 'list');
    for (const { id } of budgets) await run(harness, ['budget', 'rm', id]);
    expect((await run(harness, ['budget', 'mine'])).out).toBe('Nothing bounds what you may spend.\n');
  });
});
