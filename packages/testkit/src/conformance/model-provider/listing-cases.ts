import type { ModelRequest } from '@reeve/core';
import { expect } from 'vitest';
import { ask, type Case, clockTool, never } from './fixture.ts';

const image = { mediaType: 'image/png', data: 'iVBORw0KGgo=' };

/** What a provider says of itself, its models and its tokens. */
export const listingCases = {
  'models are listed with the provider in their id': async ({ provider, model }) => {
    const models = await provider.listModels(never());
    expect(models).toContainEqual(
      expect.objectContaining({
        id: `${provider.id}/${model}`,
        provider: provider.id,
        model,
        isLanguageModel: true,
      }),
    );
    for (const listed of models) expect(listed.maxOutputTokens).toBeLessThanOrEqual(listed.contextTokens);
  },
  'it says who it is, without its key': async ({ provider }) => {
    expect(provider.account).toBe('default');
    expect(provider.hasKey).toBe(true);
    expect(provider.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(provider.id).toMatch(/^[a-z0-9][a-z0-9-]*$/);
  },
  'tokens are scaled and images cost some': async ({ provider }) => {
    expect(provider.tokens.scale).toBeGreaterThan(0);
    expect(provider.tokens.image(image)).toBeGreaterThan(0);
  },
  'its own count grows with texts, tools and images': async (fixture) => {
    const { provider, skip } = fixture;
    const count = provider.countTokens?.bind(provider);
    if (count === undefined) return skip('the vendor has no call that counts');
    const tokens = (more: Partial<ModelRequest> = {}): Promise<number> =>
      count(ask(fixture, 'hello', more), never());
    const plain = await tokens();
    const user = { role: 'user' as const, text: 'hello '.repeat(100) };
    expect(plain).toBeGreaterThan(0);
    expect(await tokens({ messages: [user] })).toBeGreaterThan(plain + 100);
    expect(await tokens({ tools: [clockTool] })).toBeGreaterThan(plain + 10);
    expect(await tokens({ messages: [{ ...user, images: [image] }] })).toBeGreaterThan(
      await tokens({ messages: [user] }),
    );
    expect(fixture.server.requests).toHaveLength(0);
  },
  'its own count fails as an error': async (fixture) => {
    const { provider, server, skip } = fixture;
    if (provider.countTokens === undefined) return skip('the vendor has no call that counts');
    await server.close();
    await expect(provider.countTokens(ask(fixture, 'hello'), never())).rejects.toThrow();
  },
} satisfies Record<string, Case>;
