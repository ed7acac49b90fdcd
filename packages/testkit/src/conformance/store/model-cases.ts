import { type DurableData, directChannel, type NewEvent } from '@reeve/protocol';
import { expect } from 'vitest';
import { answered, created, received, started, toolFinished, turn } from './events.ts';
import { ada, bob } from './owners.ts';
import { add, type StoreWorld } from './world.ts';

const called = (more: Partial<DurableData<'model.called'>> = {}): NewEvent => ({
  type: 'model.called',
  data: {
    purpose: 'summary',
    channel: 'reeve',
    provider: 'local',
    model: 'small',
    finishReason: 'stop',
    usage: { inputTokens: 100, outputTokens: 50, costUsd: 0.5 },
    attempts: [],
    durationMs: 1,
    ...more,
  },
});

const sum = (calls: number, inputTokens: number, outputTokens: number, more = {}) => ({
  calls,
  usage: { inputTokens, outputTokens, ...more },
});

/** What models were given, what they used, what they cost. */
export const modelCases = {
  'usage is summed by model, for all sessions or one, from a time on': async ({
    store,
    clock,
  }: StoreWorld) => {
    const usage = { inputTokens: 100, outputTokens: 1, estimated: true };
    await add(store, 'ses_1', created(), ...turn('1'), answered('run_1', 'ans_x', { model: 'big', usage }));
    await clock.advance(1_000);
    const later = clock.now();
    await add(store, 'ses_2', created(), ...turn('2'), ...turn('3'));
    await add(store, 'ses_3', created(bob), ...turn('4'));
    const small = (calls: number) => ({
      provider: 'local',
      model: 'small',
      ...sum(calls, 10 * calls, 5 * calls),
    });
    const big = { provider: 'local', model: 'big', ...sum(1, 100, 1, { estimated: true }) };
    expect((await store.usage(ada, 0)).byModel).toEqual([small(3), big]);
    expect((await store.usage(ada, later)).byModel).toEqual([small(2)]);
    expect((await store.usage(ada, 0, 'ses_2')).byModel).toEqual([small(2)]);
    expect((await store.usage(bob, 0, 'ses_2')).byModel).toEqual([]);
    expect(await store.session(ada, 'ses_1')).toMatchObject({ inputTokens: 110, outputTokens: 6 });
  },

  'usage has its cost, its channel and its day, calls outside of turns included': async ({
    store,
    clock,
  }: StoreWorld) => {
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1'),
      started('run_1'),
      answered('run_1', 'ans_1', { usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.25 } }),
      called(),
    );
    await clock.advance(24 * 60 * 60_000);
    const nextDay = new Date(clock.now()).toISOString().slice(0, 10);
    await add(store, 'ses_1', answered('run_1', 'ans_2', { usage: { inputTokens: 1, outputTokens: 1 } }));
    expect(await store.usage(ada, 0)).toEqual({
      byModel: [{ provider: 'local', model: 'small', ...sum(3, 111, 56, { costUsd: 0.75 }) }],
      byChannel: [
        { channel: 'web', ...sum(2, 11, 6, { costUsd: 0.25 }) },
        { channel: 'reeve', ...sum(1, 100, 50, { costUsd: 0.5 }) },
      ],
      byDay: [
        { day: nextDay, ...sum(1, 1, 1) },
        { day, ...sum(2, 110, 55, { costUsd: 0.75 }) },
      ],
    });
    expect(await store.session(ada, 'ses_1')).toMatchObject({
      inputTokens: 111,
      outputTokens: 56,
      costUsd: 0.75,
    });
    expect(await store.rebuild()).toMatchObject({ differences: 0 });
  },

  'parameters of a session are kept, and taken back': async ({ store }: StoreWorld) => {
    const params = { temperature: 0.5, thinking: 'high' as const };
    await add(store, 'ses_1', created(), { type: 'session.configured', data: { params } }, ...turn('1'));
    expect(await store.session(ada, 'ses_1')).toMatchObject({ params });
    expect(await store.turn('run_1')).toMatchObject({ sessionParams: params, params: null });
    await add(store, 'ses_1', { type: 'session.configured', data: { params: null } });
    expect(await store.session(ada, 'ses_1')).toMatchObject({ params: null });
  },

  'a turn knows what its client brought along, a message its images': async ({ store }: StoreWorld) => {
    const client = {
      tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }],
      toolChoice: { tool: 'look' },
    };
    const images = [
      { artifactId: 'art_1', mediaType: 'image/png', bytes: 3 },
      { url: 'https://example.org/a.png', mediaType: 'image/*' },
    ];
    await add(store, 'ses_1', created(), received('msg_1', 'run_1', { client, images }));
    await store.write((tx) =>
      tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'image/png', text: 'AAAA' }),
    );
    expect(await store.turn('run_1')).toMatchObject({ client });
    expect((await store.transcript('ses_1', 'run_1'))!.messages[0]).toMatchObject({ images });
    expect(await store.artifact('ses_1', 'art_1')).toBe('AAAA');
    expect(await store.artifact('ses_2', 'art_1')).toBeNull();
    expect(await store.rebuild()).toMatchObject({ differences: 0 });
  },

  'what a provider needs to go on lies with its answer': async ({ store }: StoreWorld) => {
    const continuation = { provider: 'anthropic', data: [{ signature: 'abc' }] };
    const toolCalls = [{ id: 'c1', name: 'clock', args: {} }];
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1'),
      started('run_1'),
      answered('run_1', 'ans_1', { toolCalls, continuation }),
      toolFinished('run_1', 'tool_1', 'c1'),
    );
    const messages = (await store.transcript('ses_1', 'run_1'))!.messages;
    expect(messages.map((message) => message.continuation)).toEqual([null, continuation, null]);
    expect((await store.messages('ses_1', { limit: 10 })).some((message) => 'continuation' in message)).toBe(
      false,
    );
  },

  'imported history may hold calls and their results': async ({ store }: StoreWorld) => {
    const toolCalls = [{ id: 'c1', name: 'look', args: { at: 'sky' } }];
    await add(
      store,
      'ses_1',
      created(),
      { type: 'message.imported', data: { messageId: 'm1', role: 'assistant', text: '', toolCalls } },
      {
        type: 'message.imported',
        data: { messageId: 'm2', role: 'tool', text: 'blue', toolCallId: 'c1', name: 'look' },
      },
    );
    expect(await store.messages('ses_1', { limit: 10 })).toMatchObject([
      { role: 'assistant', toolCalls },
      { role: 'tool', toolCallId: 'c1', name: 'look', text: 'blue' },
    ]);
  },

  'the session of direct calls is in no list': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_d',
      {
        type: 'session.created',
        data: { owner: ada.userId, channel: directChannel, title: 'direct', queueMode: 'queue' },
      },
      called({ purpose: 'direct', channel: 'openai' }),
    );
    await add(store, 'ses_1', created());
    expect((await store.sessions(ada, { limit: 10 })).sessions.map(({ id }) => id)).toEqual(['ses_1']);
    expect((await store.usage(ada, 0)).byChannel).toMatchObject([{ channel: 'openai', calls: 1 }]);
  },
};
