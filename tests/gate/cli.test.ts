import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval } from '@reeve/protocol';
import { type Harness, reply, startHarness } from '@reeve/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCli } from '../../apps/reeve/test/fake-gateway.ts';
import { run } from '../secrets/support.ts';
import { follow } from '../support/collect.ts';
import { asked, finished, member, recorder, send } from './support.ts';

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

/** A gateway where something waits to be allowed. */
const waiting = async (tool = recorder('send_email'), args: Record<string, string> = { to: 'bob' }) => {
  const harness = await startHarness({ extraTools: [tool.tool] });
  harness.model.enqueue(reply.toolCall(tool.tool.name, args), reply.text('Done.'));
  const sent = await send(harness);
  const [approval] = (await asked(harness, sent.sessionId)) as [Approval];
  return { harness, sent, approval, done: tool.done };
};

/** A command line with somebody at the terminal. */
const atTerminal = ({ url, token, home }: Harness, argv: string[]) => {
  const cli = startCli([...argv, '--url', url, '--token', token, '--home', home], { TERM: 'dumb' });
  cli.stdin.isTTY = true;
  cli.stdout.isTTY = true;
  return { ...cli, type: (line: string) => cli.stdin.write(`${line}\r`), ended: cli.run() };
};

const json = async (harness: Harness, ...argv: string[]) =>
  JSON.parse((await run(harness, [...argv, '--json'])).out);

describe('reeve approvals', () => {
  test('F200 F201 lists, shows and answers by flags; the exit code says whether it became so', async () => {
    const { harness, sent, approval, done } = await waiting();
    await using _ = harness;
    const { id } = approval;
    const list = await run(harness, ['approvals', 'list']);
    expect(list.out).toMatch(
      new RegExp(`${id} +high +send_email bob +owner +ses_\\w+ +no answer is a no in`),
    );
    expect(await json(harness, 'approvals')).toMatchObject({ approvals: [{ id, mayDecide: true }] });
    const shown = (await run(harness, ['approvals', 'show', id])).out;
    for (const part of ['send_email -> bob', '"to": "bob"', 'high risk', 'Asked because of'])
      expect(shown).toContain(part);
    const nobody = await run(harness, ['approvals', 'answer', id]);
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('--approve or --deny')]);
    const answer = await run(harness, ['approvals', 'answer', id, '--approve']);
    expect([answer.code, answer.out]).toEqual([0, expect.stringContaining(`${id}: approved by owner`)]);
    await follow(harness, sent);
    expect(done).toEqual([{ to: 'bob' }]);
    const late = await run(harness, ['approvals', 'answer', id, '--deny']);
    expect([late.code, late.out]).toEqual([1, expect.stringContaining('somebody was faster')]);
    expect((await run(harness, ['approvals'])).out).toBe('No question.\n');
    expect((await run(harness, ['approvals', 'list', '--status', 'approved'])).out).toContain(id);
  });

  test('F200 at a terminal: the panel, no as the default', async () => {
    const { harness, sent, approval, done } = await waiting();
    await using _ = harness;
    const cli = atTerminal(harness, ['approvals', 'answer', approval.id]);
    await cli.stdout.said('Allow? [y/N/v(iew)] ');
    expect(cli.stdout.text).toMatch(/\d+ (s|d|h|min).* Allow\?/);
    cli.type('');
    expect(await cli.ended).toBe(0);
    expect(cli.stdout.text).toContain(`${approval.id}: denied by owner`);
    await follow(harness, sent);
    expect(done).toEqual([]);
  });

  test('F200 long arguments are cut, v shows all; no with what to do instead', async () => {
    const { harness, sent, approval } = await waiting(recorder('send_email'), {
      text: `${'long '.repeat(600)}END`,
    });
    await using _ = harness;
    const cli = atTerminal(harness, ['approvals']);
    await cli.stdout.said('Allow? ');
    expect(cli.stdout.text).toContain('more characters; v shows all');
    expect(cli.stdout.text).not.toContain('long END');
    cli.type('v');
    await cli.stdout.said('long END');
    cli.type('n, shorter please');
    expect(await cli.ended).toBe(0);
    await follow(harness, sent);
    expect((await finished(harness, sent.sessionId))[0]!.text).toContain('shorter please');
    expect((await harness.client.approvals.get({ id: approval.id })).settled?.note).toBe('shorter please');
  });

  test('F199 always shows the policy and asks again; critical asks for a reason', async () => {
    const mild = await waiting(recorder('write_file', { risk: 'medium' }), { path: 'a' });
    await using _ = mild.harness;
    const cli = atTerminal(mild.harness, ['approvals', 'answer', mild.approval.id]);
    await cli.stdout.said('[y/N/s(ession)/a(lways)/v(iew)]');
    cli.type('a');
    await cli.stdout.said('Write it and allow it always? [y/N]');
    expect(cli.stdout.text).toContain('Action::"call unattended"');
    cli.type('');
    await cli.stdout.said('Nothing was written.');
    cli.type('a');
    cli.type('y');
    expect(await cli.ended).toBe(0);
    await follow(mild.harness, mild.sent);
    const { policies } = await mild.harness.client.policies.list();
    expect(policies.some(({ text }) => text === mild.approval.policy)).toBe(true);

    const critical = await waiting(recorder('drop_table'), { table: 'a' });
    await using __ = critical.harness;
    const again = atTerminal(critical.harness, ['approvals', 'answer', critical.approval.id]);
    await again.stdout.said('Allow? ');
    again.type('y');
    await again.stdout.said('Why? ');
    again.type('It is a copy.');
    expect(await again.ended).toBe(0);
    await follow(critical.harness, critical.sent);
    expect(critical.done.length).toBe(1);
  });

  test('F200 control characters in arguments do not reach the terminal', async () => {
    const evil = 'a\u001b]0;own\u0007\u202eb';
    const { harness, approval } = await waiting(recorder('send_email'), { to: evil });
    await using _ = harness;
    for (const argv of [['list'], ['show', approval.id], ['show', approval.id, '--json']]) {
      const { out } = await run(harness, ['approvals', ...argv]);
      expect(out).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
    }
  });

  test('F201 watch tells of questions as they come', async () => {
    const { harness, approval } = await waiting();
    await using _ = harness;
    const { url, token, home } = harness;
    const cli = startCli(['approvals', 'watch', '--json', '--url', url, '--token', token, '--home', home]);
    const ended = cli.run();
    await cli.stdout.said(approval.id);
    cli.abort.abort();
    await ended;
    expect(JSON.parse(cli.stdout.text.split('\n')[0]!)).toMatchObject({ id: approval.id, status: 'pending' });
    expect(cli.stdout.text.split(`"id":"${approval.id}"`).length).toBe(2);
  });

  test('F087 F200 reeve chat shows a question and takes its answer, reeve send says where to answer', async () => {
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool] });
    harness.model.enqueue(reply.toolCall('send_email', { to: 'bob' }), reply.text('It is sent.'));
    const cli = atTerminal(harness, ['chat', '--new']);
    await cli.stdout.said('› ');
    cli.type('Write to Bob');
    await cli.stdout.said('Allow? ');
    expect(cli.stdout.text).toContain('"to": "bob"');
    cli.type('what?');
    await cli.stdout.said('Type y to allow it once');
    expect(mail.done).toEqual([]);
    cli.type('y');
    await cli.stdout.said('It is sent.');
    expect(mail.done).toEqual([{ to: 'bob' }]);
    cli.type('/exit');
    expect(await cli.ended).toBe(0);

    harness.model.enqueue(reply.toolCall('send_email', { to: 'ann' }), reply.text('Then not.'));
    const { url, token, home } = harness;
    const sending = startCli(['send', 'Write to Ann', '--url', url, '--token', token, '--home', home]);
    const sent = sending.run();
    await sending.stderr.said('reeve approvals answer apr_');
    const [{ id }] = (await harness.client.approvals.list({ status: 'pending' })).approvals as [Approval];
    expect((await run(harness, ['approvals', 'answer', id, '--deny', '--note', 'later'])).code).toBe(0);
    expect(await sent).toBe(0);
    expect(sending.stdout.text).toBe('Then not.\n');
    expect(mail.done.length).toBe(1);
  });
});

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
    expect((await run(harness, ['policy', 'quiet', '--from', '0', '--to', '23', '--off'])).code).toBe(0);
    expect((await run(harness, ['policy', 'model', 'deny', 'openai/test-model'])).code).toBe(0);
    expect((await run(harness, ['policy', 'model', 'reset', 'openai/test-model'])).code).toBe(0);
    const shown = (await run(harness, ['policy', 'explain', 'calculate', '--args', '{"expression":"1+1"}']))
      .out;
    expect(shown).toMatch(/^calculate is made without asking \(risk low/);
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
    await run(harness, ['approvals', 'answer', approval.id, '--deny', '--note', 'not now']);
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
    expect(await run(harness, ['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Intact: \d+ entries/),
    });
    expect((await run(harness, ['audit', 'stats'])).out).toMatch(/model\.called/);
    const path = join(folder, 'bundle.json');
    expect((await run(harness, ['audit', 'export', '--format', 'bundle', '-o', path])).code).toBe(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      format: 'reeve-audit-1',
      tenantId: 'home',
    });
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
