import { describe, expect, test } from 'vitest';
import { createGate, type ReplyData, reply, startModelServer } from '../../src/model/index.ts';
import { send, wireClients } from './wire.ts';

/** The bytes of a body as far as they come, and whether they end in order. */
async function readBytes(response: Response): Promise<{ bytes: number; text: string; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let isWhole = true;
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
  } catch {
    isWhole = false;
  }
  const all = Buffer.concat(chunks);
  return { bytes: all.length, text: all.toString(), isWhole };
}

describe.each(wireClients)('faults of $protocol', ({ protocol }) => {
  const read = async (data: ReplyData, isStream = true) => {
    await using server = await startModelServer();
    server.enqueue(data);
    const response = await send(server, protocol, { isStream });
    const body = await readBytes(response);
    expect(server.requests[0]?.protocol).toBe(protocol);
    expect(server.violations).toEqual([]);
    return body;
  };

  test('F041 the connection dies at the byte that was asked for, streamed or whole', async () => {
    const data = reply.text('Grüße 👋').toolCall('clock', { z: 1 });
    for (const isStream of [true, false]) {
      const whole = await read(data, isStream);
      expect(whole.isWhole).toBe(true);
      for (const bytes of [0, 1, 100, whole.bytes - 1]) {
        const died = await read(data.dieAfterBytes(bytes), isStream);
        expect([died.bytes, died.isWhole]).toEqual([bytes, false]);
      }
      expect(await read(data.dieAfterBytes(whole.bytes + 1), isStream)).toEqual(whole);
    }
  });

  test('F041 a stream that is cut, reset or stops in a tool call is a beginning of the whole one', async () => {
    const call = reply.text('one').toolCall('clock', { zone: 'Europe' }, 'c');
    const whole = await read(call);
    const cut = await read(reply.text('one').cut());
    const half = await read(reply.text('one').halfToolCall('clock', '{"zone":"Eu'));
    expect([cut.isWhole, half.isWhole]).toEqual([true, true]);
    expect(whole.text.startsWith(cut.text)).toBe(true);
    expect(half.bytes).toBeGreaterThan(cut.bytes);
    expect(half.text).toContain('clock');
    expect((await read(reply.text('one').reset())).isWhole).toBe(false);
  });

  test('F041 a garbled stream has a frame that is not JSON, and then an ordinary end', async () => {
    const { text, isWhole } = await read(reply.text('one').garbled());
    const lines = text
      .split('\n')
      .map((line) => line.replace(/^data: /, ''))
      .filter((line) => line !== '' && line !== '[DONE]' && !line.startsWith('event: '));
    const broken = lines.filter((line) => {
      try {
        JSON.parse(line);
        return false;
      } catch {
        return true;
      }
    });
    expect([broken.length, isWhole]).toEqual([1, true]);
    expect(lines.at(-1)).not.toBe(broken[0]);
    await expect(async () => JSON.parse((await read(reply.garbled(), false)).text)).rejects.toThrow();
  });

  test('F041 it hangs until the client leaves', async () => {
    await using server = await startModelServer();
    for (const isStream of [true, false]) {
      const gate = createGate();
      server.enqueue(reply.hold(gate).text('a').hang());
      const stop = new AbortController();
      const { url, body, headers } = wireClients.find((client) => client.protocol === protocol)!;
      const answer = fetch(url(server, isStream), {
        method: 'POST',
        headers,
        body: JSON.stringify(body(isStream)),
        signal: stop.signal,
      });
      await gate.reached;
      gate.open();
      stop.abort();
      await expect(answer.then((response) => response.text())).rejects.toThrow();
      expect(await server.requests.at(-1)?.ended).toBe('closed');
    }
  });

  test('F041 an error is an error whether a stream was asked for or not', async () => {
    await using server = await startModelServer();
    for (const isStream of [true, false]) {
      server.enqueue(reply.text('never said').status(503, { message: 'Busy.' }));
      const response = await send(server, protocol, { isStream });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('Busy.');
    }
  });

  test('F069 an answer without usage has no made-up figures', async () => {
    await using server = await startModelServer();
    server.enqueue(reply.text('Hi').withUsage(null));
    const text = await (await send(server, protocol, { isStream: false })).text();
    // Anthropic cannot leave it out.
    if (protocol === 'anthropic') expect(text).toContain('"input_tokens":0');
    else expect(text).not.toMatch(/tokens":[1-9]|TokenCount":[1-9]|eval_count/);
  });

  test('F033 a body that is no JSON object is refused in the vendor’s shape', async () => {
    await using server = await startModelServer();
    const { url, headers } = wireClients.find((client) => client.protocol === protocol)!;
    for (const body of ['{"a', '[]', '7', '']) {
      const response = await fetch(url(server, true), { method: 'POST', headers, body });
      expect(response.status).toBe(400);
      expect(await response.json()).toHaveProperty('error');
    }
    expect([server.requests.length, server.violations.length]).toEqual([0, 4]);
  });

  test('F033 bodies of the wrong kind are violations, and no crash', async () => {
    await using server = await startModelServer();
    const wrong = { messages: 7, input: {}, contents: [null, 'x', { parts: 3 }], tools: 'no', system: 9 };
    const response = await send(server, protocol, { more: wrong });
    expect(response.status).toBe(200);
    expect(server.violations).not.toEqual([]);
  });
});
