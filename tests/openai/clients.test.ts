import { createOpenAI } from '@ai-sdk/openai';
import { type Context, normalizeContext, Type } from '@earendil-works/pi-ai';
import { stream as piStream } from '@earendil-works/pi-ai/api/openai-completions';
import { HumanMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import {
  Agent,
  tool as agentTool,
  run,
  setDefaultOpenAIClient,
  setOpenAIAPI,
  setTracingDisabled,
} from '@openai/agents';
import { reply, startHarness } from '@reeve/testkit';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openaiFor } from '../support/openai.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
afterEach(() => expect(harness.model.violations).toEqual([]));

const rooms: string[] = [];
const light = async ({ room }: { room: string }): Promise<string> => {
  rooms.push(room);
  return `lit: ${room}`;
};
const lampInput = z.object({ room: z.string() });
const callLamp = (room: string) =>
  harness.model.enqueue(reply.toolCall('set_lamp', { room }), reply.text(`The ${room} is lit.`));

describe.each(['chat', 'responses'] as const)('F011 the AI SDK, %s', (form) => {
  const model = (name = 'reeve') =>
    createOpenAI({ baseURL: `${harness.url}/v1`, apiKey: harness.token })[form](name);

  test('talks, whole and streamed', async () => {
    expect((await generateText({ model: model(), prompt: 'hello' })).text).toBe('You said: hello');
    const streamed = streamText({ model: model(), prompt: 'stream' });
    expect(await streamed.text).toBe('You said: stream');
    expect(await streamed.finishReason).toBe('stop');
  });

  test('runs its tools in a loop of its own', async () => {
    callLamp(`${form} den`);
    const { text, steps } = await generateText({
      model: model(),
      prompt: 'Light the den.',
      tools: { set_lamp: tool({ description: 'Lights.', inputSchema: lampInput, execute: light }) },
      stopWhen: stepCountIs(4),
    });
    expect(text).toBe(`The ${form} den is lit.`);
    expect(steps).toHaveLength(2);
    expect(rooms).toContain(`${form} den`);
  });

  test('asks a model directly', async () => {
    expect((await generateText({ model: model('direct/openai/test-model'), prompt: 'hello' })).text).toBe(
      'You said: hello',
    );
  });
});

describe.each(['chat_completions', 'responses'] as const)('F011 OpenAI Agents, %s', (form) => {
  beforeAll(() => {
    setTracingDisabled(true);
    setOpenAIAPI(form);
    setDefaultOpenAIClient(openaiFor(harness) as never);
  });

  test('answers, with a tool on the way', async () => {
    callLamp(`${form} hall`);
    const agent = new Agent({
      name: 'House',
      instructions: 'You keep the house.',
      model: 'reeve',
      tools: [agentTool({ name: 'set_lamp', description: 'Lights.', parameters: lampInput, execute: light })],
    });
    const result = await run(agent, 'Light the hall.');
    expect(result.finalOutput).toBe(`The ${form} hall is lit.`);
    expect(rooms).toContain(`${form} hall`);
  });

  test('streams', async () => {
    const result = await run(new Agent({ name: 'House', model: 'reeve' }), 'stream', { stream: true });
    let text = '';
    for await (const delta of result.toTextStream()) text += delta;
    await result.completed;
    expect(text).toBe('You said: stream');
  });
});

describe.each([false, true])('F011 LangChain, responses: %s', (useResponsesApi) => {
  const model = () =>
    new ChatOpenAI({
      model: 'reeve',
      apiKey: harness.token,
      maxRetries: 0,
      useResponsesApi,
      configuration: { baseURL: `${harness.url}/v1` },
    });

  test('talks, whole and streamed', async () => {
    expect((await model().invoke('hello')).text).toBe('You said: hello');
    let text = '';
    for await (const chunk of await model().stream('stream')) text += chunk.text;
    expect(text).toBe('You said: stream');
  });

  test('binds a tool, and goes on with its result', async () => {
    callLamp('cellar');
    const lamp = langchainTool(light, { name: 'set_lamp', description: 'Lights.', schema: lampInput });
    const bound = model().bindTools([lamp]);
    const question = new HumanMessage('Light the cellar.');
    const asked = await bound.invoke([question]);
    expect(asked.tool_calls).toMatchObject([{ name: 'set_lamp', args: { room: 'cellar' } }]);
    const result = await lamp.invoke(asked.tool_calls![0]!);
    expect((await bound.invoke([question, asked, result])).text).toBe('The cellar is lit.');
  });
});

describe('F011 pi-ai', () => {
  const model = () => ({
    id: 'reeve',
    name: 'Reeve',
    api: 'openai-completions' as const,
    provider: 'reeve',
    baseUrl: `${harness.url}/v1`,
    reasoning: false,
    input: ['text' as const, 'image' as const],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 8_000,
  });
  const ask = (context: Context) =>
    piStream(model(), normalizeContext(context), { apiKey: harness.token }).result();
  const textOf = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

  test('talks, and goes on with the result of its tool', async () => {
    callLamp('roof');
    const context: Context = {
      systemPrompt: 'Be brief.',
      messages: [{ role: 'user', content: 'Light the roof.', timestamp: 0 }],
      tools: [{ name: 'set_lamp', description: 'Lights.', parameters: Type.Object({ room: Type.String() }) }],
    };
    const asked = await ask(context);
    const call = asked.content.find((block) => block.type === 'toolCall')!;
    expect(call).toMatchObject({ name: 'set_lamp', arguments: { room: 'roof' } });
    const answer = await ask({
      ...context,
      messages: [
        ...context.messages,
        asked,
        {
          role: 'toolResult',
          toolCallId: call.id,
          toolName: 'set_lamp',
          content: [{ type: 'text', text: 'lit: roof' }],
          isError: false,
          timestamp: 0,
        },
      ],
    });
    expect(textOf(answer)).toBe('The roof is lit.');
    expect(answer.stopReason).toBe('stop');
  });
});
