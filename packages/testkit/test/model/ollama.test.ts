import { describe, expect, test } from 'vitest';
import { reply, startModelServer } from '../../src/model/index.ts';
import { send } from './wire.ts';

const readLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('Ollama', () => {
  test('F036 a stream is lines of JSON, the last of which is done', async () => {
    await using server = await startModelServer();
    server.enqueue(
      reply
        .reasoning('Hm.')
        .text('I look.')
        .toolCall('clock', { z: 1 }, 'a')
        .withUsage({ inputTokens: 26, outputTokens: 9 }),
    );
    const response = await send(server, 'ollama');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const line = (message: Record<string, unknown>) => ({
      model: 'm',
      created_at: expect.any(String),
      message: { role: 'assistant', content: '', ...message },
      done: false,
    });
    expect(readLines(await response.text())).toEqual([
      line({ thinking: 'Hm.' }),
      line({ content: 'I' }),
      line({ content: ' look.' }),
      line({ tool_calls: [{ id: 'a', function: { name: 'clock', arguments: { z: 1 } } }] }),
      {
        ...line({}),
        done: true,
        done_reason: 'stop',
        prompt_eval_count: 26,
        eval_count: 9,
        total_duration: expect.any(Number),
        load_duration: expect.any(Number),
        prompt_eval_duration: expect.any(Number),
        eval_duration: expect.any(Number),
      },
    ]);
  });

  test('F036 it streams unless told not to', async () => {
    await using server = await startModelServer();
    const streamed = await send(server, 'ollama', { more: { stream: undefined } });
    expect(readLines(await streamed.text()).length).toBeGreaterThan(2);
    server.enqueue(reply.reasoning('Hm.').text('Hi').finish('length'));
    expect(await (await send(server, 'ollama', { isStream: false })).json()).toMatchObject({
      message: { role: 'assistant', content: 'Hi', thinking: 'Hm.' },
      done: true,
      done_reason: 'length',
    });
  });

  test('F036 it says its version, its models, those that run and what one can do', async () => {
    await using server = await startModelServer({ models: ['llama3.2'] });
    const get = async (path: string) => (await fetch(`${server.urls.ollama}${path}`)).json();
    expect(await get('/version')).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    for (const path of ['/tags', '/ps'])
      expect(await get(path)).toMatchObject({ models: [{ name: 'llama3.2', model: 'llama3.2' }] });
    const show = await fetch(`${server.urls.ollama}/show`, { method: 'POST', body: '{"model":"llama3.2"}' });
    expect(await show.json()).toMatchObject({
      model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
    });
  });

  test('F036 errors are a text', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.status(404, { message: 'model "m" not found' }), reply.contextOverflow());
    const missing = await send(server, 'ollama');
    expect([missing.status, await missing.json()]).toEqual([404, { error: 'model "m" not found' }]);
    const long = await send(server, 'ollama');
    expect([long.status, await long.json()]).toEqual([
      400,
      { error: 'the input length exceeds the context length' },
    ]);
  });

  test('F036 scripts see images, options, format, thinking and results by id or by name', async () => {
    await using server = await startModelServer();
    const call = (id: string | undefined) => ({ id, function: { name: 'clock', arguments: { z: 1 } } });
    await send(server, 'ollama', {
      more: {
        messages: [
          { role: 'system', content: 'A' },
          { role: 'user', content: 'What?', images: ['AAAA'] },
          { role: 'assistant', content: '', tool_calls: [call('c1')] },
          { role: 'tool', tool_call_id: 'c1', content: 'ten' },
          { role: 'assistant', content: '', tool_calls: [call(undefined)] },
          { role: 'tool', tool_name: 'clock', content: 'eleven' },
        ],
        tools: [{ type: 'function', function: { name: 'clock', parameters: {} } }],
        format: { type: 'object' },
        think: 'low',
        options: { temperature: 0.5, num_predict: 77, seed: 7, stop: ['END'] },
      },
    });
    expect(server.requests[0]?.request).toMatchObject({
      messages: [
        { role: 'system', text: 'A' },
        { role: 'user', text: 'What?', images: [{ data: 'AAAA' }] },
        { role: 'assistant' },
        { role: 'tool', callId: 'c1', name: 'clock', text: 'ten' },
        { role: 'assistant' },
        { role: 'tool', name: 'clock', text: 'eleven' },
      ],
      toolNames: ['clock'],
      responseFormat: { type: 'json', schema: { type: 'object' } },
      thinking: { effort: 'low' },
      params: { temperature: 0.5, maxOutputTokens: 77, seed: 7, stop: ['END'] },
    });
    expect(server.violations).toEqual([]);
  });

  test.each([
    ['content that is a list', { messages: [{ role: 'user', content: [{ text: 'a' }] }] }, 'not a string'],
    [
      'an image by URL',
      { messages: [{ role: 'user', content: 'a', images: ['https://x.y/z'] }] },
      'not base64',
    ],
    [
      'arguments that are a text',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: 'c', content: 'b' },
        ],
      },
      'are not an object',
    ],
  ])('F036 %s is a violation', async (_, more, expected) => {
    await using server = await startModelServer();
    await send(server, 'ollama', { more });
    expect(server.violations.join('\n')).toContain(expected);
  });
});
