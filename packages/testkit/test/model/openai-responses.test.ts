import { describe, expect, test } from 'vitest';
import { reply, startModelServer } from '../../src/model/index.ts';
import { readEvents, send } from './wire.ts';

describe('OpenAI Responses', () => {
  test('F035 a stream is written as the vendor documents it', async () => {
    await using server = await startModelServer();
    server.enqueue(
      reply
        .reasoning('Hm.')
        .text('I look.')
        .toolCall('clock', { z: 1 }, 'call_9')
        .withUsage({ inputTokens: 100, outputTokens: 9, cacheReadTokens: 64 }),
    );
    const events = readEvents(await (await send(server, 'openai-responses')).text());
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, i) => i));
    expect(events.map((event) => event['type'])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const done = events.filter((event) => event['type'] === 'response.output_item.done');
    expect(done).toMatchObject([
      {
        output_index: 0,
        item: {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'Hm.' }],
          encrypted_content: expect.any(String),
        },
      },
      { output_index: 1, item: { type: 'message', content: [{ type: 'output_text', text: 'I look.' }] } },
      {
        output_index: 2,
        item: {
          type: 'function_call',
          call_id: 'call_9',
          name: 'clock',
          arguments: '{"z":1}',
          status: 'completed',
        },
      },
    ]);
    expect(events[10]).toMatchObject({ item_id: 'msg_1_1', output_index: 1, content_index: 0, delta: 'I' });
    expect(events.at(-1)).toMatchObject({
      response: {
        id: 'resp_1',
        status: 'completed',
        usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 64 }, output_tokens: 9 },
      },
    });
  });

  test('F035 an answer that was cut short is incomplete, and says why', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.text('Hi').finish('length'));
    const events = readEvents(await (await send(server, 'openai-responses')).text());
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    });
  });

  test('F035 reasoning is encrypted only for those who ask', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.reasoning('Hm.').text('Hi'));
    const response = await send(server, 'openai-responses', { isStream: false, more: { include: [] } });
    const body = await response.json();
    expect(body).toMatchObject({ object: 'response', output: [{ type: 'reasoning' }, { type: 'message' }] });
    expect(body.output[0]).not.toHaveProperty('encrypted_content');
  });

  test('F035 the items of one answer are one message, and scripts see the rest', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.reasoning('Let me see, once.').toolCall('clock', { z: 1 }, 'c1'));
    const { output } = await (await send(server, 'openai-responses', { isStream: false })).json();
    await send(server, 'openai-responses', {
      more: {
        reasoning: { effort: 'low' },
        text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } } },
        tools: [{ type: 'function', name: 'clock', parameters: {} }],
        tool_choice: { type: 'function', name: 'clock' },
        input: [
          { role: 'developer', content: 'Be.' },
          { role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }] },
          ...output,
          { type: 'function_call_output', call_id: 'c1', output: 'ten' },
        ],
      },
    });
    expect(server.requests[1]).toMatchObject({
      protocol: 'openai-responses',
      signatures: [output[0].encrypted_content],
      request: {
        messages: [
          { role: 'system', text: 'Be.' },
          { role: 'user', text: '', images: [{ mediaType: 'image/png', data: 'AAAA' }] },
          { role: 'assistant', toolCalls: [{ id: 'c1', name: 'clock', args: { z: 1 } }] },
          { role: 'tool', callId: 'c1', name: 'clock', text: 'ten' },
        ],
        toolChoice: { tool: 'clock' },
        responseFormat: { type: 'json', name: 'n', schema: { type: 'object' } },
        thinking: { effort: 'low' },
      },
    });
    expect(server.violations).toEqual([]);
  });

  test('F035 errors are in the vendor’s shape', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.contextOverflow(), reply.status(429, { message: 'Slow.', retryAfter: '3' }));
    expect(await (await send(server, 'openai-responses')).json()).toMatchObject({
      error: { code: 'context_length_exceeded', message: expect.stringContaining('context window') },
    });
    const slow = await send(server, 'openai-responses');
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([429, '3']);
  });

  test.each([
    ['a stored conversation', { store: true }, 'store is not false'],
    ['a reference to a stored item', { input: [{ type: 'item_reference', id: 'x' }] }, 'unknown type'],
    ['an earlier response', { previous_response_id: 'r' }, 'nothing is stored'],
    [
      'a call without an answer',
      {
        input: [
          { role: 'user', content: 'a' },
          { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        ],
      },
      'tool call c has no answer',
    ],
  ])('F035 %s is a violation', async (_, more, expected) => {
    await using server = await startModelServer();
    await send(server, 'openai-responses', { more });
    expect(server.violations.join('\n')).toContain(expected);
  });
});
