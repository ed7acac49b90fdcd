import type { ModelAttempt } from '@reeve/protocol';
import {
  createFakeClock,
  createGate,
  type ModelServer,
  reply,
  startHarness,
  startModelServer,
} from '@reeve/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf, eventually, follow, say } from '../support/collect.ts';

let clock: ReturnType<typeof createFakeClock>;
let harness: Awaited<ReturnType<typeof startHarness>>;
let spare: ModelServer;

/** `openai/test-model` first, `spare/spare-model` behind it. */
beforeEach(async () => {
  clock = createFakeClock();
  spare = await startModelServer({ script: () => reply.text('The spare one speaks.') });
  harness = await startHarness({
    clock,
    env: {
      REEVE_PROVIDERS_SPARE_BASE_URL: spare.url,
      REEVE_PROVIDERS_SPARE_MODELS: 'spare-model',
      REEVE_AGENT_FALLBACKS: 'spare/spare-model',
    },
  });
});
afterEach(async () => {
  await harness[Symbol.asyncDispose]();
  await spare.close();
});

const attemptsOf = (items: Awaited<ReturnType<typeof say>>['items']): ModelAttempt[] =>
  items.flatMap((item) => (item.type === 'model.answered' ? item.data.attempts : []));

const providerStatus = async (id: string) =>
  (await harness.client.providers.list()).providers.find((provider) => provider.id === id)!;

test('F041 a model that says nothing is given up after its limit, and the next one answers', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('too late'));
  const sent = await harness.client.chat.send({ text: 'hello' });
  await gate.reached;
  await clock.advance(119_000);
  expect(spare.requests).toHaveLength(0);
  await clock.advance(2_000);
  const items = await follow(harness, sent);
  expect(answerOf(items)).toBe('The spare one speaks.');
  expect(attemptsOf(items)).toMatchObject([
    {
      provider: 'openai',
      outcome: 'failed',
      why: expect.stringMatching(/^timeout: it said nothing for 120000 ms/),
    },
    { provider: 'spare', outcome: 'answered', why: 'fallback' },
  ]);
  expect(await harness.model.requests[0]!.ended).toBe('closed');
});

test('F041 F038 a model that falls silent in the middle is replaced, and so is its text', async () => {
  const gate = createGate();
  harness.model.enqueue(reply.text('I was about').hold(gate).text(' to say'));
  const sent = await harness.client.chat.send({ text: 'hello' });
  await gate.reached;
  const following = follow(harness, sent);
  await eventually(
    harness,
    sent.sessionId,
    (item) => item.type === 'message.replaced' && item.data.text !== '',
  );
  await clock.advance(61_000);
  const items = await following;
  expect(answerOf(items)).toBe('The spare one speaks.');
  expect(items.filter((item) => item.type === 'message.replaced').at(-1)).toMatchObject({
    data: { text: '', why: 'fallback' },
  });
  expect(attemptsOf(items)[0]!.why).toMatch(/^timeout: it fell silent for 60000 ms/);
});

test('F041 the limits of a provider are its own', async () => {
  await harness.client.config.set({ key: 'providers.openai.firstTokenTimeoutMs', value: 1_000 });
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate));
  const sent = await harness.client.chat.send({ text: 'hello' });
  await gate.reached;
  await clock.advance(1_001);
  expect(answerOf(await follow(harness, sent))).toBe('The spare one speaks.');
});

test('F038 F039 a rate limit is respected for as long as the server says, then one call probes', async () => {
  harness.model.enqueue(reply.status(429, { retryAfter: '30' }));
  expect(answerOf((await say(harness, 'one')).items)).toBe('The spare one speaks.');
  expect(await providerStatus('openai')).toMatchObject({
    state: 'rate_limited',
    cooling: [{ model: 'test-model', class: 'rate_limited', until: clock.now() + 30_000 }],
  });
  const second = await say(harness, 'two');
  expect(attemptsOf(second.items)).toMatchObject([
    { provider: 'openai', outcome: 'skipped', why: 'left alone for another 30 s after rate_limited' },
    { provider: 'spare', outcome: 'answered' },
  ]);
  expect(harness.model.requests).toHaveLength(1);
  await clock.advance(30_001);
  expect(answerOf((await say(harness, 'three')).items)).toBe('You said: three');
  expect(await providerStatus('openai')).toMatchObject({ state: 'ok', successRate: 0.5, cooling: [] });
});

test('F038 a probe that fails leaves the model alone for twice as long', async () => {
  harness.model.setScript(() => reply.status(401, { message: 'expired' }));
  await say(harness, 'one');
  await clock.advance(60_001);
  await say(harness, 'two');
  expect(harness.model.requests).toHaveLength(2);
  await clock.advance(60_001);
  await say(harness, 'three');
  expect(harness.model.requests).toHaveLength(2);
  expect(await providerStatus('openai')).toMatchObject({ state: 'auth_expired' });
  await clock.advance(60_001);
  await say(harness, 'four');
  expect(harness.model.requests).toHaveLength(3);
});

test('F038 while a probe is under way nobody else tries', async () => {
  harness.model.enqueue(reply.status(429, { retryAfter: '1' }));
  await say(harness, 'one');
  await clock.advance(1_001);
  const gate = createGate();
  harness.model.enqueue(reply.hold(gate).text('Well again.'));
  const probing = harness.client.chat.send({ text: 'probe' });
  await gate.reached;
  expect(attemptsOf((await say(harness, 'meanwhile')).items)).toMatchObject([
    { provider: 'openai', outcome: 'skipped', why: 'being tried by another run after rate_limited' },
    { provider: 'spare', outcome: 'answered' },
  ]);
  gate.open();
  expect(answerOf(await follow(harness, await probing))).toBe('Well again.');
});

test('F038 what one model did wrong is not held against another of the same account', async () => {
  harness.model.enqueue(reply.status(429, { retryAfter: '600' }));
  await say(harness, 'one');
  const other = await say(harness, 'two', { model: 'openai/other-model' });
  expect(answerOf(other.items)).toBe('You said: two');
});

/** Sends a message and lets time pass until it is answered: retries wait. */
const sayWhileTimePasses = async (text: string) => {
  const sent = await harness.client.chat.send({ text });
  let isDone = false;
  const following = follow(harness, sent).finally(() => {
    isDone = true;
  });
  while (!isDone) await clock.advance(100);
  return following;
};

test('F038 a passing failure is tried again after 200 to 400 ms; three open the circuit', async () => {
  harness.model.setScript(() => reply.status(503));
  const items = await sayWhileTimePasses('one');
  expect(attemptsOf(items).map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
    'openai failed',
    'openai failed',
    'spare answered',
  ]);
  expect(await providerStatus('openai')).toMatchObject({ state: 'degraded', cooling: [] });
  await sayWhileTimePasses('two');
  expect(await providerStatus('openai')).toMatchObject({ state: 'down', cooling: [{ class: 'overloaded' }] });
  const before = harness.model.requests.length;
  await say(harness, 'three');
  expect(harness.model.requests.length).toBe(before);
});

test('F038 when all of them rest, the one that failed longest ago is asked all the same', async () => {
  harness.model.enqueue(reply.status(401));
  spare.setScript(() => reply.status(403));
  await say(harness, 'one');
  await clock.advance(1_000);
  // Both rest now; the first failed first, and is well again.
  const { items } = await say(harness, 'two');
  expect(answerOf(items)).toBe('You said: two');
});

test('F038 F009 a session hears why nobody could answer when even the last one is gone', async () => {
  harness.model.setScript(() => reply.status(401));
  spare.setScript(() => reply.status(401));
  const { items } = await say(harness, 'What is 6 times 7?');
  expect(attemptsOf(items).map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
    'openai failed',
    'spare failed',
    'steward answered',
    // After its own tool: whoever stood in finishes the run.
    'steward answered',
  ]);
  expect(answerOf(items)).toContain('42');
});

test('F039 health looks at the last five minutes: above 80 % ok, above 50 % degraded, else down', async () => {
  const fail = () => reply.status(400, { message: 'no' });
  const states: string[] = [];
  for (const outcome of [
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    true,
    false,
    true,
    false,
    false,
    true,
    false,
  ]) {
    harness.model.enqueue(outcome ? reply.text('fine') : fail());
    await say(harness, 'hello');
    states.push((await providerStatus('openai')).state);
  }
  expect(states).toEqual([
    'ok',
    'ok',
    'ok',
    'ok',
    'ok',
    'ok',
    'degraded',
    'degraded',
    'degraded',
    'degraded',
    'degraded',
    'degraded',
    'degraded',
    'degraded',
  ]);
  expect((await providerStatus('openai')).successRate).toBeCloseTo(8 / 14);
  for (let n = 0; n < 3; n += 1) {
    harness.model.enqueue(fail());
    await say(harness, 'hello');
  }
  expect(await providerStatus('openai')).toMatchObject({
    state: 'down',
    lastError: 'invalid_request: HTTP 400: no',
  });
  await clock.advance(5 * 60_000 + 10_000);
  expect(await providerStatus('openai')).toMatchObject({ state: 'unknown', successRate: null });
});

test('F038 several keys at one provider are tried in order', async () => {
  await harness.client.config.set({
    key: 'providers.openai.accounts.second.apiKey',
    value: 'second-key-0123456789',
  });
  harness.model.enqueue(reply.status(401, { message: 'no credit' }));
  const { items } = await say(harness, 'hello');
  expect(answerOf(items)).toBe('You said: hello');
  expect(attemptsOf(items)).toMatchObject([
    { provider: 'openai', outcome: 'failed' },
    { provider: 'openai', account: 'second', outcome: 'answered', why: 'default, account second' },
  ]);
  expect(harness.model.requests.at(-1)!.headers['authorization']).toBe('Bearer second-key-0123456789');
  const { providers } = await harness.client.providers.list();
  expect(providers.filter(({ id }) => id === 'openai').map(({ account, state }) => [account, state])).toEqual(
    [
      ['default', 'auth_expired'],
      ['second', 'ok'],
    ],
  );
});

test('F045 a denied model is refused in words, counted, offered nowhere and never a fallback', async () => {
  await harness.client.config.set({ key: 'models.deny', value: ['spare/*'] });
  await expect(harness.client.chat.send({ text: 'hi', model: 'spare/spare-model' })).rejects.toMatchObject({
    fault: { code: 'GOV_DENIED', message: 'The model spare/spare-model is denied by the rule spare/*.' },
  });
  const command = await harness.client.chat.ask({ message: '/model spare/spare-model' });
  expect(command.reply).toContain('denied by the rule spare/*');
  const { models } = await harness.client.models.list({});
  expect(models.map(({ id }) => id)).not.toContain('spare/spare-model');
  harness.model.enqueue(reply.status(401));
  const { items } = await say(harness, 'hello');
  expect(attemptsOf(items).map(({ provider }) => provider)).toEqual(['openai', 'steward']);
  expect((await harness.client.system.status()).modelDenials).toBe(2);
});

test('F045 with a list of allowed models nothing else is used', async () => {
  await harness.client.config.set({ key: 'models.allow', value: ['spare/*'] });
  const { items } = await say(harness, 'hello');
  expect(answerOf(items)).toBe('The spare one speaks.');
  await expect(harness.client.chat.send({ text: 'hi', model: 'openai/test-model' })).rejects.toMatchObject({
    fault: { code: 'GOV_DENIED', message: expect.stringContaining('not on the list of allowed models') },
  });
});

test('F044 parameters: of the message, over those of the session, over the configured ones', async () => {
  await harness.client.config.set({ key: 'agent.temperature', value: 0.9 });
  await harness.client.config.set({ key: 'agent.topP', value: 0.8 });
  const { id } = await harness.client.sessions.create({});
  await say(harness, '/params temperature=0.5 max_tokens=300', { sessionId: id });
  const sent = await harness.client.chat.send({
    sessionId: id,
    text: 'hi',
    params: { maxOutputTokens: 200 },
  });
  await follow(harness, sent);
  expect(harness.model.requests.at(-1)!.body).toMatchObject({
    temperature: 0.5,
    top_p: 0.8,
    max_tokens: 200,
  });
  await say(harness, '/params default', { sessionId: id });
  await say(harness, 'hi', { sessionId: id });
  expect(harness.model.requests.at(-1)!.body).toMatchObject({ temperature: 0.9 });
  expect((await harness.client.chat.ask({ message: '/params warmth=3', session_id: id })).reply).toMatch(
    /cannot read “warmth=3”.*temperature, max_tokens/,
  );
});
