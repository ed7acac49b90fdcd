import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createGate, lastUserText, reply, startModelServer } from '../../src/model/index.ts';

const post = (url: string, body: unknown) =>
  fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });

const user = (content: string) => ({ role: 'user', content });
const call = (id: string, name = 'clock', args = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('answers', () => {
  test('streams in the wire format of OpenAI, with usage only when asked for', async () => {
    await using server = await startModelServer({ chunks: 16 });
    const plain = await (await post(server.url, { model: 'm', stream: true, messages: [user('hi')] })).text();
    const frames = plain.trim().split('\n\n');
    expect(frames.at(-1)).toBe('data: [DONE]');
    expect(plain).not.toContain('usage');
    const chunks = frames.slice(0, -1).map((frame) => JSON.parse(frame.slice('data: '.length)));
    const texts = chunks.map((chunk) => chunk.choices[0].delta.content ?? '').filter((text) => text !== '');
    expect(texts).toHaveLength(16);
    expect(texts.join('')).toMatch(/^You said: hi/);
    const withUsage = await post(server.url, {
      stream: true,
      stream_options: { include_usage: true },
      messages: [user('hi')],
    });
    expect(await withUsage.text()).toContain('"usage":{"prompt_tokens":');
  });

  test('answers whole when streaming is not asked for', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.text('Hi').toolCall('clock', { zone: 'UTC' }));
    const body = await (await post(server.url, { model: 'm', messages: [user('hi')] })).json();
    expect(body).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          message: {
            role: 'assistant',
            content: 'Hi',
            tool_calls: [call('call_1', 'clock', '{"zone":"UTC"}')],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { completion_tokens: expect.any(Number) },
    });
  });

  test('queued replies go first, then the script is asked', async () => {
    await using server = await startModelServer();
    server.setScript((request, n) => reply.text(`${n}: ${lastUserText(request)}`));
    server.enqueue(reply.text('queued'));
    const text = async () =>
      (await (await post(server.url, { messages: [user('hi')] })).json()).choices[0].message.content;
    expect([await text(), await text()]).toEqual(['queued', '2: hi']);
  });

  test('a held reply waits until it is released', async () => {
    await using server = await startModelServer();
    const gate = createGate();
    server.enqueue(reply.hold(gate).text('late'));
    let isAnswered = false;
    const answer = post(server.url, { messages: [user('hi')] }).then((response) => {
      isAnswered = true;
      return response.json();
    });
    await gate.reached;
    expect(isAnswered).toBe(false);
    gate.open();
    expect((await answer).choices[0].message.content).toBe('late');
  });

  test('closing ends hanging connections', async () => {
    const server = await startModelServer();
    server.enqueue(reply.text('a').hang());
    const response = await post(server.url, { stream: true, messages: [user('hi')] });
    await server.close();
    await expect(response.text()).rejects.toThrow();
    expect(await server.requests[0]?.ended).toBe('closed');
  });

  test('a port that is taken is an error', async () => {
    await using server = await startModelServer();
    await expect(startModelServer({ port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});

describe('invariants of a request', () => {
  const answered = { role: 'tool', tool_call_id: 'c1', content: 'ten' };
  const calling = { role: 'assistant', content: null, tool_calls: [call('c1')] };

  test('a whole conversation in order has no violation', async () => {
    await using server = await startModelServer({ forbidden: ['sk-secret'] });
    await post(server.url, {
      messages: [
        { role: 'system', content: 'You are.' },
        user('time?'),
        calling,
        answered,
        { role: 'assistant', content: 'Ten.' },
        user('and now?'),
        { role: 'assistant', content: '', tool_calls: [call('c1'), call('c2')] },
        { ...answered, tool_call_id: 'c2' },
        answered,
      ],
      tools: [{ type: 'function', function: { name: 'clock' } }],
    });
    expect(server.violations).toEqual([]);
  });

  test.each([
    ['no messages', { messages: [] }, 'no messages'],
    [
      'a late system message',
      { messages: [user('a'), { role: 'system', content: 's' }, user('b')] },
      'system is not first',
    ],
    [
      'two answers in a row',
      {
        messages: [
          user('a'),
          { role: 'assistant', content: 'x' },
          { role: 'assistant', content: 'y' },
          user('b'),
        ],
      },
      'two assistant messages',
    ],
    [
      'an answer at the end',
      { messages: [user('a'), { role: 'assistant', content: 'x' }] },
      'the last message',
    ],
    ['a call without an answer', { messages: [user('a'), calling, user('b')] }, 'tool call c1 has no answer'],
    [
      'a call without an answer at the end',
      { messages: [user('a'), { ...calling, tool_calls: [call('c1'), call('c2')] }, answered] },
      'tool call c2 has no answer',
    ],
    ['an answer without a call', { messages: [user('a'), answered] }, 'tool answer c1 has no open call'],
    [
      'two answers to a call',
      { messages: [user('a'), calling, answered, answered] },
      'tool answer c1 has no open call',
    ],
    [
      'a repeated call id',
      { messages: [user('a'), { ...calling, tool_calls: [call('c1'), call('c1')] }, answered] },
      'empty or repeated',
    ],
    ['an empty user message', { messages: [user('')] }, 'user without content'],
    [
      'an empty answer',
      { messages: [user('a'), { role: 'assistant', content: '' }, user('b')] },
      'neither content nor tool calls',
    ],
    [
      'a tool name with a dot',
      { messages: [user('a')], tools: [{ function: { name: 'clock.now' } }] },
      'is not allowed',
    ],
    [
      'a tool twice',
      { messages: [user('a')], tools: [{ function: { name: 'clock' } }, { function: { name: 'clock' } }] },
      'two tools have one name',
    ],
    ['an empty list of tools', { messages: [user('a')], tools: [] }, 'empty list'],
    [
      'arguments that are not JSON',
      { messages: [user('a'), { ...calling, tool_calls: [call('c1', 'clock', '{"a')] }, answered] },
      'are not JSON',
    ],
    ['a secret', { messages: [user('my key is sk-secret')] }, 'forbidden string 0'],
  ])('%s is a violation', async (_, body, expected) => {
    await using server = await startModelServer({ forbidden: ['sk-secret'] });
    await post(server.url, body);
    expect(server.violations).toEqual([expect.stringContaining(expected)]);
  });
});

test('the program for benchmarks says where it listens and answers', async () => {
  const { spawn } = await import('node:child_process');
  const main = new URL('../../src/model/model-server-main.ts', import.meta.url).pathname;
  for (const writes of ['once', 'each']) {
    const child = spawn(process.execPath, [main, '--port', '0', '--chunks', '16', '--writes', writes], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = await once(child.stdout, 'data');
      const { url } = JSON.parse(String(line));
      const text = await (await post(url, { stream: true, messages: [user('hi')] })).text();
      expect(text.match(/"content":"[^"]/g)).toHaveLength(16);
      expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
    } finally {
      child.kill();
    }
  }
});
