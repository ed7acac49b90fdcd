import type { Approval } from '@reeve/protocol';
import { createFakeClock, type Harness, reply, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { run } from '../secrets/support.ts';
import { answerOf, eventually, follow, journal } from '../support/collect.ts';
import { openaiFor, user } from '../support/openai.ts';
import { asked, command, finished, member, recorder, send, waiting } from './support.ts';

const status = async (harness: Harness, { id }: Approval) =>
  (await harness.client.approvals.get({ id })).status;

describe('slash commands about questions', () => {
  test('F201 /approvals shows what waits, /approve allows it', async () => {
    const { harness, sent, approval, done, sessionId } = await waiting();
    await using _ = harness;
    const shown = await command(harness, '/approvals', sessionId);
    for (const part of [
      approval.id,
      'send_email',
      '{"to":"bob"}',
      'risk high',
      `/approve ${approval.id} [once]`,
    ])
      expect(shown).toContain(part);
    expect(await command(harness, '/approve', sessionId)).toBe('Allowed: send_email.');
    expect(answerOf(await follow(harness, sent))).toContain('Done.');
    expect(done).toEqual([{ to: 'bob' }]);
    expect(await command(harness, '/approvals', sessionId)).toBe('No question waits for an answer.');
    expect(await command(harness, `/approvals ${approval.id}`, sessionId)).toContain('allowed by owner');
    expect(await command(harness, `/approve ${approval.id}`, sessionId)).toContain('allowed by owner');
    expect(done.length).toBe(1);
  });

  test('F199 /deny with what to do instead reaches the model', async () => {
    const { harness, sent, approval, done, sessionId } = await waiting();
    await using _ = harness;
    expect(await command(harness, `/deny ${approval.id} Write a draft.`)).toBe('Refused: send_email.');
    await follow(harness, sent);
    expect(done).toEqual([]);
    expect((await finished(harness, sessionId))[0]!.text).toContain('Write a draft.');
  });

  test('F199 without an id only a question of this session is meant, and only when there is one', async () => {
    const { harness, approval } = await waiting();
    await using _ = harness;
    expect(await command(harness, '/approve')).toContain('No question of this session');
    expect(await status(harness, approval)).toBe('pending');
    expect(await command(harness, '/approve apr_none')).toContain('no such question');
  });

  test('F199 /approve always shows the policy beforehand and writes that one', async () => {
    const { harness, sent, approval, sessionId } = await waiting(recorder('write_file', { risk: 'medium' }), {
      path: 'a',
    });
    await using _ = harness;
    expect(await command(harness, '/approvals', sessionId)).toContain(approval.policy!.trim());
    expect(await command(harness, '/approve always', sessionId)).toContain(approval.policy!.trim());
    await follow(harness, sent);
    const { policies } = await harness.client.policies.list();
    expect(policies.filter(({ text }) => text === approval.policy).length).toBe(1);
  });

  test('F199 critical needs a reason here too', async () => {
    const { harness, sent, done, sessionId } = await waiting(recorder('drop_table'), { table: 'a' });
    await using _ = harness;
    expect(await command(harness, '/approve', sessionId)).toContain('only with a reason');
    expect(done).toEqual([]);
    expect(await command(harness, '/approve It is a copy', sessionId)).toBe('Allowed: drop_table.');
    await follow(harness, sent);
    expect(done.length).toBe(1);
  });

  test('F200 secrets in the arguments are masked wherever a question is shown, and not in the call', async () => {
    const secret = ['sk', 'proj', 'Q7wE9rT1yU3iO5pA7sD9fG1hJ2kL4'].join('-');
    const { harness, sent, approval, done, sessionId } = await waiting(recorder('send_email'), {
      text: `the key is ${secret}`,
      password: 'hunter2hunter2',
    });
    await using _ = harness;
    const shown = [JSON.stringify(approval), await command(harness, `/approvals ${approval.id}`, sessionId)];
    for (const text of shown) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('hunter2');
    }
    await command(harness, '/approve', sessionId);
    await follow(harness, sent);
    expect(JSON.stringify(done)).toContain(secret);
  });

  test('F015 they answer in the language of whoever asks', async () => {
    const { harness, sessionId } = await waiting();
    await using _ = harness;
    const sent = await harness.client.chat.send({ text: '/approve', sessionId, language: 'de-AT' });
    const items = await follow(harness, sent);
    expect(items.find((item) => item.type === 'command.answered')!.data.text).toBe('Erlaubt: send_email.');
  });
});

describe('words that answer a question', () => {
  test.each(['yes', 'Ja!', 'OK', ' approve ', 'erlauben'])('F199 %j allows it', async (word) => {
    const { harness, sent, done, sessionId } = await waiting();
    await using _ = harness;
    const before = harness.model.requests.length;
    expect(await command(harness, word, sessionId)).toBe('Allowed: send_email.');
    await follow(harness, sent);
    expect(done).toEqual([{ to: 'bob' }]);
    // The model was asked for the rest of its own run, and never about the word.
    expect(harness.model.requests.length).toBe(before + 1);
    expect(JSON.stringify(harness.model.requests.at(-1)!.body)).not.toContain(`"${word}"`);
  });

  test.each([
    ['no', null],
    ['Nein.', null],
    ['no, write a draft', 'write a draft'],
    ['nein, schreib einen Entwurf', 'schreib einen Entwurf'],
    ['ablehnen: zu früh', 'zu früh'],
  ])('F199 %j refuses it', async (word, instead) => {
    const { harness, sent, done, sessionId } = await waiting();
    await using _ = harness;
    expect(await command(harness, word, sessionId)).toBe('Refused: send_email.');
    await follow(harness, sent);
    expect(done).toEqual([]);
    if (instead) expect((await finished(harness, sessionId))[0]!.text).toContain(instead);
  });

  test('F199 a critical call needs its reason: "yes, because …"', async () => {
    const { harness, sent, approval, done, sessionId } = await waiting(recorder('drop_table'), {
      table: 'a',
    });
    await using _ = harness;
    expect(await command(harness, 'yes', sessionId)).toContain('only with a reason');
    expect(await status(harness, approval)).toBe('pending');
    expect(await command(harness, 'yes, because it is a copy', sessionId)).toBe('Allowed: drop_table.');
    await follow(harness, sent);
    expect(done.length).toBe(1);
    expect((await harness.client.approvals.get({ id: approval.id })).settled?.note).toBe(
      'because it is a copy',
    );
  });

  test.each(['yes and also tell Ann', 'no problem', 'okay then', 'yesterday', 'I say yes'])(
    'F199 %j is a message',
    async (text) => {
      const { harness, approval, sessionId } = await waiting();
      await using _ = harness;
      await send(harness, text, sessionId);
      expect(await status(harness, approval)).toBe('pending');
      const received = (await journal(harness, sessionId)).filter(({ type }) => type === 'message.received');
      expect(received.length).toBe(2);
    },
  );

  test('F199 with two questions nobody knows which is meant: it stays a message', async () => {
    const mail = recorder('send_email');
    const post = recorder('post_message');
    await using harness = await startHarness({ extraTools: [mail.tool, post.tool] });
    harness.model.enqueue(reply.toolCall('send_email', {}).toolCall('post_message', {}), reply.text('Ok.'));
    const { sessionId } = await send(harness);
    const questions = await asked(harness, sessionId, 2);
    expect(questions.length).toBe(2);
    await send(harness, 'yes', sessionId);
    for (const question of questions) expect(await status(harness, question)).toBe('pending');
    expect(await command(harness, '/approve', sessionId)).toContain('Several questions wait');
  });

  test('F015 a "yes" when nothing is asked goes to the model', async () => {
    await using harness = await startHarness();
    const sent = await send(harness, 'yes');
    expect(answerOf(await follow(harness, sent))).toBe('You said: yes');
  });

  test('F199 the same answer sent again changes nothing', async () => {
    const { harness, sent, done, sessionId } = await waiting();
    await using _ = harness;
    const twice = { text: 'yes', sessionId, idempotencyKey: 'the-same' };
    const first = await harness.client.chat.send(twice);
    await follow(harness, sent);
    const second = await harness.client.chat.send(twice);
    expect(second).toMatchObject({ isRepeated: true, messageId: first.messageId });
    expect(done.length).toBe(1);
    const answers = (await journal(harness, sessionId)).filter(({ type }) => type === 'command.answered');
    expect(answers.length).toBe(1);
  });

  test('F199 F202 a schedule that says "yes" answers nothing', async () => {
    const clock = createFakeClock();
    const mail = recorder('send_email');
    await using harness = await startHarness({ extraTools: [mail.tool], clock });
    harness.model.enqueue(
      reply.toolCall('set_reminder', { text: 'yes', action: 'ask', inSeconds: 2 }),
      reply.text('Set.'),
      reply.toolCall('send_email', {}),
    );
    const first = await send(harness, 'Say yes in two seconds.');
    await follow(harness, first);
    await send(harness, 'Write.', first.sessionId);
    const [approval] = (await asked(harness, first.sessionId)) as [Approval];
    await clock.advance(2_500);
    await eventually(
      harness,
      first.sessionId,
      (item) => item.type === 'message.received' && item.data.sender.kind === 'schedule',
    );
    expect(await status(harness, approval)).toBe('pending');
    expect(mail.done).toEqual([]);
  });

  test('F199 what a program writes to the OpenAI surface answers nothing', async () => {
    const { harness, approval, done, sessionId } = await waiting();
    await using _ = harness;
    const headers = { 'x-reeve-session': sessionId };
    const answer = openaiFor(harness).chat.completions.create(
      { model: 'reeve', messages: [user('yes')] },
      { headers },
    );
    await eventually(
      harness,
      sessionId,
      (item) => item.type === 'message.received' && item.data.channel === 'openai',
    );
    expect(await status(harness, approval)).toBe('pending');
    await command(harness, '/deny', sessionId);
    expect((await answer).choices[0]!.message.content).toBe('You said: yes');
    expect(done).toEqual([]);
  });
});

describe('who may', () => {
  test('F199 F237 a child’s "yes" and /approve allow nothing; a parent’s does', async () => {
    const mail = recorder('send_email', { level: 'chat-safe' });
    await using harness = await startHarness({ extraTools: [mail.tool] });
    const child = await member(harness, 'child');
    harness.model.enqueue(reply.toolCall('send_email', {}), reply.text('Sent.'));
    const sent = await send(child);
    const [approval] = (await asked(child, sent.sessionId)) as [Approval];
    expect(approval.mayDecide).toBe(false);
    await child.client.chat.send({ text: 'yes', sessionId: sent.sessionId });
    expect(await command(child, '/approve', sent.sessionId)).toBe(
      'Your account may not use /approve. /help shows the commands there are.',
    );
    expect(await command(child, `/approvals ${approval.id}`, sent.sessionId)).toContain(
      'Somebody else has to answer',
    );
    expect(mail.done).toEqual([]);
    expect(await command(harness, `/approve ${approval.id}`)).toBe('Allowed: send_email.');
    await eventually(child, sent.sessionId, (item) => item.type === 'run.finished');
    expect(mail.done.length).toBe(1);
    expect((await harness.client.approvals.get({ id: approval.id })).settled).toMatchObject({ by: 'owner' });
  });

  test('F199 F237 somebody else of the household sees no question of others, and answers none', async () => {
    const { harness, approval } = await waiting();
    await using _ = harness;
    const other = await member(harness, 'user');
    expect(await command(other, '/approvals')).toBe('No question waits for an answer.');
    expect(await command(other, `/approve ${approval.id}`)).toContain('no such question');
    expect(await status(harness, approval)).toBe('pending');
  });

  test('F015 F237 commands that show or change the machine are for who may', async () => {
    await using harness = await startHarness();
    const child = await member(harness, 'child');
    for (const text of ['/config', '/reload', '/policy', '/policy tool allow calculate', '/approve'])
      expect(await command(child, text)).toMatch(/^Your account may not use \//);
    expect(await command(child, '/version')).toMatch(/^Reeve /);
    expect(await command(child, '/approvals')).toBe('No question waits for an answer.');
    expect(await command(harness, '/config gateway.host')).toContain('gateway.host');
  });
});

describe('/policy', () => {
  test('F195 F196 what a tool may is changed and taken back; explained by who decides', async () => {
    await using harness = await startHarness();
    expect(await command(harness, '/policy')).toMatch(/^Comes with Reeve: .*household/);
    expect(await command(harness, '/policy explain calculate {"expression":"1+1"}')).toMatch(
      /^calculate would be made without asking \(risk low\)/,
    );
    expect(await command(harness, '/policy tool deny calculate role=user')).toBe(
      'Written as the policy admin/tool-calculate-user.',
    );
    expect(await command(harness, '/policy tool deny calculate')).toBe(
      'Written as the policy admin/tool-calculate.',
    );
    expect(await command(harness, '/policy list')).toContain('admin/tool-calculate (version 1, by owner)');
    expect(await command(harness, '/policy explain calculate {"expression":"1+1"}')).toMatch(
      /would be refused[\s\S]*Decided by: [^\n]*tool-calculate/,
    );
    harness.model.enqueue(reply.toolCall('calculate', { expression: '1+1' }), reply.text('Hm.'));
    const sent = await send(harness, 'What is one and one?');
    await follow(harness, sent);
    expect((await finished(harness, sent.sessionId))[0]).toMatchObject({
      tool: 'calculate',
      status: 'denied',
    });
    expect(await command(harness, '/policy tool reset calculate')).toBe('The rule is taken back.');
    expect(await command(harness, '/policy explain calculate {"expression":"1+1"}')).toContain(
      'without asking',
    );
  });

  test('F195 F196 F045 every rule can be written in a chat, and taken back there', async () => {
    await using harness = await startHarness();
    const rules = [
      ['tool only calculate recall channel=openai', 'only-tools-openai', 'tool any channel=openai'],
      ['model only test/a test/b role=child', 'only-models-child', 'model any role=child'],
      ['model deny test/a', 'model-test-a', 'model reset test/a'],
      ['quiet 22-7 role=child', 'quiet-hours-child', 'quiet 22-7 role=child off'],
      ['channel openai read-only', 'channel-openai', 'channel openai read-only off'],
      ['exception lists role=user', 'exception-lists-user', 'exception lists role=user off'],
      ['tool allow send_email user=ann unattended', 'tool-send_email-ann', 'tool reset send_email user=ann'],
    ];
    for (const [written, name] of rules)
      expect(await command(harness, `/policy ${written}`)).toMatch(
        new RegExp(`^Written as the policy admin/${name}\\.`),
      );
    const own = async () => (await harness.client.policies.list()).policies.filter((one) => one.version > 0);
    expect((await own()).map(({ name }) => name).sort()).toEqual(rules.map(([, name]) => name).sort());
    for (const [, , back] of rules)
      expect(await command(harness, `/policy ${back}`)).toBe('The rule is taken back.');
    expect(await own()).toEqual([]);
  });

  test('F196 a name that nothing has is said, in a chat, by the command line and when it is checked', async () => {
    await using harness = await startHarness();
    expect(await command(harness, '/policy tool deny calculat role=chidl')).toBe(
      'Written as the policy admin/tool-calculat-chidl.\nNobody has the role chidl.\nThere is no tool calculat.',
    );
    expect(await command(harness, '/policy tool deny calculate role=child')).toMatch(/calculate-child\.$/);
    const { out } = await run(harness, ['policy', 'tool', 'deny', 'recal']);
    expect(out).toContain('warning: There is no tool recal.');
    const text = 'forbid(principal == User::"nobody", action == Action::"call", resource == Tool::"recall");';
    const { problems } = await harness.client.policies.check({ tier: 'admin', name: 'mine', text });
    expect(problems).toEqual([
      { policy: 'mine', message: 'There is no person with the id nobody.', isError: false },
    ]);
  });

  test('F196 whom a policy lets skip lists is held by none of them, and asked about what is critical', async () => {
    await using harness = await startHarness();
    const explain = (tool: string) => harness.client.policies.explain({ tool });
    await command(harness, '/policy tool only recall');
    expect((await explain('calculate')).outcome).toBe('deny');
    await command(harness, '/policy exception lists role=admin');
    expect((await explain('calculate')).outcome).toBe('allow');
    const types = (await harness.client.audit.list({ type: 'policy.saved' })).entries;
    expect(types.length).toBe(2);
    await command(harness, '/policy exception lists role=admin off');
    expect((await explain('calculate')).outcome).toBe('deny');
  });

  test('F196 what cannot be read changes nothing and says how it is written', async () => {
    await using harness = await startHarness();
    for (const text of [
      '/policy tool',
      '/policy tool allow',
      '/policy tool allow x color=red',
      '/policy dance',
      '/policy tool allow a b',
      '/policy model deny a channel=web',
      '/policy quiet late',
      '/policy quiet 22-25',
      '/policy channel openai everything',
      '/policy exception audit role=user',
      '/policy exception lists',
    ])
      expect(await command(harness, text)).toContain('Write /policy [list');
    expect(await command(harness, '/policy tool only')).toContain('would forbid everything');
    expect(await command(harness, '/policy explain calculate {')).toContain('is no JSON');
    expect(await command(harness, '/policy explain nothing {}')).toMatch(/no .*tool|unknown/i);
    const { policies } = await harness.client.policies.list();
    expect(policies.every(({ version }) => version === 0)).toBe(true);
  });
});

describe('/budget', () => {
  test('F197 what bounds the session, also below /usage', async () => {
    await using harness = await startHarness();
    await harness.client.budgets.set({ subject: 'user', period: 'day', unit: 'tokens', amount: 1_000_000 });
    const sent = await send(harness, 'Hello');
    await follow(harness, sent);
    const line = /- you, a day: \d+ tokens of 1000000 tokens \(0 %\), anew /;
    expect(await command(harness, '/budget', sent.sessionId)).toMatch(line);
    expect(await command(harness, '/usage', sent.sessionId)).toMatch(line);
  });
});
