import { describe, expect, test } from 'vitest';
import { type ModelServer, reply, startModelServer } from '../../src/model/index.ts';
import { send } from './wire.ts';

type Block = Record<string, unknown>;

const thinking = { type: 'enabled', budget_tokens: 1_024 };
const asked = { role: 'user', content: 'What time is it?' };
const thought = 'I should look at the clock first.';
const result = (id = 'call_1') => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content: 'ten' }],
});
const step = reply.reasoning(thought).toolCall('clock', { z: 1, a: 2 });

/** One step of Anthropic's that thinks and calls a tool; gives the blocks of the answer. */
async function think(server: ModelServer): Promise<Block[]> {
  server.enqueue(step);
  const more = { thinking, max_tokens: 2_000, messages: [asked] };
  const { content } = await (await send(server, 'anthropic', { isStream: false, more })).json();
  return content;
}

const goOn = (server: ModelServer, messages: unknown[]): Promise<Response> =>
  send(server, 'anthropic', { more: { thinking, max_tokens: 2_000, messages } });

describe('signed thinking of Anthropic', () => {
  test('F049 sent back as it was given, it is in order', async () => {
    await using server = await startModelServer();
    const content = await think(server);
    // Clients write arguments anew, in whatever order.
    const rewritten = [content[0], { ...content[1], input: { a: 2, z: 1 } }];
    await goOn(server, [asked, { role: 'assistant', content: rewritten }, result()]);
    expect(server.violations).toEqual([]);
    expect(server.requests[1]?.signatures).toEqual([content[0]?.['signature']]);
  });

  test.each<[string, (blocks: Block[]) => unknown[], string]>([
    ['left out', ([, call]) => [call], 'expected thinking first'],
    ['behind the call', ([first, call]) => [call, first], 'thinking is not first'],
    [
      'signed by somebody else',
      ([first, call]) => [{ ...first, signature: 'AAAA' }, call],
      'was not issued here',
    ],
    ['changed', ([first, call]) => [{ ...first, thinking: 'Other.' }, call], 'was changed'],
    [
      'sent as text',
      ([, call]) => [{ type: 'text', text: `<think>${thought}</think>` }, call],
      'as plain text',
    ],
  ])('F049 %s, it is a violation', async (_, change, expected) => {
    await using server = await startModelServer();
    const content = change(await think(server));
    await goOn(server, [asked, { role: 'assistant', content }, result()]);
    expect(server.violations.join('\n')).toContain(expected);
  });

  test('F049 in a later turn it is a violation', async () => {
    await using server = await startModelServer();
    const content = await think(server);
    const done = [{ role: 'assistant', content: 'Ten.' }, asked];
    await goOn(server, [asked, { role: 'assistant', content }, result(), ...done]);
    expect(server.violations).toEqual([expect.stringContaining('of an earlier turn')]);
    await goOn(server, [asked, { role: 'assistant', content: [content[1]] }, result(), ...done]);
    expect(server.violations).toHaveLength(1);
  });

  test('F049 a second step without its own signature is a violation', async () => {
    await using server = await startModelServer();
    const first = await think(server);
    server.enqueue(reply.reasoning('Now the other one, of course.').toolCall('clock', { z: 2 }, 'c2'));
    const history = [asked, { role: 'assistant', content: first }, result()];
    const response = await send(server, 'anthropic', {
      isStream: false,
      more: { thinking, max_tokens: 2_000, messages: history },
    });
    const { content } = await response.json();
    await goOn(server, [...history, { role: 'assistant', content }, result('c2')]);
    expect(server.violations).toEqual([]);
    await goOn(server, [...history, { role: 'assistant', content: [content[1]] }, result('c2')]);
    expect(server.violations).toEqual([expect.stringContaining('without the signature it was given')]);
  });
});

test('F049 adaptive thinking may be missing, and a tool may be forced beside it', async () => {
  await using server = await startModelServer();
  const call = { type: 'tool_use', id: 'call_1', name: 'clock', input: {} };
  await send(server, 'anthropic', {
    more: {
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low' },
      tools: [{ name: 'clock', input_schema: {} }],
      tool_choice: { type: 'any' },
      messages: [asked, { role: 'assistant', content: [call] }, result()],
    },
  });
  expect(server.violations).toEqual([]);
  expect(server.requests[0]?.request).toMatchObject({
    thinking: { isOn: true, effort: 'low' },
    toolChoice: 'required',
  });
});

describe('thought signatures of Google', () => {
  const user = { role: 'user', parts: [{ text: 'Time?' }] };
  const answered = {
    role: 'user',
    parts: [{ functionResponse: { id: 'call_1', name: 'clock', response: { content: 'ten' } } }],
  };
  const firstStep = async (server: ModelServer): Promise<Block[]> => {
    server.enqueue(reply.toolCall('clock', { z: 1 }));
    const body = await (await send(server, 'google', { isStream: false })).json();
    return body.candidates[0].content.parts;
  };
  const goOnWith = (server: ModelServer, parts: unknown[], ...later: unknown[]): Promise<Response> =>
    send(server, 'google', {
      more: { contents: [user, { role: 'model', parts }, answered, ...later] },
    });

  test('F049 a call of this turn comes back with its signature, or it is a violation', async () => {
    await using server = await startModelServer();
    const parts = await firstStep(server);
    await goOnWith(server, parts);
    expect(server.violations).toEqual([]);
    const { thoughtSignature, ...bare } = parts[0]!;
    expect(server.requests[1]?.signatures).toEqual([thoughtSignature]);
    await goOnWith(server, [bare]);
    await goOnWith(server, [{ ...bare, thoughtSignature: 'skip_thought_signature_validator' }]);
    await goOnWith(server, [{ ...bare, thoughtSignature: 'AAAA' }]);
    expect(server.violations).toEqual([
      expect.stringContaining('without the signature it was given'),
      expect.stringContaining('without the signature it was given'),
      expect.stringContaining('was not issued here'),
      expect.stringContaining('without the signature it was given'),
    ]);
  });

  test('F049 a call of an earlier turn, or of somebody else, needs none', async () => {
    await using server = await startModelServer();
    const [part] = await firstStep(server);
    const { thoughtSignature: _, ...bare } = part!;
    await goOnWith(server, [bare], { role: 'model', parts: [{ text: 'Ten.' }] }, user);
    const foreign = { functionCall: { id: 'call_1', name: 'clock', args: { z: 99 } } };
    await goOnWith(server, [{ ...foreign, thoughtSignature: 'skip_thought_signature_validator' }]);
    expect(server.violations).toEqual([]);
  });
});

describe('thinking without signatures', () => {
  test('F049 reasoning sent back in a later turn, or as plain text, is a violation', async () => {
    for (const [protocol, field] of [
      ['openai-chat', 'reasoning_content'],
      ['ollama', 'thinking'],
    ] as const) {
      await using server = await startModelServer();
      server.enqueue(reply.reasoning(thought).text('Ten.'));
      await (await send(server, protocol)).text();
      const later = (answer: Block) => ({
        messages: [asked, { role: 'assistant', content: 'Ten.', ...answer }, asked],
      });
      await send(server, protocol, { more: later({}) });
      expect(server.violations).toEqual([]);
      await send(server, protocol, { more: later({ [field]: thought }) });
      await send(server, protocol, { more: later({ content: `${thought} Ten.` }) });
      expect(server.violations).toEqual([
        expect.stringContaining('of an earlier turn'),
        expect.stringContaining('as plain text'),
      ]);
    }
  });
});
