import { describe, expect, test } from 'vitest';
import { reply, startModelServer } from '../../src/model/index.ts';
import { anthropicHeaders, clientOf, readEvents, send } from './wire.ts';

const tool = { name: 'get_weather', description: 'd', input_schema: { type: 'object' } };

describe('Anthropic Messages', () => {
  test('F034 a stream of thinking, text and a tool call is written as the vendor documents it', async () => {
    await using server = await startModelServer();
    server.enqueue(
      reply
        .reasoning('Hm.')
        .text('I look.')
        .toolCall('get_weather', { city: 'SF' }, 'toolu_1')
        .withUsage({ inputTokens: 472, outputTokens: 89, cacheReadTokens: 300, cacheWriteTokens: 100 }),
    );
    const response = await send(server, 'anthropic');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = readEvents(await response.text());
    const signature = expect.stringMatching(/^[A-Za-z0-9+/]+=*$/);
    expect(events).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: 72,
            cache_creation_input_tokens: 100,
            cache_read_input_tokens: 300,
            output_tokens: 1,
          },
        },
      },
      { type: 'ping' },
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'I' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: ' look.' } },
      { type: 'content_block_stop', index: 1 },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
      },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"ci' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: 'ty":' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '"SF"}' } },
      { type: 'content_block_stop', index: 2 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null },
        usage: { output_tokens: 89 },
      },
      { type: 'message_stop' },
    ]);
  });

  test('F034 a whole answer', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.reasoning('Hm.').text('Hi').toolCall('get_weather', { city: 'SF' }));
    const body = await (await send(server, 'anthropic', { isStream: false })).json();
    expect(body).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: expect.any(String) },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'SF' } },
      ],
      stop_reason: 'tool_use',
    });
  });

  test('F034 errors are in the vendor’s shape', async () => {
    await using server = await startModelServer();
    const answers: [Parameters<typeof reply.status>[0], string][] = [
      [529, 'overloaded_error'],
      [429, 'rate_limit_error'],
      [401, 'authentication_error'],
      [404, 'not_found_error'],
      [500, 'api_error'],
    ];
    for (const [status, type] of answers) {
      server.enqueue(reply.status(status, { message: 'No.', retryAfter: '7' }));
      const response = await send(server, 'anthropic');
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe('7');
      expect(await response.json()).toMatchObject({ type: 'error', error: { type, message: 'No.' } });
    }
    server.enqueue(reply.contextOverflow());
    const long = await send(server, 'anthropic');
    expect([long.status, await long.json()]).toMatchObject([
      400,
      { error: { type: 'invalid_request_error', message: expect.stringMatching(/^prompt is too long: /) } },
    ]);
  });

  test('F034 who asks, and by which version, is demanded', async () => {
    await using server = await startModelServer();
    const client = clientOf('anthropic');
    const status = async (headers: Record<string, string>): Promise<number> => {
      const body = JSON.stringify(client.body(false));
      return (await fetch(client.url(server, false), { method: 'POST', headers, body })).status;
    };
    const version = { 'anthropic-version': '2023-06-01' };
    expect(await status(version)).toBe(401);
    expect(await status({ 'x-api-key': 'k' })).toBe(400);
    expect(await status({ ...version, authorization: 'Bearer t' })).toBe(401);
    expect(server.requests).toHaveLength(0);
    const oauth = { authorization: 'Bearer t', 'anthropic-beta': 'a,oauth-2025-04-20' };
    expect(await status({ ...version, ...oauth })).toBe(200);
    expect(await status(anthropicHeaders)).toBe(200);
  });

  test('F034 tokens are counted and models listed', async () => {
    await using server = await startModelServer({ models: ['a', 'b'] });
    const count = async (more: Record<string, unknown>): Promise<number> => {
      const response = await fetch(`${server.urls.anthropic}/messages/count_tokens`, {
        method: 'POST',
        headers: anthropicHeaders,
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(400) }], ...more }),
      });
      return (await response.json()).input_tokens;
    };
    expect(await count({})).toBe(100);
    expect(await count({ tools: [tool] })).toBeGreaterThan(110);
    expect([server.requests.length, server.violations]).toEqual([0, []]);
    const listing = await fetch(`${server.urls.anthropic}/models`, { headers: anthropicHeaders });
    expect(await listing.json()).toMatchObject({ data: [{ type: 'model', id: 'a' }, { id: 'b' }] });
  });

  test('F034 scripts see system texts, images, results, choice and thinking', async () => {
    await using server = await startModelServer();
    await send(server, 'anthropic', {
      more: {
        max_tokens: 5_000,
        system: [
          { type: 'text', text: 'A', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'B' },
        ],
        thinking: { type: 'enabled', budget_tokens: 4_096 },
        tools: [tool],
        tool_choice: { type: 'none' },
        output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
        stop_sequences: ['END'],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
              { type: 'text', text: 'What?' },
            ],
          },
        ],
      },
    });
    expect(server.requests[0]).toMatchObject({
      protocol: 'anthropic',
      headers: { 'x-api-key': 'k' },
      body: { system: [{ text: 'A' }, { text: 'B' }] },
      request: {
        model: 'm',
        messages: [
          { role: 'system', text: 'A' },
          { role: 'system', text: 'B' },
          { role: 'user', text: 'What?', images: [{ mediaType: 'image/png', data: 'AAAA' }] },
        ],
        toolNames: ['get_weather'],
        toolChoice: 'none',
        responseFormat: { type: 'json', schema: { type: 'object' } },
        params: { maxOutputTokens: 5_000, stop: ['END'] },
        thinking: { isOn: true, budgetTokens: 4_096 },
      },
    });
    expect(server.violations).toEqual([]);
  });

  const call = (id: string) => ({ type: 'tool_use', id, name: 'get_weather', input: {} });
  const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' });
  const asked = { role: 'user', content: 'a' };
  const thinking = { type: 'enabled', budget_tokens: 1_024 };
  test.each([
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens is missing'],
    ['a budget beyond max_tokens', { thinking, max_tokens: 1_024 }, 'not greater than'],
    ['a small budget', { thinking: { ...thinking, budget_tokens: 100 }, max_tokens: 200 }, 'less than 1024'],
    [
      'a temperature beside thinking',
      { thinking, max_tokens: 2_000, temperature: 0.5 },
      'temperature is set',
    ],
    [
      'a forced tool beside thinking',
      { thinking, max_tokens: 2_000, tools: [tool], tool_choice: { type: 'any' } },
      'a tool is forced',
    ],
    [
      'a first message of the model',
      { messages: [{ role: 'assistant', content: 'x' }, asked] },
      'the first message is not of role user',
    ],
    [
      'a result behind a text',
      {
        messages: [
          asked,
          { role: 'assistant', content: [call('t1')] },
          { role: 'user', content: [{ type: 'text', text: 'b' }, result('t1')] },
        ],
      },
      'tool_result behind other content',
    ],
    [
      'an empty text',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'b' },
              { type: 'text', text: '' },
            ],
          },
        ],
      },
      'text block without text',
    ],
    [
      'a call without an answer',
      { messages: [asked, { role: 'assistant', content: [call('t1')] }, asked] },
      'tool call t1 has no answer',
    ],
    [
      'a call without thinking while thinking is on',
      {
        thinking,
        max_tokens: 2_000,
        messages: [
          asked,
          { role: 'assistant', content: [call('t1')] },
          { role: 'user', content: [result('t1')] },
        ],
      },
      'expected thinking first',
    ],
    [
      'a system message in the conversation',
      { messages: [{ role: 'system', content: 'x' }, asked] },
      'unknown role',
    ],
  ])('F034 %s is a violation', async (_, more, expected) => {
    await using server = await startModelServer();
    await send(server, 'anthropic', { more });
    expect(server.violations.join('\n')).toContain(expected);
  });
});
