import type { OverviewItem } from '@reeve/protocol';
import { createGate, reply, startHarness, startModelServer } from '@reeve/testkit';
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

test('F010 search finds what was said by all its words, the last one perhaps only begun, and titles too', async () => {
  const { client } = harness;
  const { sent } = await say(harness, 'The Wardrobe stands in the northern ATTIC room');
  const { hits } = await client.search.messages({ query: 'attic ward' });
  const hit = hits.find(({ message }) => message?.role === 'user')!;
  expect(hit).toMatchObject({ sessionId: sent.sessionId, message: { id: sent.messageId } });
  expect(hit.marks.map(([from, to]) => hit.excerpt.slice(from, to))).toEqual(['Wardrobe', 'ATTIC']);
  await client.sessions.update({ id: sent.sessionId, title: 'Furniture' });
  expect((await client.search.messages({ query: 'furni' })).hits).toMatchObject([
    { sessionId: sent.sessionId, title: 'Furniture', message: null, excerpt: 'Furniture' },
  ]);
  expect((await client.search.messages({ query: 'attic zebra' })).hits).toEqual([]);
  expect((await client.search.messages({ query: 'wardrobe', limit: 1 })).hits.length).toBe(1);
  await client.sessions.delete({ id: sent.sessionId });
  expect((await client.search.messages({ query: 'wardrobe' })).hits).toEqual([]);
});

/** The overview stream, read item by item until one fits. */
const openOverview = async () => {
  const stop = new AbortController();
  const { client } = harness;
  const items = (await client.overview.stream(undefined, { signal: stop.signal }))[Symbol.asyncIterator]();
  const until = async (matches: (item: OverviewItem) => boolean): Promise<OverviewItem> => {
    for (;;) {
      const item = (await items.next()).value as OverviewItem;
      if (matches(item)) return item;
    }
  };
  return { until, stop: () => stop.abort() };
};

test('F311 a read mark is kept by the gateway, told to every page, and never goes back', async () => {
  const { client } = harness;
  const { id } = await client.sessions.create({ title: 'Marked' });
  const [page, phone] = [await openOverview(), await openOverview()];
  for (const one of [page, phone]) await one.until(({ type }) => type === 'ready');
  await follow(harness, await client.chat.send({ text: 'hello', sessionId: id }));
  const { lastSeq, newsSeq } = await client.sessions.get({ id });
  expect(newsSeq).toBe(lastSeq);
  // Whoever waits for a run has read its answer: nothing is left to be marked by hand.
  const isRead = { type: 'session.read', sessionId: id, readSeq: lastSeq };
  for (const one of [page, phone])
    expect(await one.until((item) => item.type === 'session.read' && item.sessionId === id)).toEqual(isRead);

  const notWaited = await client.chat.send({ text: 'and again', sessionId: id });
  const ended = await page.until(
    (item) =>
      item.type === 'session.changed' &&
      item.session.id === id &&
      !item.session.isRunning &&
      item.session.newsSeq > notWaited.seq,
  );
  const news = ended.type === 'session.changed' ? ended.session.newsSeq : 0;
  expect(ended).toMatchObject({ readSeq: lastSeq });
  expect(await client.sessions.markRead({ id, seq: news })).toEqual({ readSeq: news });
  for (const one of [page, phone])
    expect(await one.until((item) => item.type === 'session.read' && item.sessionId === id)).toMatchObject({
      readSeq: news,
    });
  expect(await client.sessions.markRead({ id, seq: 1 })).toEqual({ readSeq: news });
  // What is not there yet cannot be read.
  expect((await client.sessions.markRead({ id, seq: 1_000_000 })).readSeq).toBe(
    (await client.sessions.get({ id })).lastSeq,
  );
  expect((await client.sessions.list({})).readSeqs[id]).toBe((await client.sessions.get({ id })).lastSeq);
  await expect(client.sessions.markRead({ id: 'ses_none', seq: 1 })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
  for (const one of [page, phone]) one.stop();
});

test('F311 the overview tells what a running answer does: think, use a tool, write', async () => {
  const { client, model } = harness;
  const { id } = await client.sessions.create({ title: 'Busy' });
  const page = await openOverview();
  await page.until(({ type }) => type === 'ready');
  const gate = createGate();
  model.enqueue(
    reply.toolCall('calculate', { expression: '6*7' }),
    reply.text('It').hold(gate).text(' is 42.'),
  );
  await client.chat.send({ text: 'Six times seven?', sessionId: id });
  const phases: string[] = [];
  await page.until((item) => {
    if (item.type !== 'session.progressed' || item.sessionId !== id) return false;
    phases.push([item.activity.phase, item.activity.detail].filter(Boolean).join(' '));
    return item.activity.phase === 'writing';
  });
  gate.open();
  expect(phases.at(-1)).toBe('writing');
  expect(phases[0]).toMatch(/^(thinking|tool calculate)$/);
  page.stop();
});

test('F015 F304 a slash command answers in the language of whoever gave it', async () => {
  const { client } = harness;
  const { id } = await client.sessions.create({ title: 'Commands' });
  const ask = async (text: string, language?: string) => {
    const { seq } = await client.chat.send({ text, sessionId: id, ...(language && { language }) });
    const { events } = await client.sessions.events({ id, limit: 5 });
    const answer = events.find((event) => event.seq > seq && event.type === 'command.answered');
    return answer?.type === 'command.answered' ? answer.data.text : '';
  };
  expect(await ask('/stop', 'de-AT')).toBe('Es lief nichts.');
  expect(await ask('/stop', 'fr')).toBe('Nothing was running.');
  expect(await ask('/stop')).toBe('Nothing was running.');
  expect(await ask('/model nobody/knows', 'de')).toContain('Das Modell nobody/knows gibt es nicht.');
  expect(await ask('/think utmost', 'de')).toContain('Die Stufe „utmost“ gibt es nicht.');
  expect(await ask('/help', 'de')).toContain('`/pin`: Deine letzte Nachricht anheften');
});

test('F311 the overview begins with every session and then tells what becomes of each', async () => {
  const { client } = harness;
  const { until, stop } = await openOverview();
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
  stop();
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

test('F308 a provider is tested by asking a model for a word, wherever its list of models comes from', async () => {
  const { client, model } = harness;
  model.enqueue(reply.text('Hi.'));
  expect(await client.providers.test({ id: 'openai' })).toMatchObject({
    ok: true,
    model: 'test-model',
    error: null,
  });
  expect(model.requests.at(-1)!.body).toMatchObject({ messages: [{ role: 'user', content: 'Say hi.' }] });
  model.enqueue(reply.status(401, { message: 'That key is none.' }));
  const refused = await client.providers.test({ id: 'openai' });
  expect(refused).toMatchObject({ ok: false, model: 'test-model' });
  expect(refused.error).toMatch(/^auth: .*That key is none/);
  expect((await client.providers.list()).providers[0]).toMatchObject({ state: 'auth_expired' });
  model.enqueue(reply.text('Hi.'));
  expect((await client.providers.test({ id: 'openai' })).ok).toBe(true);

  // A list in the configuration proves nothing.
  const set = (key: string, value: unknown) =>
    client.config.set({ key: `providers.nowhere.${key}`, value: value as string });
  const gone = await startModelServer();
  await gone.close();
  await set('baseUrl', gone.url);
  await set('models', ['one']);
  expect(await client.providers.test({ id: 'nowhere' })).toMatchObject({
    ok: false,
    models: 1,
    model: 'one',
    error: expect.stringMatching(/^network: /),
  });
  // What follows rules is here already.
  const steward = (await client.providers.list()).providers.at(-1)!;
  expect(await client.providers.test({ id: steward.id })).toMatchObject({ ok: true, model: null });
  await expect(client.providers.test({ id: 'nobody' })).rejects.toMatchObject({
    fault: { code: 'NOT_FOUND' },
  });
});

test('F308 F056 models are told whom they speak with, as soon as somebody has said it', async () => {
  const { client, model } = harness;
  const prompt = () => JSON.stringify(model.requests.at(-1)!.body.messages);
  await say(harness, 'Hello');
  expect(prompt()).not.toContain('You speak with');
  await client.account.update({ name: 'Anna' });
  await say(harness, 'Hello again');
  expect(prompt()).toContain('You speak with Anna.');
});
