import { expect } from 'vitest';
import { created, deleted, finished, posted, received, renamed, started, turn } from './events.ts';
import { ada, bob } from './owners.ts';
import { add, type StoreWorld } from './world.ts';

export const readMarkCases = {
  'F311 a read mark moves forward only, for its reader alone': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created(), ...turn('1'));
    const mark = (seq: number, reader = ada) => store.write((tx) => tx.markRead(reader, 'ses_1', seq));
    const marks = async (reader = ada) => [...(await store.readMarks(reader, ['ses_1', 'ses_2']))];
    expect(await marks()).toEqual([]);
    expect(await mark(3)).toBe(true);
    expect(await mark(2)).toBe(false);
    expect(await mark(3)).toBe(false);
    expect(await marks()).toEqual([['ses_1', 3]]);
    expect(await marks(bob)).toEqual([]);
    expect(await mark(1, bob)).toBe(true);
    expect(await mark(5)).toBe(true);
    expect([await marks(), await marks(bob)]).toEqual([[['ses_1', 5]], [['ses_1', 1]]]);
  },

  'F311 F120 read marks outlive a rebuild, and go with their session': async (world: StoreWorld) => {
    const { store } = world;
    await add(store, 'ses_1', created(), ...turn('1'));
    await add(store, 'ses_2', created());
    await store.write(async (tx) => {
      await tx.markRead(ada, 'ses_1', 4);
      await tx.markRead(ada, 'ses_2', 1);
    });
    await store.rebuild();
    await world.reopen();
    expect([...(await world.store.readMarks(ada, ['ses_1', 'ses_2']))].sort()).toEqual([
      ['ses_1', 4],
      ['ses_2', 1],
    ]);
    await world.store.write(async (tx) => {
      await tx.append('ses_1', deleted());
      await tx.purgeSession('ses_1');
    });
    expect([...(await world.store.readMarks(ada, ['ses_1', 'ses_2']))]).toEqual([['ses_2', 1]]);
  },

  'F311 news are answers, failures and notifications, and nothing that a person did': async ({
    store,
  }: StoreWorld) => {
    const newsSeq = async () => (await store.session(ada, 'ses_1'))!.newsSeq;
    await add(store, 'ses_1', created(), received('msg_1', 'run_1'), started('run_1'));
    expect(await newsSeq()).toBe(0);
    await add(store, 'ses_1', finished('run_1', { outcome: 'cancelled' }));
    expect(await newsSeq()).toBe(0);
    await add(store, 'ses_1', ...turn('2'));
    expect(await newsSeq()).toBe(8);
    await add(store, 'ses_1', renamed('New'), posted('msg_n'));
    expect(await newsSeq()).toBe(10);
    await add(
      store,
      'ses_1',
      received('msg_3', 'run_3'),
      finished('run_3', { outcome: 'failed' }),
      renamed('N'),
    );
    expect(await newsSeq()).toBe(12);
  },
};
