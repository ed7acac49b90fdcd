import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { ModelEvent, ModelRequest } from '@reeve/core';
import { expect, test } from 'vitest';
import { createAiSdkProvider } from '../src/ai-sdk/provider.ts';

const usage = {
  inputTokens: { total: 5, noCache: 5, cacheRead: 0, cacheWrite: 2 },
  outputTokens: { total: 3, text: 3, reasoning: 0 },
};

const request: ModelRequest = {
  model: 'm',
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  params: {},
  turn: { now: 0, timeZone: 'UTC', language: 'en' },
};

const finish = (unified: 'stop' | 'length' | 'interrupted' | 'error'): LanguageModelV4StreamPart => ({
  type: 'finish',
  finishReason: { unified, raw: undefined },
  usage,
});

/** A model of the AI SDK's specification that says the given parts; `isOpen` = it never ends its stream. */
function modelOf(parts: LanguageModelV4StreamPart[], { isOpen = false, onCancel = () => {} } = {}) {
  const seen: LanguageModelV4CallOptions[] = [];
  const model: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'fake',
    modelId: 'm',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('not used')),
    doStream: async (options) => {
      seen.push(options);
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          if (!isOpen) controller.close();
        },
        cancel: onCancel,
      });
      return { stream };
    },
  };
  return { model, seen };
}

const providerOf = (createModel: (id: string) => Promise<LanguageModelV4>) =>
  createAiSdkProvider(
    { id: 'p', name: 'P', baseUrl: 'http://127.0.0.1:1', models: [] },
    { protocol: {}, tokens: { scale: 1, image: () => 1 }, createModel, readList: async () => [] },
  );

async function collect(
  model: LanguageModelV4,
  { signal = new AbortController().signal, messages = request.messages } = {},
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const provider = providerOf(async () => model);
  for await (const event of provider.stream({ ...request, messages }, signal)) events.push(event);
  return events;
}

const toolCall = (input: string, more = {}): LanguageModelV4StreamPart => ({
  type: 'tool-call',
  toolCallId: 'c1',
  toolName: 'clock',
  input,
  ...more,
});

test('F033 abort ends a model that does not heed its signal, in the stream and before it', async () => {
  const stop = new AbortController();
  const left = Promise.withResolvers<void>();
  const { model } = modelOf([{ type: 'text-delta', id: 't', delta: 'a' }], {
    isOpen: true,
    onCancel: left.resolve,
  });
  const events: ModelEvent[] = [];
  for await (const event of providerOf(async () => model).stream(request, stop.signal)) {
    events.push(event);
    queueMicrotask(() => stop.abort());
  }
  expect(events).toMatchObject([{ type: 'text' }, { type: 'error', error: { class: 'aborted' } }]);
  await left.promise;

  const late = new AbortController();
  const deaf = {
    ...model,
    doStream: () => {
      late.abort();
      return new Promise<never>(() => {});
    },
  };
  expect(await collect(deaf, { signal: late.signal })).toMatchObject([
    { type: 'error', error: { class: 'aborted' } },
  ]);
});

test('F033 a stream that arrives after abort is released', async () => {
  const stop = new AbortController();
  const left = Promise.withResolvers<void>();
  const arrival = Promise.withResolvers<void>();
  const { model } = modelOf([], { isOpen: true, onCancel: left.resolve });
  const slow: LanguageModelV4 = {
    ...model,
    doStream: async (options) => {
      stop.abort();
      await arrival.promise;
      return model.doStream(options);
    },
  };
  expect(await collect(slow, { signal: stop.signal })).toMatchObject([
    { type: 'error', error: { class: 'aborted' } },
  ]);
  arrival.resolve();
  await left.promise;
});

test('F033 tool calls: no text is no arguments, and `stop` after calls is `tool-calls`', async () => {
  expect(await collect(modelOf([toolCall(''), finish('stop')]).model)).toEqual([
    { type: 'toolCall', call: { id: 'c1', name: 'clock', args: {} } },
    {
      type: 'finish',
      reason: 'tool-calls',
      usage: { inputTokens: 5, outputTokens: 3, cacheWriteTokens: 2 },
    },
  ]);
});

test('F033 calls that the provider ran itself are not ours', async () => {
  const { model } = modelOf([toolCall('{}', { providerExecuted: true }), finish('stop')]);
  expect(await collect(model)).toMatchObject([{ type: 'finish', reason: 'stop' }]);
});

test('F033 whole calls of an answer that was cut by its length are handed on', async () => {
  expect(await collect(modelOf([toolCall('{"a":1}'), finish('length')]).model)).toMatchObject([
    { type: 'toolCall', call: { args: { a: 1 } } },
    { type: 'finish', reason: 'length' },
  ]);
});

test.each(['interrupted', 'error'] as const)('F033 an answer that ends as %s is garbled', async (unified) => {
  expect(await collect(modelOf([toolCall('{}'), finish(unified)]).model)).toMatchObject([
    { type: 'error', error: { class: 'garbled' } },
  ]);
});

test('F033 what the model is given: well-formed text, objects as arguments, no empty answers', async () => {
  const { model, seen } = modelOf([finish('stop')]);
  await collect(model, {
    messages: [
      { role: 'user', text: 'half \ud83d' },
      { role: 'assistant', text: '', toolCalls: [] },
      { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'clock', args: '{"zo' }] },
      { role: 'tool', callId: 'c1', name: 'clock', text: 'not JSON', isError: true },
    ],
  });
  expect(seen[0]?.prompt).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'half \ufffd' }] },
    {
      role: 'assistant',
      content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'clock', input: { input: '{"zo' } }],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'c1',
          toolName: 'clock',
          output: { type: 'error-text', value: 'not JSON' },
        },
      ],
    },
  ]);
});

test('F033 a model is made once, and again only after it could not be made', async () => {
  const { model } = modelOf([finish('stop')]);
  let made = 0;
  const provider = providerOf(async () => {
    made += 1;
    if (made === 1) throw new Error('cannot load');
    return model;
  });
  const last = async () => {
    let event: ModelEvent | undefined;
    for await (event of provider.stream(request, new AbortController().signal));
    return event;
  };
  expect(await last()).toEqual({ type: 'error', error: { class: 'unknown', message: 'cannot load' } });
  expect(await last()).toMatchObject({ type: 'finish' });
  expect(await last()).toMatchObject({ type: 'finish' });
  expect(made).toBe(2);
});
