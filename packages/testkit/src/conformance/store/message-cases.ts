import type { Transcript } from '@reeve/core';
import { expect } from 'vitest';
import {
  answered,
  commandAnswered,
  commanded,
  compacted,
  created,
  finished,
  imported,
  pinned,
  posted,
  received,
  started,
  steered,
  toolFinished,
  toolStarted,
  turn,
} from './events.ts';
import { ada } from './owners.ts';
import { add, idsOf, type StoreWorld, seqs } from './world.ts';

const inTranscript = (transcript: Transcript | null) => idsOf(transcript!.messages);

export const messageCases = {
  'F067 messages carry all that was said': async ({ store, clock }: StoreWorld) => {
    const call = { id: 'call_1', name: 'clock', args: { zone: 'Europe/Berlin' } };
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1', { text: 'Wie spät ist es? 👋' }),
      started('run_1'),
      answered('run_1', 'ans_1', {
        text: '',
        toolCalls: [call],
        usage: { inputTokens: 7, outputTokens: 3, estimated: true },
      }),
      toolStarted('run_1', call),
      toolFinished('run_1', 'tool_1', 'call_1', { status: 'failed', text: 'no clock' }),
    );
    const base = { sessionId: 'ses_1', runId: 'run_1', isPinned: false, createdAt: clock.now() };
    const silent = {
      toolCalls: [],
      toolCallId: null,
      name: null,
      isError: false,
      provider: null,
      model: null,
      usage: null,
    };
    expect(await store.messages('ses_1', { limit: 10 })).toEqual([
      { ...base, ...silent, id: 'msg_1', seq: 2, role: 'user', text: 'Wie spät ist es? 👋' },
      {
        ...base,
        ...silent,
        id: 'ans_1',
        seq: 4,
        role: 'assistant',
        text: '',
        toolCalls: [call],
        provider: 'local',
        model: 'small',
        usage: { inputTokens: 7, outputTokens: 3, estimated: true },
      },
      {
        ...base,
        ...silent,
        id: 'tool_1',
        seq: 6,
        role: 'tool',
        text: 'no clock',
        toolCallId: 'call_1',
        name: 'clock',
        isError: true,
      },
    ]);
    expect(await store.message('ses_1', 'tool_1')).toMatchObject({ seq: 6 });
    expect(await store.message('ses_2', 'tool_1')).toBeNull();
    expect(await store.session(ada, 'ses_1')).toMatchObject({
      messageCount: 3,
      inputTokens: 7,
      outputTokens: 3,
      lastSeq: 6,
    });
  },

  'F067 messages are paged both ways': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      ...Array.from({ length: 9 }, (_, index) => imported(`msg_${index + 2}`, 'user', 'x')),
    );
    const page = async (range: { after?: number; before?: number }) =>
      seqs(await store.messages('ses_1', { ...range, limit: 3 }));
    expect(await page({})).toEqual([2, 3, 4]);
    expect(await page({ after: 4 })).toEqual([5, 6, 7]);
    expect(await page({ after: 9 })).toEqual([10]);
    expect(await page({ before: Number.MAX_SAFE_INTEGER })).toEqual([8, 9, 10]);
    expect(await page({ before: 8 })).toEqual([5, 6, 7]);
    expect(await page({ before: 3 })).toEqual([2]);
    expect(await page({ after: 3, before: 6 })).toEqual([4, 5]);
  },

  'a waiting message has no place in the transcript until its run starts': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1'),
      started('run_1'),
      received('msg_2', 'run_2'),
      pinned('msg_2'),
    );
    await add(store, 'ses_1', answered('run_1', 'ans_1'));
    expect(inTranscript(await store.transcript('ses_1'))).toEqual(['msg_1', 'ans_1']);
    expect(inTranscript(await store.transcript('ses_1', 'run_1'))).toEqual(['msg_1', 'ans_1']);
    expect(inTranscript(await store.transcript('ses_1', 'run_2'))).toEqual(['msg_1', 'ans_1', 'msg_2']);
    await add(
      store,
      'ses_1',
      finished('run_1', { messageId: 'ans_1' }),
      started('run_2'),
      answered('run_2', 'ans_2'),
    );
    const transcript = await store.transcript('ses_1');
    expect(inTranscript(transcript)).toEqual(['msg_1', 'ans_1', 'msg_2', 'ans_2']);
    const places = transcript!.messages.map(({ position }) => position);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBe(4);
    expect(idsOf(await store.messages('ses_1', { limit: 10 }))).toEqual(['msg_1', 'msg_2', 'ans_1', 'ans_2']);
  },

  'a message whose run never started stays out of the transcript': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1'),
      finished('run_1', { outcome: 'cancelled' }),
      ...turn('2'),
    );
    expect(inTranscript(await store.transcript('ses_1'))).toEqual(['msg_2', 'ans_2']);
  },

  'a steered message stands where it joined, in the run it joined': async ({ store }: StoreWorld) => {
    const call = { id: 'call_1', name: 'clock', args: {} };
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1'),
      started('run_1'),
      received('msg_2', 'run_2', { queueMode: 'steer' }),
      answered('run_1', 'ans_1', { toolCalls: [call] }),
      toolFinished('run_1', 'tool_1', 'call_1'),
      steered('msg_2', 'run_1'),
      finished('run_2', { outcome: 'absorbed', absorbedBy: 'run_1' }),
      answered('run_1', 'ans_2'),
    );
    const transcript = await store.transcript('ses_1', 'run_1');
    expect(inTranscript(transcript)).toEqual(['msg_1', 'ans_1', 'tool_1', 'msg_2', 'ans_2']);
    expect(transcript!.messages.map(({ runId }) => runId)).toEqual(Array(5).fill('run_1'));
    expect(await store.turn('run_2')).toMatchObject({
      state: 'ended',
      outcome: 'absorbed',
      absorbedBy: 'run_1',
    });
  },

  'after compaction the summary and pinned messages stand for what was before': async ({
    store,
  }: StoreWorld) => {
    await add(store, 'ses_1', created(), ...turn('1'), pinned('msg_1'), ...turn('2'));
    const { lastSeq } = (await store.session(ada, 'ses_1'))!;
    await add(
      store,
      'ses_1',
      received('msg_3', 'run_3'),
      started('run_3'),
      compacted('run_3', lastSeq, 'They spoke of tea.'),
    );
    expect(await store.transcript('ses_1', 'run_3')).toMatchObject({
      summary: 'They spoke of tea.',
      compactedThrough: lastSeq,
    });
    expect(inTranscript(await store.transcript('ses_1', 'run_3'))).toEqual(['msg_1', 'msg_3']);
    await add(store, 'ses_1', pinned('msg_1', false), pinned('ans_2'));
    expect(inTranscript(await store.transcript('ses_1', 'run_3'))).toEqual(['ans_2', 'msg_3']);
    expect(await store.messages('ses_1', { limit: 10 })).toHaveLength(5);
  },

  'a message that arrived before a compaction and started after it is not summarized away': async ({
    store,
  }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1'),
      started('run_1'),
      received('msg_2', 'run_2'),
      answered('run_1', 'ans_1'),
    );
    const { lastSeq } = (await store.session(ada, 'ses_1'))!;
    await add(store, 'ses_1', compacted('run_1', lastSeq, 'So far.'), finished('run_1'));
    expect(inTranscript(await store.transcript('ses_1', 'run_2'))).toEqual(['msg_2']);
    await add(store, 'ses_1', started('run_2'));
    expect(inTranscript(await store.transcript('ses_1', 'run_2'))).toEqual(['msg_2']);
  },

  'commands are messages and no part of the transcript': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      commanded('msg_c'),
      commandAnswered('msg_c'),
      posted('msg_n'),
      imported('msg_i', 'assistant', 'Before.'),
    );
    const messages = await store.messages('ses_1', { limit: 10 });
    expect(messages.map(({ role }) => role)).toEqual(['command', 'command', 'notification', 'assistant']);
    expect(messages[1]).toMatchObject({ name: 'status', text: 'All is well.' });
    expect(inTranscript(await store.transcript('ses_1'))).toEqual(['msg_n', 'msg_i']);
  },

  'the transcript tells what the session was given': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created(), {
      type: 'session.configured',
      data: { model: 'local/big', instructions: 'Be brief.', queueMode: 'steer' },
    });
    expect(await store.transcript('ses_1')).toMatchObject({
      session: { id: 'ses_1', model: 'local/big', queueMode: 'steer' },
      instructions: 'Be brief.',
      summary: null,
      compactedThrough: 0,
      messages: [],
    });
    await add(store, 'ses_1', { type: 'session.configured', data: { model: null } });
    expect(await store.transcript('ses_1')).toMatchObject({
      session: { model: null, queueMode: 'steer' },
      instructions: 'Be brief.',
    });
    expect(await store.transcript('nobody')).toBeNull();
  },

  'a turn goes from queued over running to ended': async ({ store }: StoreWorld) => {
    const params = { temperature: 0.2, maxOutputTokens: 50 };
    await add(store, 'ses_1', created(), { type: 'session.configured', data: { model: 'local/big' } });
    await add(
      store,
      'ses_1',
      received('msg_1', 'run_1', {
        model: 'local/small',
        params,
        sender: { kind: 'schedule', id: 'rem_1' },
        queueMode: 'steer',
      }),
    );
    const asked = {
      runId: 'run_1',
      sessionId: 'ses_1',
      owner: ada,
      sessionModel: 'local/big',
      messageId: 'msg_1',
      channel: 'web',
      senderKind: 'schedule',
      seq: 3,
      queueMode: 'steer',
      model: 'local/small',
      params,
      sessionParams: null,
      client: null,
    };
    const open = { outcome: null, answerId: null, absorbedBy: null, fault: null };
    expect(await store.turn('run_1')).toEqual({ ...asked, ...open, state: 'queued' });
    await add(store, 'ses_1', started('run_1'));
    expect(await store.turn('run_1')).toEqual({ ...asked, ...open, state: 'running' });
    const fault = { code: 'LLM_ERROR', message: 'No model could answer.' } as const;
    await add(store, 'ses_1', finished('run_1', { outcome: 'failed', fault, messageId: 'ans_1' }));
    expect(await store.turn('run_1')).toEqual({
      ...asked,
      state: 'ended',
      outcome: 'failed',
      answerId: 'ans_1',
      absorbedBy: null,
      fault,
    });
    expect(await store.turn('nobody')).toBeNull();
  },

  'open turns come oldest first, of one session or of all': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created());
    await add(store, 'ses_2', created());
    await add(store, 'ses_2', received('msg_1', 'run_1'));
    await add(store, 'ses_1', received('msg_2', 'run_2'), started('run_2'), received('msg_3', 'run_3'));
    await add(store, 'ses_2', received('msg_4', 'run_4'));
    const runs = async (id?: string) => (await store.openTurns(id)).map(({ runId }) => runId);
    expect(await runs()).toEqual(['run_1', 'run_2', 'run_3', 'run_4']);
    expect(await runs('ses_1')).toEqual(['run_2', 'run_3']);
    expect(await store.session(ada, 'ses_1')).toMatchObject({ isRunning: true });
    await add(store, 'ses_1', finished('run_2'), finished('run_3', { outcome: 'cancelled' }));
    expect(await runs()).toEqual(['run_1', 'run_4']);
    expect(await store.session(ada, 'ses_1')).toMatchObject({ isRunning: false });
  },

  'a run that ended stays ended': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created(), ...turn('1'));
    await add(store, 'ses_1', finished('run_1', { outcome: 'cancelled' }));
    expect(await store.turn('run_1')).toMatchObject({ outcome: 'completed', answerId: 'ans_1' });
    expect(await store.session(ada, 'ses_1')).toMatchObject({ isRunning: false });
  },
};
