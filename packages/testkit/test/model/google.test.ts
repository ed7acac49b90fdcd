import { describe, expect, test } from 'vitest';
import { reply, startModelServer } from '../../src/model/index.ts';
import { readEvents, send } from './wire.ts';

const key = { 'x-goog-api-key': 'k' };

describe('Google Gemini', () => {
  test('F033 a stream is written as the vendor documents it', async () => {
    await using server = await startModelServer();
    server.enqueue(
      reply
        .reasoning('Hm.')
        .text('I look.')
        .toolCall('clock', { z: 1 }, 'a')
        .toolCall('clock', { z: 2 }, 'b')
        .withUsage({ inputTokens: 100, outputTokens: 9, cacheReadTokens: 64 }),
    );
    const events = readEvents(await (await send(server, 'google')).text());
    const chunk = (part: unknown, end = {}) => ({
      candidates: [{ content: { role: 'model', parts: [part] }, ...end, index: 0 }],
      modelVersion: 'm',
      responseId: 'response-1',
    });
    expect(events).toEqual([
      chunk({ text: 'Hm.', thought: true }),
      chunk({ text: 'I' }),
      chunk({ text: ' look.' }),
      chunk({
        functionCall: { id: 'a', name: 'clock', args: { z: 1 } },
        thoughtSignature: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      }),
      // Of calls side by side only the first is signed.
      chunk({ functionCall: { id: 'b', name: 'clock', args: { z: 2 } } }),
      {
        ...chunk({ text: '' }, { finishReason: 'STOP' }),
        usageMetadata: {
          promptTokenCount: 100,
          candidatesTokenCount: 9,
          totalTokenCount: 109,
          cachedContentTokenCount: 64,
        },
      },
    ]);
  });

  test('F033 a whole answer, a count and a list', async () => {
    await using server = await startModelServer({ models: ['gemini-x'] });
    server.enqueue(reply.text('Hi').finish('length'));
    expect(await (await send(server, 'google', { isStream: false })).json()).toMatchObject({
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'MAX_TOKENS' }],
    });
    const contents = [{ role: 'user', parts: [{ text: 'x'.repeat(400) }] }];
    for (const body of [{ contents }, { generateContentRequest: { model: 'models/m', contents } }]) {
      const url = `${server.urls.google}/models/m:countTokens`;
      const response = await fetch(url, { method: 'POST', headers: key, body: JSON.stringify(body) });
      expect(await response.json()).toMatchObject({ totalTokens: 100 });
    }
    const listing = await fetch(`${server.urls.google}/models?key=k`);
    expect(await listing.json()).toMatchObject({
      models: [{ name: 'models/gemini-x', inputTokenLimit: 1_048_576 }],
    });
    expect(server.requests).toHaveLength(1);
  });

  test('F033 errors are in the vendor’s shape, which says in the body when to come back', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.status(429, { message: 'Slow.', retryAfter: '2.5' }), reply.contextOverflow());
    const slow = await send(server, 'google');
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([429, null]);
    expect(await slow.json()).toEqual({
      error: {
        code: 429,
        message: 'Slow.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.5s' }],
      },
    });
    expect(await (await send(server, 'google')).json()).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining('input token count') },
    });
    const anonymous = await fetch(`${server.urls.google}/models`);
    expect([anonymous.status, await anonymous.json()]).toMatchObject([
      403,
      { error: { status: 'PERMISSION_DENIED' } },
    ]);
  });

  test('F033 scripts see system texts, images, results without ids, choice and thinking', async () => {
    await using server = await startModelServer();
    await send(server, 'google', {
      more: {
        systemInstruction: { parts: [{ text: 'A' }] },
        contents: [
          {
            role: 'user',
            parts: [{ text: 'What?' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
          },
          {
            role: 'model',
            parts: [
              { functionCall: { name: 'clock', args: { z: 1 } } },
              { functionCall: { name: 'clock', args: { z: 2 } } },
            ],
          },
          {
            role: 'user',
            parts: [
              { functionResponse: { name: 'clock', response: { content: 'ten' } } },
              { functionResponse: { name: 'clock', response: { error: 'no' } } },
            ],
          },
        ],
        tools: [{ functionDeclarations: [{ name: 'clock' }] }],
        toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['clock'] } },
        generationConfig: {
          temperature: 0.5,
          seed: 7,
          stopSequences: ['END'],
          responseMimeType: 'application/json',
          responseJsonSchema: { type: 'object' },
          thinkingConfig: { thinkingBudget: 1_024 },
        },
      },
    });
    expect(server.requests[0]?.request).toEqual({
      model: 'm',
      messages: [
        { role: 'system', text: 'A' },
        { role: 'user', text: 'What?', images: [{ mediaType: 'image/png', data: 'AAAA' }] },
        {
          role: 'assistant',
          text: '',
          toolCalls: [
            { id: 'unnamed_1', name: 'clock', args: { z: 1 } },
            { id: 'unnamed_2', name: 'clock', args: { z: 2 } },
          ],
        },
        { role: 'tool', callId: 'unnamed_1', name: 'clock', text: 'ten', isError: false },
        { role: 'tool', callId: 'unnamed_2', name: 'clock', text: 'no', isError: true },
      ],
      toolNames: ['clock'],
      toolChoice: { tool: 'clock' },
      responseFormat: { type: 'json', schema: { type: 'object' } },
      params: { temperature: 0.5, seed: 7, stop: ['END'] },
      thinking: { budgetTokens: 1_024 },
    });
    expect(server.violations).toEqual([]);
  });

  const user = { role: 'user', parts: [{ text: 'a' }] };
  const calls = {
    role: 'model',
    parts: [
      { functionCall: { id: 'x', name: 'f', args: {} } },
      { functionCall: { id: 'y', name: 'f', args: {} } },
    ],
  };
  const answer = (id: string) => ({ functionResponse: { id, name: 'f', response: { content: 'ok' } } });
  test.each([
    [
      'answers to calls side by side that come one by one',
      [user, calls, { role: 'user', parts: [answer('x')] }, { role: 'user', parts: [answer('y')] }],
      'as many function responses',
    ],
    ['a content without parts', [{ role: 'user', parts: [] }], 'no parts'],
    ['an unknown role', [{ role: 'system', parts: [{ text: 'x' }] }, user], 'unknown role'],
    ['a first content of the model', [{ role: 'model', parts: [{ text: 'x' }] }, user], 'not of role user'],
  ])('F033 %s is a violation', async (_, contents, expected) => {
    await using server = await startModelServer();
    await send(server, 'google', { more: { contents } });
    expect(server.violations.join('\n')).toContain(expected);
  });
});
