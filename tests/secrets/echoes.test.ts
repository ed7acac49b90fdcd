import type { Tool } from '@reeve/core';
import { reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { answerOf, say } from '../support/collect.ts';
import { call } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';
import { filesWith, keep, plantedKey } from './support.ts';

const encoded = Buffer.from(`user:${plantedKey}`).toString('base64');
const inHex = Buffer.from(plantedKey).toString('hex');
const planted = [plantedKey, encoded, inHex, plantedKey.slice(0, 20)];
/** What the tools were told, in the moment of use. */
const used: string[] = [];

const echo: Tool<{ handle: string }> = {
  name: 'call_service',
  description: 'Calls a service with a key.',
  input: z.object({ handle: z.string() }),
  risk: 'low',
  effect: 'idempotent',
  async execute({ handle }, { secret }) {
    const value = await secret!(handle);
    used.push(value);
    return { text: `the service says: ${value}, ${encoded}, ${inHex}, {"token":"${value}"}` };
  },
} as Tool<{ handle: string }>;
const broken: Tool = {
  ...echo,
  name: 'break_service',
  async execute(_, { secret }) {
    throw new Error(`refused ${await secret!('secret:service')}`);
  },
} as Tool;

let harness: Awaited<ReturnType<typeof startHarness>>;
let said: string;
let sessionId: string;
beforeAll(async () => {
  harness = await startHarness({ env: { REEVE_LOG_LEVEL: 'debug' }, extraTools: [echo as Tool, broken] });
  await keep(harness, 'service', plantedKey);
  const pieces = plantedKey.match(/.{1,5}/g)!;
  harness.model.enqueue(
    reply.toolCall('call_service', { handle: 'secret:service' }),
    reply.toolCall('break_service', { handle: plantedKey }),
    reply.text(`Your key is ${pieces.join('')} and ${encoded}.`),
  );
  const { sent, items } = await say(harness, 'call the service');
  sessionId = sent.sessionId;
  harness.model.enqueue(reply.status(500, { message: `key ${plantedKey} is over its limit` }));
  harness.model.enqueue(reply.status(500, { message: `key ${plantedKey} is over its limit` }));
  const failed = await say(harness, 'and again', { sessionId });
  said = JSON.stringify([items, failed.items]);
});
afterAll(() => harness[Symbol.asyncDispose]());

test('F218 a tool is given the value of a handle at the moment of use, the model never', () => {
  expect(used).toEqual([plantedKey]);
  const told = JSON.stringify(harness.model.requests.map(({ body }) => body));
  for (const text of planted) expect(told).not.toContain(text);
  expect(told).toContain('the service says: [secret:service]');
});

test('F217 what a model says of a secret is replaced, live and in the journal', async () => {
  for (const text of planted) expect(said).not.toContain(text);
  expect(said).toContain('Your key is [secret:service]');
  const { content } = await harness.client.sessions.export({ id: sessionId, format: 'jsonl' });
  for (const text of planted) expect(content).not.toContain(text);
  expect(content).toContain('[secret:service]');
});

test('F217 F245 no file in the data folder holds it: log, database, vault', () => {
  for (const text of planted) expect(filesWith(harness.home, text)).toEqual([]);
});

test('F217 no route of the API answers it', async () => {
  const bodies: string[] = [];
  for (const { method, path } of procedures.filter(
    (one) => one.method === 'GET' && one.path !== '/api/events',
  )) {
    const id = path.startsWith('/api/secrets') ? 'service' : sessionId;
    const answer = await call(
      harness,
      method,
      path.replace('{id}', id) + (path.endsWith('/logs') ? '?lines=5000' : ''),
    );
    bodies.push(answer.body + JSON.stringify(answer.headers));
  }
  for (const format of ['json', 'markdown', 'html', 'jsonl'])
    bodies.push((await call(harness, 'GET', `/api/chat/${sessionId}/export?format=${format}`)).body);
  for (const wrong of [
    { name: plantedKey, value: 5 },
    { name: 'service', value: plantedKey, policy: { windowHours: plantedKey } },
    { name: `${plantedKey}!`, value: plantedKey },
  ])
    bodies.push((await call(harness, 'POST', '/api/secrets', wrong)).body);
  bodies.push((await call(harness, 'GET', `/api/secrets/${plantedKey}`)).body);
  expect(bodies.length).toBeGreaterThan(15);
  for (const body of bodies) for (const text of planted) expect(body).not.toContain(text);
});

test('F217 what a user wrote that looks like a secret is not in what is exported', async () => {
  harness.model.enqueue(reply.text('noted'));
  const sent = await say(harness, 'my db is postgres://me:Hunter2xyz@db/x and password: Zebra77 please');
  for (const format of ['json', 'markdown', 'html', 'jsonl'] as const) {
    const { content } = await harness.client.sessions.export({ id: sent.sent.sessionId, format });
    for (const text of ['Hunter2xyz', 'Zebra77']) expect(content).not.toContain(text);
    expect(content).toContain('noted');
  }
  expect(answerOf(sent.items)).toBe('noted');
});

test('F218 every use is recorded in the audit, by name, with whom and for what', async () => {
  const { status, body, json } = await call(harness, 'GET', '/api/audit?type=secret&limit=100');
  expect(status).toBe(200);
  expect(json.entries).toContainEqual(
    expect.objectContaining({
      type: 'secret.read',
      target: 'service',
      actor: 'owner',
      data: { purpose: 'tool call_service', version: 1 },
    }),
  );
  expect(json.entries).toContainEqual(expect.objectContaining({ type: 'secret.set', target: 'service' }));
  for (const text of planted) expect(body).not.toContain(text);
});
