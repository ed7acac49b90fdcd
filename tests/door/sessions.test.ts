import { reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { journal, promptOf, say } from '../support/collect.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
let sessions: Awaited<ReturnType<typeof startHarness>>['client']['sessions'];
beforeAll(async () => {
  harness = await startHarness();
  sessions = harness.client.sessions;
});
afterAll(() => harness[Symbol.asyncDispose]());

/** A session with so many messages and their answers. */
const talk = async (texts: string[]): Promise<string> => {
  let sessionId: string | undefined;
  for (const text of texts)
    sessionId = (await say(harness, text, sessionId === undefined ? {} : { sessionId })).sent.sessionId;
  return sessionId!;
};

test('F017 sessions are listed page by page, the last active first, none twice and none left out', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 7; n += 1) ids.push((await sessions.create({ title: `paging ${n}` })).id);
  await say(harness, 'wake up', { sessionId: ids[2]! });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await sessions.list({ limit: 2, search: 'paging', ...(cursor !== undefined && { cursor }) });
    expect(page.sessions.length).toBeLessThanOrEqual(2);
    seen.push(...page.sessions.map((session) => session.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen[0]).toBe(ids[2]);
  expect([...seen].sort()).toEqual([...ids].sort());
  await expect(sessions.list({ limit: 2, cursor: 'not-a-cursor' })).rejects.toMatchObject({
    fault: { code: 'INVALID_PARAMS' },
  });
});

test('F017 search finds words of the title, and takes signs of the query language as they are', async () => {
  const { id } = await sessions.create({ title: 'Holiday in Äthiopien 100% "now"' });
  await sessions.create({ title: 'Tax return' });
  const found = async (search: string) =>
    (await sessions.list({ search })).sessions.map((session) => session.id);
  expect(await found('holiday')).toEqual([id]);
  expect(await found('100%')).toEqual([id]);
  expect(await found('"now"')).toEqual([id]);
  expect(await found('%%%%')).toEqual([]);
  expect(await found("' OR 1=1 --")).toEqual([]);
});

test('F017 a session is renamed, given a model and a queue mode, and takes its defaults back', async () => {
  const { id } = await sessions.create({ title: 'before' });
  expect(
    await sessions
      .update({ id, title: '  after  ', queueMode: 'steer', model: 'nobody/none' })
      .catch((error) => error.fault),
  ).toMatchObject({ code: 'NOT_FOUND' });
  expect((await sessions.get({ id })).title).toBe('before');
  const { models } = await harness.client.models.list({});
  const steward = models.find((model) => !model.isLanguageModel)!.id;
  expect(await sessions.update({ id, title: '  after  ', queueMode: 'steer', model: steward })).toMatchObject(
    { title: 'after', queueMode: 'steer', model: steward },
  );
  expect(await sessions.update({ id, model: null })).toMatchObject({
    title: 'after',
    queueMode: 'steer',
    model: null,
  });
  await expect(sessions.update({ id, title: ' ' })).rejects.toMatchObject({
    fault: { code: 'INVALID_PARAMS' },
  });
});

test('F017 F067 a deleted session is gone from every view, with all its words', async () => {
  const id = await talk(['the word is xylophonist']);
  expect(await sessions.delete({ id })).toEqual({ ok: true });
  await expect(sessions.get({ id })).rejects.toMatchObject({ fault: { code: 'NOT_FOUND' } });
  await expect(sessions.history({ id, limit: 5 })).rejects.toMatchObject({ fault: { code: 'NOT_FOUND' } });
  await expect(sessions.delete({ id })).rejects.toMatchObject({ fault: { code: 'NOT_FOUND' } });
  expect((await sessions.list({})).sessions.map((session) => session.id)).not.toContain(id);
  expect(await harness.client.system.rebuildJournal()).toMatchObject({ differences: 0, brokenChains: [] });
});

test('F017 F067 history pages forwards and backwards over every message once', async () => {
  const id = await talk(['one', 'two', 'three', 'four', 'five']);
  const all = (await sessions.history({ id, limit: 100 })).messages;
  expect(all.map(({ text }) => text)).toEqual(
    ['one', 'two', 'three', 'four', 'five'].flatMap((text) => [text, `You said: ${text}`]),
  );
  const forwards = [];
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = await sessions.history({ id, after, limit: 3 });
    forwards.push(...page.messages);
    after = page.messages.at(-1)!.seq;
    hasMore = page.hasMore;
  }
  expect(forwards).toEqual(all);
  const backwards = [];
  for (let before = Number.MAX_SAFE_INTEGER, hasMore = true; hasMore; ) {
    const page = await sessions.history({ id, before, limit: 3 });
    backwards.unshift(...page.messages);
    before = page.messages[0]!.seq;
    hasMore = page.hasMore;
  }
  expect(backwards).toEqual(all);
  expect((await sessions.history({ id, limit: 3 })).messages).toEqual(all.slice(-3));
  expect(
    (await sessions.history({ id, after: all[1]!.seq, before: all[6]!.seq, limit: 100 })).messages,
  ).toEqual(all.slice(2, 6));
});

test('F067 a pinned message says so in the history and stays pinned until it is let go', async () => {
  const id = await talk(['keep this', 'not this']);
  const [first] = (await sessions.history({ id, limit: 10 })).messages;
  await sessions.pin({ id, messageId: first!.id });
  const pins = async () =>
    (await sessions.history({ id, limit: 10 })).messages
      .filter((message) => message.isPinned)
      .map(({ text }) => text);
  expect(await pins()).toEqual(['keep this']);
  await sessions.pin({ id, messageId: first!.id, isPinned: false });
  expect(await pins()).toEqual([]);
  await expect(sessions.pin({ id, messageId: 'msg_other' })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
});

test('F017 a session is exported as JSON and as its journal', async () => {
  harness.model.enqueue(reply.toolCall('calculate', { expression: '6*7' }), reply.text('42'));
  const id = await talk(['what is 6*7?']);
  const { filename, contentType, content } = await sessions.export({ id, format: 'json' });
  expect([filename, contentType]).toEqual(['what-is-6-7.json', 'application/json']);
  const { session, messages } = JSON.parse(content);
  expect(session.id).toBe(id);
  expect(messages.map((message: { role: string }) => message.role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
  ]);
  const events = await journal(harness, id);
  expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
});

test('F017 in Markdown nothing that was said can pass for the document itself', async () => {
  harness.model.enqueue(
    reply.text(
      'ok\n\n## You, 2026-01-01 00:00 UTC\n\n<script>alert(1)</script>\n\u2028## You, again\r## You, too',
    ),
  );
  const id = await talk(['# Title\n## Reeve (openai/test-model)\n```\n[x](javascript:alert(1))']);
  await sessions.update({
    id,
    title: 'Evil\u2028# Heading <img src=x onerror=alert(1)> [x](javascript:alert(1))',
  });
  const { content, filename, contentType } = await sessions.export({ id, format: 'markdown' });
  expect(contentType).toBe('text/markdown');
  expect(filename).toMatch(/^[\p{L}\p{N}-]+\.md$/u);
  const headings = content.split(/\r\n|[\n\r\u2028\u2029\u0085]/).filter((line) => /^ {0,3}#/.test(line));
  expect(headings.map((line) => line.replace(/\d{4}-.*/, '…'))).toEqual([
    expect.stringMatching(/^# Evil/),
    '## You, …',
    '## Reeve (openai/test-model), …',
  ]);
  expect(content).not.toMatch(/<script|<img|\]\(javascript:/);
});

test('F067 a session survives a restart with title, history and place in the conversation', async () => {
  const id = await talk(['My name is Ada.']);
  await harness.restart();
  expect((await sessions.get({ id })).title).toBe('My name is Ada.');
  await say(harness, 'What is my name?', { sessionId: id });
  expect(
    promptOf(harness)
      .map((message) => message.content)
      .slice(1),
  ).toEqual(['My name is Ada.', 'You said: My name is Ada.', 'What is my name?']);
});
