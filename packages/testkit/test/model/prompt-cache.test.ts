import { describe, expect, test } from 'vitest';
import { type ModelServer, reply, startModelServer } from '../../src/model/index.ts';
import { send } from './wire.ts';

/** 4 characters a token: a text of so many tokens, without what JSON adds. */
const tokens = (count: number, letter = 'x'): string => letter.repeat(count * 4);
const mark = { cache_control: { type: 'ephemeral' } };
const text = (value: string, more = {}) => ({ type: 'text', text: value, ...more });
const user = (...content: unknown[]) => ({ role: 'user', content });
const hi = user(text('hi'));

let now = 0;
const start = (options = {}): Promise<ModelServer> => {
  now = 1_700_000_000_000;
  return startModelServer({ promptCache: { now: () => now, ...options } });
};

/** What the answer says of the cache. */
async function ask(server: ModelServer, more: Record<string, unknown>) {
  const response = await send(server, 'anthropic', { isStream: false, more: { messages: [hi], ...more } });
  const { usage } = await response.json();
  return {
    written: usage.cache_creation_input_tokens as number,
    read: usage.cache_read_input_tokens as number,
    rest: usage.input_tokens as number,
  };
}

describe('Anthropic’s prompt cache', () => {
  const system = [text(tokens(2_000), mark)];

  test('F034 a marked prefix is written once and read while it lives, each use prolonging it', async () => {
    await using server = await start();
    const first = await ask(server, { system });
    expect(first).toMatchObject({ read: 0 });
    expect(first.written).toBeGreaterThanOrEqual(2_000);
    expect(first.rest).toBeLessThan(50);
    now += 299_999;
    expect(await ask(server, { system })).toEqual({ written: 0, read: first.written, rest: first.rest });
    now += 299_999;
    expect(await ask(server, { system })).toMatchObject({ read: first.written });
    now += 300_000;
    expect(await ask(server, { system })).toEqual(first);
  });

  test('F034 every byte before the mark counts, and none behind it', async () => {
    await using server = await start();
    const tools = [{ name: 'a', description: 'd', input_schema: {} }];
    const { written } = await ask(server, { tools, system });
    const other = [user(text('something else'))];
    expect(await ask(server, { tools, system, messages: other })).toMatchObject({ read: written });
    const changes = [
      { tools: [{ ...tools[0], description: 'e' }], system },
      { tools: [{ input_schema: {}, name: 'a', description: 'd' }], system },
      { tools, system: [text(`${tokens(2_000)}y`, mark)] },
      { system },
      { tools, system, model: 'another' },
    ];
    for (const change of changes) expect(await ask(server, change)).toMatchObject({ read: 0 });
    // Tool choice touches messages only.
    expect(await ask(server, { tools, system, tool_choice: { type: 'none' } })).toMatchObject({
      read: written,
    });
  });

  test('F034 prefixes that are too short are not cached', async () => {
    await using server = await start();
    for (let n = 0; n < 2; n += 1)
      expect(await ask(server, { system: [text(tokens(900), mark)] })).toMatchObject({ written: 0, read: 0 });
    await using small = await start({ minTokens: 100 });
    await ask(small, { system: [text(tokens(200), mark)] });
    expect((await ask(small, { system: [text(tokens(200), mark)] })).read).toBeGreaterThan(200);
  });

  test('F034 nothing is cached without a mark', async () => {
    await using server = await start();
    for (let n = 0; n < 2; n += 1)
      expect(await ask(server, { system: [text(tokens(2_000))] })).toMatchObject({ written: 0, read: 0 });
  });

  test('F034 a longer conversation reads what the last one wrote, up to 20 blocks back', async () => {
    await using server = await start();
    const talk = (count: number) => [
      ...Array.from({ length: count }, (_, i) => user(text(`${i} ${tokens(1_100)}`))),
    ];
    const marked = (count: number) => [...talk(count - 1), user(text('last', mark))];
    // The mark moves on, so what was marked differs only in the mark.
    const first = await ask(server, { messages: [user(text(`0 ${tokens(1_100)}`, mark))] });
    expect(await ask(server, { messages: marked(20) })).toMatchObject({ read: first.written });
    await using far = await start();
    await ask(far, { messages: [user(text(`0 ${tokens(1_100)}`, mark))] });
    expect(await ask(far, { messages: marked(21) })).toMatchObject({ read: 0 });
  });

  test('F034 of several marks the longest prefix that is known is read, the rest written', async () => {
    await using server = await start();
    const stable = text(tokens(1_500, 's'), mark);
    const own = (name: string) => text(tokens(1_500, name), mark);
    const alice = await ask(server, { system: [stable, own('a')] });
    const bob = await ask(server, { system: [stable, own('b')] });
    expect(bob.read).toBeGreaterThanOrEqual(1_500);
    expect(bob.read + bob.written).toBe(alice.written);
    expect((await ask(server, { system: [stable, own('a')] })).read).toBe(alice.written);
  });

  test('F034 more than four marks are refused', async () => {
    await using server = await start();
    const marks = (count: number) => Array.from({ length: count }, (_, i) => text(`${i}`, mark));
    expect((await send(server, 'anthropic', { more: { system: marks(4) } })).status).toBe(200);
    const refused = await send(server, 'anthropic', { more: { system: marks(5) } });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: { message: 'A maximum of 4 blocks with cache_control may be provided. Found 5.' } },
    ]);
  });

  test('F034 a request that fails writes nothing', async () => {
    await using server = await start();
    server.enqueue(reply.status(529));
    await send(server, 'anthropic', { more: { system } });
    expect(await ask(server, { system })).toMatchObject({ read: 0 });
  });

  test('F034 the share of the static prefix that was read is counted', async () => {
    await using server = await start();
    expect(server.promptCache?.staticPrefixReadShare).toBe(0);
    const tools = [{ name: 'a', description: tokens(500), input_schema: {} }];
    const request = { tools, system: [text(tokens(1_000), mark), text('volatile')] };
    for (let n = 0; n < 4; n += 1) await ask(server, { ...request, messages: [user(text(`question ${n}`))] });
    expect(server.promptCache?.staticPrefixReadShare).toBe(0.75);
    expect(server.promptCache?.staticSentTokens).toBeGreaterThan(6_000);
    expect((await startModelServerWithoutCache()).promptCache).toBeNull();
  });
});

async function startModelServerWithoutCache() {
  const server = await startModelServer();
  await server.close();
  return server;
}
