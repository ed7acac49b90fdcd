import { isFaultError } from '@reeve/protocol';
import { reply, startModelServer } from '@reeve/testkit/model';
import { describe, expect, test } from 'vitest';
import { createProvider, type ProviderOptions } from '../src/index.ts';

const limits = { contextTokens: 8_192, maxOutputTokens: 1_024 };

const createOpenAiCompatibleProvider = (options: ProviderOptions) =>
  createProvider('openai-compatible', options);

const providerWith = (fetch: typeof globalThis.fetch, more: Partial<ProviderOptions> = {}) =>
  createOpenAiCompatibleProvider({
    id: 'p',
    name: 'P',
    baseUrl: 'http://127.0.0.1:1/v1/',
    models: [],
    ...limits,
    fetch,
    ...more,
  });

const signal = () => new AbortController().signal;

describe('F035 openai-compatible', () => {
  test('the key goes in the header, and only there; usage is asked for', async () => {
    await using server = await startModelServer({ forbidden: ['sk-secret'] });
    server.enqueue(reply.text('Hi'));
    const provider = createOpenAiCompatibleProvider({
      id: 'p',
      name: 'P',
      baseUrl: `${server.url}/`,
      apiKey: 'sk-secret',
      models: [],
      ...limits,
    });
    const request = {
      model: 'm',
      messages: [{ role: 'user' as const, text: 'hello' }],
      tools: [],
      params: {},
      turn: { now: 0, timeZone: 'UTC', language: 'en' },
    };
    for await (const event of provider.stream(request, signal())) expect(event.type).not.toBe('error');
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer sk-secret');
    expect(server.requests[0]?.body).toMatchObject({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(server.requests[0]?.body).not.toHaveProperty('tools');
    expect(server.violations).toEqual([]);
    expect(provider).toMatchObject({ hasKey: true, baseUrl: server.url });
  });

  test('a provider without a key sends no authorization', async () => {
    await using server = await startModelServer();
    const provider = createOpenAiCompatibleProvider({
      id: 'p',
      name: 'P',
      baseUrl: server.url,
      models: [],
      ...limits,
    });
    const events = provider.stream(
      {
        model: 'm',
        messages: [{ role: 'user', text: 'hello' }],
        tools: [],
        params: {},
        turn: { now: 0, timeZone: 'UTC', language: 'en' },
      },
      signal(),
    );
    for await (const event of events) expect(event.type).not.toBe('error');
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
    expect(provider.hasKey).toBe(false);
  });

  test('credentials in the base URL are not shown', () => {
    expect(providerWith(fetch, { baseUrl: 'http://me:pw@host/v1' }).baseUrl).toBe('http://host/v1');
  });

  test('the context window is read from the list where the server says it, and the owner knows better', async () => {
    const answer = async () =>
      Response.json({
        data: [
          { id: 'a', context_length: 200_000, name: 'Model A' },
          { id: 'b', max_model_len: 512 },
          { id: 'c', context_window: 'large' },
        ],
      });
    const asked = providerWith(answer, { contextTokens: undefined });
    expect(await asked.listModels(signal())).toMatchObject([
      { id: 'p/a', name: 'Model A', contextTokens: 200_000, maxOutputTokens: 1_024 },
      { id: 'p/b', name: 'b', contextTokens: 512, maxOutputTokens: 512 },
      { id: 'p/c', contextTokens: 128_000 },
    ]);
    const told = await providerWith(answer).listModels(signal());
    expect(told.map(({ contextTokens }) => contextTokens)).toEqual([8_192, 8_192, 8_192]);
  });

  test('F043 only the configured models are offered, with what the server says of them', async () => {
    const provider = providerWith(
      async () => Response.json({ data: [{ id: 'a' }, { id: 'b', name: 'Model B' }] }),
      { models: ['b', 'unlisted'] },
    );
    expect(await provider.listModels(signal())).toMatchObject([
      { id: 'p/b', name: 'Model B' },
      { id: 'p/unlisted', name: 'unlisted' },
    ]);
  });

  test('the configured models stand in for a list that cannot be had', async () => {
    const answers: (typeof fetch)[] = [
      async () => new Response('no', { status: 404 }),
      async () => new Response('<html>', { status: 200 }),
      async () => Response.json({ data: [] }),
      async (_, init) => {
        init?.signal?.throwIfAborted();
        throw new TypeError('fetch failed');
      },
    ];
    for (const answer of answers) {
      const provider = providerWith(answer, { models: ['x'] });
      expect(await provider.listModels(AbortSignal.abort())).toMatchObject([{ id: 'p/x' }]);
    }
  });

  test('F043 a server that has no list at all offers what its vendor is known for, one that refuses does not', async () => {
    const preferredModels = ['sonar-pro', 'sonar'];
    const without = providerWith(async () => new Response('', { status: 404 }), { preferredModels });
    expect((await without.listModels(signal())).map(({ model }) => model)).toEqual(preferredModels);
    const refused = providerWith(async () => Response.json({}, { status: 401 }), { preferredModels });
    await expect(refused.listModels(signal())).rejects.toThrow('does not list');
  });

  test('F043 of a vendor’s many models those it is known for come first, with their dated versions', async () => {
    const ids = ['gpt-3', 'gpt-5-pro', 'gpt-5-2026-01-01', 'gpt-5', 'gpt-4.1'];
    const provider = providerWith(async () => Response.json({ data: ids.map((id) => ({ id })) }), {
      preferredModels: ['gpt-5', 'gpt-4.1'],
    });
    expect((await provider.listModels(signal())).map(({ model }) => model)).toEqual([
      'gpt-5-2026-01-01',
      'gpt-5',
      'gpt-4.1',
      'gpt-3',
      'gpt-5-pro',
    ]);
  });

  test('with neither a list nor configured models, listing fails as a fault without the key', async () => {
    const provider = providerWith(
      async () => Response.json({ error: { message: 'bad key sk-secret' } }, { status: 401 }),
      { apiKey: 'sk-secret' },
    );
    const error = await provider.listModels(signal()).catch((thrown: unknown) => thrown);
    if (!isFaultError(error)) throw new Error('not a fault');
    expect(error.fault).toMatchObject({ code: 'PROVIDER_FAIL' });
    expect(error.fault.message).toContain('bad key [secret]');
    const garbled = providerWith(async () => Response.json({ data: [{ name: 'no id' }] }));
    await expect(garbled.listModels(signal())).rejects.toThrow('The answer cannot be read');
  });
});
