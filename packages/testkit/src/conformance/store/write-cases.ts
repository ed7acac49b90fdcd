import type { Store } from '@reeve/core';
import type { DurableEvent } from '@reeve/protocol';
import { expect } from 'vitest';
import { created, finished, posted, received, renamed, started, turn } from './events.ts';
import { ada, bob } from './owners.ts';
import { add, allEvents, type StoreWorld, seqs } from './world.ts';

const watch = (store: Store): { events: DurableEvent[]; groups: number[] } => {
  const seen = { events: [] as DurableEvent[], groups: [] as number[] };
  store.onCommitted((events) => {
    seen.events.push(...events);
    seen.groups.push(events.length);
  });
  return seen;
};

/** Resolves after `count` promise jobs. */
const jobs = async (count: number) => {
  for (let job = 0; job < count; job += 1) await null;
};

export const writeCases = {
  'F120 events are numbered from 1 without gaps, each session for itself': async ({
    store,
    clock,
  }: StoreWorld) => {
    const first = await add(store, 'ses_1', created(), renamed('one'));
    await clock.advance(5);
    await Promise.all([
      add(store, 'ses_2', created(), renamed('two')),
      ...Array.from({ length: 20 }, (_, index) =>
        add(store, index % 2 ? 'ses_1' : 'ses_2', renamed(`title ${index}`)),
      ),
    ]);
    expect(first[1]).toEqual({
      sessionId: 'ses_1',
      seq: 2,
      at: clock.now() - 5,
      type: 'session.renamed',
      data: { title: 'one', by: 'user' },
    });
    for (const id of ['ses_1', 'ses_2']) {
      expect(seqs(await allEvents(store, id))).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    }
    expect((await allEvents(store, 'ses_1')).slice(0, 2)).toEqual(first);
  },

  'F120 events are read page by page, after a number': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      ...Array.from({ length: 9 }, (_, index) => renamed(`title ${index}`)),
    );
    expect(seqs(await store.events('ses_1', 0, 4))).toEqual([1, 2, 3, 4]);
    expect(seqs(await store.events('ses_1', 4, 4))).toEqual([5, 6, 7, 8]);
    expect(seqs(await store.events('ses_1', 8, 4))).toEqual([9, 10]);
    expect(await store.events('ses_1', 10, 4)).toEqual([]);
    expect(await store.events('nobody', 0, 4)).toEqual([]);
  },

  'F120 an append with a known key changes nothing and returns the first event': async (
    world: StoreWorld,
  ) => {
    const { store } = world;
    const seen = watch(store);
    await add(store, 'ses_1', created());
    await add(store, 'ses_2', created());
    const [first, second] = await store.write(async (tx) => [
      await tx.append('ses_1', renamed('first'), 'key'),
      await tx.append('ses_1', renamed('second'), 'key'),
    ]);
    expect(second).toEqual(first);
    expect(await store.write((tx) => tx.append('ses_1', posted('msg_1'), 'key'))).toEqual(first);
    expect(await store.write((tx) => tx.append('ses_2', renamed('other'), 'key'))).toMatchObject({
      sessionId: 'ses_2',
      seq: 2,
    });
    expect(seen.events).toHaveLength(4);
    expect(await store.eventByKey('ses_1', 'key')).toEqual(first);
    expect(await store.eventByKey('ses_1', 'another')).toBeNull();
    await world.reopen();
    expect(await world.store.write((tx) => tx.append('ses_1', renamed('third'), 'key'))).toEqual(first);
    expect(await world.store.session(ada, 'ses_1')).toMatchObject({
      title: 'first',
      lastSeq: 2,
      messageCount: 0,
    });
  },

  'of a write that throws nothing remains, and its neighbours stay': async ({
    store,
    artifacts,
  }: StoreWorld) => {
    const seen = watch(store);
    await add(store, 'ses_1', created());
    const outcomes = await Promise.allSettled([
      add(store, 'ses_1', renamed('before')),
      store.write(async (tx) => {
        await tx.append('ses_1', received('msg_1', 'run_1'), 'key');
        await tx.append('ses_new', created());
        await tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'output', text: 'lost' });
        throw new RangeError('changed my mind');
      }),
      store.write((tx) => tx.append('ses_1', renamed('after'), 'key')),
    ]);
    expect(outcomes[1]).toEqual({ status: 'rejected', reason: new RangeError('changed my mind') });
    expect(outcomes[2]).toMatchObject({ status: 'fulfilled', value: { seq: 3, type: 'session.renamed' } });
    expect(seqs(await allEvents(store, 'ses_1'))).toEqual([1, 2, 3]);
    expect(await store.session(ada, 'ses_1')).toMatchObject({
      title: 'after',
      lastSeq: 3,
      messageCount: 0,
      isRunning: false,
    });
    expect(await store.session(ada, 'ses_new')).toBeNull();
    expect(await store.turn('run_1')).toBeNull();
    expect(await artifacts.read('ses_1', 'art_1', 0, 10)).toBeNull();
    expect(seen.events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '1 session.created',
      '2 session.renamed',
      '3 session.renamed',
    ]);
    expect(await store.rebuild()).toMatchObject({ differences: 0, brokenChains: [] });
  },

  'a write resolves to what its function returned': async ({ store }: StoreWorld) => {
    expect(await store.write(async () => ({ is: 'this' }))).toEqual({ is: 'this' });
    expect(await store.write(async () => undefined)).toBeUndefined();
  },

  'inside a write reads see its own writes and those before it': async ({ store }: StoreWorld) => {
    const first = add(store, 'ses_1', created());
    const seen = await store.write(async (tx) => {
      await tx.append('ses_1', received('msg_1', 'run_1'));
      return {
        session: await tx.session(ada, 'ses_1'),
        other: await tx.session(bob, 'ses_1'),
        inbox: await tx.inboxEntry(ada, 'key of msg_1'),
        open: await tx.openTurns('ses_1'),
        turn: await tx.turn('run_1'),
      };
    });
    await first;
    expect(seen).toMatchObject({
      session: { id: 'ses_1', lastSeq: 2, openTurns: 1, isRunning: true },
      other: null,
      inbox: { messageId: 'msg_1', runId: 'run_1', seq: 2 },
      open: [{ runId: 'run_1' }],
      turn: { runId: 'run_1', state: 'queued' },
    });
  },

  'reads see nothing that is not durable, whenever they come': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created());
    for (let delay = 0; delay < 60; delay += 1) {
      const begin = () => {
        const doomed = store.write(async (tx) => {
          await tx.append('ses_1', posted(`msg_${delay}`));
          await tx.append('ses_1', renamed('never'));
          await jobs(delay);
          throw new Error('never mind');
        });
        return { doomed: doomed.catch(() => 'gone'), reads: readAll() };
      };
      const readAll = () =>
        Promise.all([
          store.events('ses_1', delay + 2, 10),
          store.messages('ses_1', { limit: 10 }),
          store.notifications(ada),
          store.session(ada, 'ses_1').then((session) => session!.title),
          store.sessions(ada, { limit: 10 }).then(({ sessions }) => sessions[0]!.title),
        ]);
      // Straight after a commit, when the next write may begin at any moment, and in the midst of it.
      const { doomed, reads } = await store
        .write((tx) => tx.append('ses_1', renamed(`title ${delay}`)))
        .then(begin);
      await jobs(delay % 30);
      const later = readAll();
      const durable = [[], [], [], `title ${delay}`, `title ${delay}`];
      expect([await reads, await later]).toEqual([durable, durable]);
      expect(await doomed).toBe('gone');
    }
  },

  'reads in the midst of a write see what was before it, and after it what it wrote': async ({
    store,
  }: StoreWorld) => {
    await add(store, 'ses_1', created());
    for (let round = 1; round <= 20; round += 1) {
      const during = await store.write(async (tx) => {
        await tx.append('ses_1', renamed(`title ${round}`));
        const reads = Promise.all([store.events('ses_1', round, 10), store.openTurns(), store.counts()]);
        await jobs(round);
        return [await reads];
      });
      expect(during[0]).toEqual([[], [], { sessions: 1, events: round, deliveriesPending: 0 }]);
      expect(seqs(await store.events('ses_1', round, 10))).toEqual([round + 1]);
    }
  },

  'events reach the listener in order, once they are durable, before their write resolves': async ({
    store,
  }: StoreWorld) => {
    const log: string[] = [];
    const reads: Promise<number>[] = [];
    store.onCommitted((events) => {
      for (const event of events) {
        log.push(`${event.sessionId} ${event.seq}`);
        reads.push(store.events(event.sessionId, event.seq - 1, 1).then((found) => found.length));
      }
    });
    await Promise.all(
      ['ses_a', 'ses_b', 'ses_a', 'ses_c', 'ses_b'].map(async (id, index) => {
        await add(store, id, index < 2 || index === 3 ? created() : renamed('again'), renamed('twice'));
        log.push(`write ${index}`);
      }),
    );
    expect(log.filter((entry) => entry.startsWith('ses'))).toEqual([
      'ses_a 1',
      'ses_a 2',
      'ses_b 1',
      'ses_b 2',
      'ses_a 3',
      'ses_a 4',
      'ses_c 1',
      'ses_c 2',
      'ses_b 3',
      'ses_b 4',
    ]);
    expect(log.indexOf('ses_a 2')).toBeLessThan(log.indexOf('write 0'));
    expect(log.indexOf('ses_b 4')).toBeLessThan(log.indexOf('write 4'));
    expect(await Promise.all(reads)).toEqual(log.filter((entry) => entry.startsWith('ses')).map(() => 1));
  },

  'writes that wait together are committed together': async ({ store }: StoreWorld) => {
    const seen = watch(store);
    await add(store, 'ses_1', created());
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => add(store, 'ses_1', renamed(`title ${index}`))),
    );
    expect(seen.events).toHaveLength(101);
    expect(seen.groups.length).toBeLessThan(100);
  },

  'a lazy write rides along with the next write, in its place': async ({ store }: StoreWorld) => {
    const seen = watch(store);
    await add(store, 'ses_1', created());
    const lazy = store.write((tx) => tx.append('ses_1', renamed('lazy')), { isLazy: true });
    await add(store, 'ses_1', renamed('eager'));
    expect((await allEvents(store, 'ses_1')).map(({ data }) => ('title' in data ? data.title : ''))).toEqual([
      'A session',
      'lazy',
      'eager',
    ]);
    expect(await lazy).toMatchObject({ seq: 2 });
    expect(seen.groups).toEqual([1, 2]);
  },

  'a lazy write alone becomes durable by itself, and again': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created());
    for (const title of ['first', 'second']) {
      await store.write((tx) => tx.append('ses_1', renamed(title)), { isLazy: true });
      expect(await store.session(ada, 'ses_1')).toMatchObject({ title });
    }
  },

  'close makes lazy writes durable': async (world: StoreWorld) => {
    await add(world.store, 'ses_1', created());
    void world.store.write((tx) => tx.append('ses_1', renamed('lazy')), { isLazy: true });
    await world.reopen();
    expect(await world.store.session(ada, 'ses_1')).toMatchObject({ title: 'lazy' });
  },

  'F067 everything is there after a restart, and the count goes on': async (world: StoreWorld) => {
    await add(world.store, 'ses_1', created(), ...turn('1'), received('msg_2', 'run_2'), started('run_2'));
    const before = [
      await allEvents(world.store, 'ses_1'),
      await world.store.transcript('ses_1'),
      await world.store.openTurns(),
    ];
    await world.reopen();
    const { store } = world;
    expect([
      await allEvents(store, 'ses_1'),
      await store.transcript('ses_1'),
      await store.openTurns(),
    ]).toEqual(before);
    expect(seqs(await add(store, 'ses_1', finished('run_2', { outcome: 'cancelled' })))).toEqual([8]);
    expect(await store.rebuild()).toMatchObject({ differences: 0, brokenChains: [] });
  },

  'the disk is well while writes succeed': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created());
    expect(store.storageState()).toEqual({ state: 'ok', lastError: null });
  },
};
