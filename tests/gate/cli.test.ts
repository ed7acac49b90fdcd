import type { Approval } from '@reeve/protocol';
import { type Harness, reply, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { startCli } from '../../apps/reeve/test/fake-gateway.ts';
import { run } from '../secrets/support.ts';
import { follow } from '../support/collect.ts';
import { finished, json, recorder, waiting } from './support.ts';

/** A command line with somebody at the terminal. */
const atTerminal = ({ url, token, home }: Harness, argv: string[]) => {
  const cli = startCli([...argv, '--url', url, '--token', token, '--home', home], { TERM: 'dumb' });
  cli.stdin.isTTY = true;
  cli.stdout.isTTY = true;
  return { ...cli, type: (line: string) => cli.stdin.write(`${line}\r`), ended: cli.run() };
};

describe('reeve approvals', () => {
  test('F200 F201 lists, shows and answers by flags; the exit code says whether it became so', async () => {
    const { harness, sent, approval, done } = await waiting();
    await using _ = harness;
    const { id } = approval;
    const list = await run(harness, ['approvals', 'list']);
    expect(list.out).toMatch(
      new RegExp(`${id} +high +send_email bob +Owner +ses_\\w+ +no answer is a no in`),
    );
    expect(await json(harness, 'approvals')).toMatchObject({ approvals: [{ id, mayDecide: true }] });
    const shown = (await run(harness, ['approvals', 'show', id])).out;
    for (const part of ['send_email -> bob', '"to": "bob"', 'high risk', 'Asked because of'])
      expect(shown).toContain(part);
    const nobody = await run(harness, ['approvals', 'answer', id]);
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('--approve or --deny')]);
    const answer = await run(harness, ['approvals', 'answer', id, '--approve']);
    expect([answer.code, answer.out]).toEqual([0, expect.stringContaining(`${id}: approved by Owner`)]);
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
    expect(cli.stdout.text).toContain(`${approval.id}: denied by Owner`);
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
