import type { OverviewItem } from '@reeve/protocol';
import { reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, say } from '../support/collect.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

test('F010 pages of events from the newest backwards put together are the whole journal, once', async () => {
  const { sent } = await say(harness, 'one');
  await say(harness, 'two', { sessionId: sent.sessionId });
  const { client } = harness;
  const { lastSeq } = await client.sessions.get({ id: sent.sessionId });
  const seqs: number[] = [];
  for (let before: number | undefined; ; ) {
    const page = await client.sessions.events({
      id: sent.sessionId,
      limit: 3,
      ...(before !== undefined && { before }),
    });
    expect(page.lastSeq).toBe(lastSeq);
    seqs.unshift(...page.events.map(({ seq }) => seq));
    if (!page.hasMore) break;
    before = page.events[0]!.seq;
  }
  expect(seqs).toEqual(Array.from({ length: lastSeq }, (_, at) => at + 1));
  expect((await client.sessions.events({ id: sent.sessionId, before: 1 })).events).toEqual([]);
  await expect(client.sessions.events({ id: 'ses_none' })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
});

test('F010 a branch has the history up to its message, calls and pictures too; the old session stays as it is', async () => {
  const { client, model } = harness;
  model.enqueue(
    reply.text('Let me see.').toolCall('calculate', { expression: '6*7' }),
    reply.text('It is 42.'),
  );
  const sent = await client.chat.send({
    text: 'Six times seven?',
    images: [{ mediaType: 'image/png', data: pixel }],
  });
  await follow(harness, sent);
  await say(harness, 'And now?', { sessionId: sent.sessionId });
  const before = (await client.sessions.history({ id: sent.sessionId })).messages;
  const answer = before.find(({ text }) => text === 'It is 42.')!;

  const through = await client.sessions.fork({ id: sent.sessionId, messageId: answer.id });
  const copied = (await client.sessions.history({ id: through.id })).messages;
  expect(copied.map(({ role, text }) => [role, text])).toEqual(
    before.slice(0, before.indexOf(answer) + 1).map(({ role, text }) => [role, text]),
  );
  const image = copied[0]!.images![0]!;
  expect(
    'artifactId' in image &&
      (await client.sessions.image({ id: through.id, artifactId: image.artifactId })).data,
  ).toBe(pixel);
  const created = (await client.sessions.events({ id: through.id })).events[0]!;
  expect(created.type === 'session.created' && created.data.forkedFrom).toEqual({
    sessionId: sent.sessionId,
    messageId: answer.id,
  });

  const cut = await client.sessions.fork({
    id: sent.sessionId,
    messageId: sent.messageId,
    isIncluded: false,
  });
  expect((await client.sessions.history({ id: cut.id })).messages).toEqual([]);
  expect((await client.sessions.history({ id: sent.sessionId })).messages).toEqual(before);

  // What the model is given in the branch is that history, and it is in order: the model server checks it.
  await say(harness, 'Go on', { sessionId: through.id });
  expect(JSON.stringify(model.requests.at(-1)!.body.messages)).toContain('It is 42.');
  await expect(client.sessions.fork({ id: sent.sessionId, messageId: 'msg_none' })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
});

test('F010 search finds what was said by all its words, whatever their case, and not what tools gave', async () => {
  const { client } = harness;
  const { sent } = await say(harness, 'The Wardrobe stands in the northern ATTIC room');
  const { hits } = await client.search.messages({ query: 'attic wardrobe' });
  expect(hits.map(({ sessionId, role }) => [sessionId, role])).toContainEqual([sent.sessionId, 'user']);
  expect(hits[0]!.excerpt).toContain('Wardrobe');
  expect((await client.search.messages({ query: 'attic zebra' })).hits).toEqual([]);
  expect((await client.search.messages({ query: 'wardrobe', limit: 1 })).hits.length).toBe(1);
});

test('F311 the overview begins with every session and then tells what becomes of each', async () => {
  const { client } = harness;
  const stop = new AbortController();
  const items = (await client.overview.stream(undefined, { signal: stop.signal }))[Symbol.asyncIterator]();
  const next = async () => (await items.next()).value as OverviewItem;
  const until = async (matches: (item: OverviewItem) => boolean) => {
    for (;;) {
      const item = await next();
      if (matches(item)) return item;
    }
  };
  await until(({ type }) => type === 'ready');
  const { id } = await client.sessions.create({ title: 'Watched' });
  const created = await until((item) => item.type === 'session.changed' && item.session.id === id);
  expect(created).toMatchObject({ session: { title: 'Watched', isRunning: false } });
  const sent = await client.chat.send({ text: 'hello', sessionId: id });
  expect(
    await until(
      (item) => item.type === 'session.changed' && item.session.id === id && item.session.isRunning,
    ),
  ).toMatchObject({ lastOutcome: null });
  expect(sent.sessionId).toBe(id);
  const ended = await until(
    (item) => item.type === 'session.changed' && item.session.id === id && item.lastOutcome !== null,
  );
  expect(ended).toMatchObject({ session: { isRunning: false } });
  await client.sessions.delete({ id });
  expect(await until(({ type }) => type === 'session.deleted')).toEqual({
    type: 'session.deleted',
    sessionId: id,
  });
  stop.abort();
});

test('F010 the HTML export escapes everything that was said', async () => {
  const { client } = harness;
  const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const { sent } = await say(harness, script);
  await client.sessions.update({ id: sent.sessionId, title: script });
  const { content, contentType, filename } = await client.sessions.export({
    id: sent.sessionId,
    format: 'html',
  });
  expect(filename).toMatch(/\.html$/);
  expect(contentType).toContain('text/html');
  expect(content).not.toMatch(/<(script|img)/);
  expect(content).toContain('&lt;script&gt;');
});

test('F308 a provider is tested by asking it for its models', async () => {
  const { client } = harness;
  expect(await client.providers.test({ id: 'openai' })).toMatchObject({ ok: true, error: null });
  await expect(client.providers.test({ id: 'nobody' })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
});
