import { createHash } from 'node:crypto';
import type { StoredReminder } from '@reeve/core';
import { expect } from 'vitest';
import {
  answered,
  commanded,
  created,
  deleted,
  finished,
  posted,
  received,
  renamed,
  started,
  turn,
} from './events.ts';
import { ada, adaElsewhere, bob } from './owners.ts';
import { add, allEvents, idsOf, type StoreWorld } from './world.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const reminder = (id: string, more: Partial<StoredReminder> = {}): StoredReminder => ({
  id,
  owner: ada,
  sessionId: 'ses_1',
  text: 'Tea!',
  action: 'say',
  when: { kind: 'cron', cron: '0 16 * * *', timeZone: 'Europe/Berlin' },
  isActive: true,
  createdAt: 1_000,
  ...more,
});

const noUsage = { byModel: [], byChannel: [], byDay: [] };

export const ownerCases = {
  'F067 sessions come newest first, and pages show each once': async ({ store, clock }: StoreWorld) => {
    for (let index = 0; index < 7; index += 1) {
      await add(store, `ses_${index}`, created());
      // The last three share one time.
      if (index < 4) await clock.advance(10);
    }
    await clock.advance(10);
    await add(store, 'ses_1', renamed('newest'));
    const all = idsOf((await store.sessions(ada, { limit: 100 })).sessions);
    expect(all[0]).toBe('ses_1');
    expect([...all].sort()).toEqual(['ses_0', 'ses_1', 'ses_2', 'ses_3', 'ses_4', 'ses_5', 'ses_6']);
    expect(all.slice(4)).toEqual(['ses_3', 'ses_2', 'ses_0']);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.sessions(ada, { limit: 2, cursor });
      expect(page.sessions.length).toBeLessThanOrEqual(2);
      paged.push(...idsOf(page.sessions));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all);
    expect(await store.sessions(ada, { limit: 7 })).toMatchObject({ nextCursor: null });
  },

  'F067 a search in titles takes every character as itself': async ({ store }: StoreWorld) => {
    const titles = [
      '100% sure',
      '100 percent',
      'under_score',
      'underscore',
      'back\\slash',
      'Tea in Lübeck',
      "it's",
    ];
    for (const [index, title] of titles.entries()) await add(store, `ses_${index}`, created(ada, title));
    const find = async (search: string) =>
      (await store.sessions(ada, { limit: 10, search })).sessions.map(({ title }) => title);
    expect(await find('100%')).toEqual(['100% sure']);
    expect(await find('r_s')).toEqual(['under_score']);
    expect(await find('\\')).toEqual(['back\\slash']);
    expect(await find("'")).toEqual(["it's"]);
    expect(await find('tea IN lübeck')).toEqual(['Tea in Lübeck']);
    expect(await find('nothing')).toEqual([]);
    expect(await find('')).toHaveLength(titles.length);
  },

  'F302 every read by owner keeps to that owner, of the same tenant or of another': async ({
    store,
    clock,
  }: StoreWorld) => {
    await add(store, 'ses_1', created(), ...turn('1', { thread: 'thread' }), posted('msg_n'));
    await store.write((tx) => tx.saveReminder(reminder('rem_1')));
    for (const stranger of [bob, adaElsewhere]) {
      expect(await store.session(stranger, 'ses_1')).toBeNull();
      expect(await store.sessions(stranger, { limit: 10 })).toEqual({ sessions: [], nextCursor: null });
      expect(
        await store.sessions(stranger, { limit: 10, search: 'session', cursor: `${clock.now() + 1}.a` }),
      ).toEqual({ sessions: [], nextCursor: null });
      expect(await store.turnByThread(stranger, 'thread')).toBeNull();
      expect(await store.inboxEntry(stranger, 'key of msg_1')).toBeNull();
      expect(await store.notifications(stranger)).toEqual([]);
      expect(await store.notifications(stranger, 'ses_1')).toEqual([]);
      expect(await store.reminders(stranger)).toEqual([]);
      expect(await store.usage(stranger, 0)).toEqual(noUsage);
      expect(await store.usage(stranger, 0, 'ses_1')).toEqual(noUsage);
      expect(await store.turnWithAnswer(stranger, 'run_1')).toBeNull();
      expect(await store.write((tx) => tx.session(stranger, 'ses_1'))).toBeNull();
      expect(await store.write((tx) => tx.inboxEntry(stranger, 'key of msg_1'))).toBeNull();
    }
    expect(await store.session(ada, 'ses_1')).not.toBeNull();
  },

  'the inbox knows what came under a key, for each owner': async ({ store }: StoreWorld) => {
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1', { idempotencyKey: 'same', text: 'Grüße' }),
      commanded('msg_2', 'command'),
    );
    await add(store, 'ses_2', created(bob), received('msg_3', 'run_3', { idempotencyKey: 'same' }));
    expect(await store.inboxEntry(ada, 'same')).toEqual({
      sessionId: 'ses_1',
      messageId: 'msg_1',
      runId: 'run_1',
      seq: 2,
      digest: sha256('Grüße'),
    });
    expect(await store.inboxEntry(bob, 'same')).toMatchObject({ sessionId: 'ses_2', messageId: 'msg_3' });
    expect(await store.inboxEntry(ada, 'command')).toMatchObject({
      messageId: 'msg_2',
      runId: 'msg_2',
      digest: sha256('/status'),
    });
    expect(await store.inboxEntry(ada, 'unknown')).toBeNull();
  },

  'a message is not taken twice under one key': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created(), received('msg_1', 'run_1', { idempotencyKey: 'same' }));
    await expect(
      add(store, 'ses_1', renamed('lost'), received('msg_2', 'run_2', { idempotencyKey: 'same' })),
    ).rejects.toThrow();
    expect(await allEvents(store, 'ses_1')).toHaveLength(2);
    expect(await store.session(ada, 'ses_1')).toMatchObject({ title: 'A session', messageCount: 1 });
    expect(await store.inboxEntry(ada, 'same')).toMatchObject({ messageId: 'msg_1' });
  },

  'the newest turn of a thread is found, with its answer': async ({ store }: StoreWorld) => {
    await add(store, 'ses_1', created(), ...turn('1', { thread: 'a' }));
    expect(await store.turnByThread(ada, 'a')).toMatchObject({
      turn: { runId: 'run_1' },
      answer: { id: 'ans_1', text: 'answer ans_1' },
      isLast: true,
    });
    expect(await store.turnWithAnswer(ada, 'run_1')).toEqual(await store.turnByThread(ada, 'a'));
    expect(await store.turnWithAnswer(ada, 'run_9')).toBeNull();
    await add(store, 'ses_1', received('msg_2', 'run_2', { thread: 'b' }));
    expect(await store.turnByThread(ada, 'a')).toMatchObject({ turn: { runId: 'run_1' }, isLast: false });
    expect(await store.turnByThread(ada, 'b')).toMatchObject({
      turn: { runId: 'run_2', state: 'queued' },
      answer: null,
      isLast: true,
    });
    await add(store, 'ses_2', created(), ...turn('3', { thread: 'a' }));
    expect(await store.turnByThread(ada, 'a')).toMatchObject({
      turn: { runId: 'run_3', sessionId: 'ses_2' },
      isLast: true,
    });
    expect(await store.turnByThread(ada, 'c')).toBeNull();
    await add(store, 'ses_3', created(bob), ...turn('4', { thread: 'a' }));
    expect(await store.turnByThread(bob, 'a')).toMatchObject({ turn: { runId: 'run_4', owner: bob } });
    expect(await store.turnByThread(ada, 'a')).toMatchObject({ turn: { runId: 'run_3', owner: ada } });
  },

  'notifications wait until they are delivered': async ({ store, clock }: StoreWorld) => {
    await add(store, 'ses_1', created(), posted('msg_1', 'first'));
    await clock.advance(1);
    await add(store, 'ses_2', created(), posted('msg_2', 'second'));
    await clock.advance(1);
    await add(
      store,
      'ses_1',
      received('msg_3', 'run_3', { sender: { kind: 'schedule', id: 'rem_1' } }),
      started('run_3'),
      answered('run_3', 'ans_3', { text: 'third' }),
      finished('run_3', { messageId: 'ans_3' }),
      ...turn('4'),
      posted('msg_5', 'fifth'),
    );
    const texts = async (id?: string) => (await store.notifications(ada, id)).map(({ text }) => text);
    expect(await store.notifications(ada, 'ses_2')).toEqual([
      { id: 'msg_2', sessionId: 'ses_2', seq: 2, text: 'second', createdAt: clock.now() - 1 },
    ]);
    expect(await texts()).toEqual(['first', 'second', 'third', 'fifth']);
    expect(await texts('ses_1')).toEqual(['first', 'third', 'fifth']);
    expect(await store.counts()).toMatchObject({ deliveriesPending: 5 });
    const third = (await store.notifications(ada)).find(({ text }) => text === 'third')!;
    await store.write((tx) => tx.markDelivered('ses_1', third.seq));
    expect(await texts()).toEqual(['second', 'fifth']);
    expect(await store.counts()).toMatchObject({ deliveriesPending: 3 });
    expect(await store.rebuild()).toMatchObject({ differences: 0 });
    expect(await texts()).toEqual(['second', 'fifth']);
    await store.write((tx) => tx.markDelivered('ses_1', Number.MAX_SAFE_INTEGER));
    expect(await texts()).toEqual(['second']);
  },

  'of a purged session nothing but the tombstone remains': async (world: StoreWorld) => {
    const { store, artifacts } = world;
    await add(
      store,
      'ses_1',
      created(),
      ...turn('1', { thread: 'thread', idempotencyKey: 'secret key' }),
      posted('msg_n'),
    );
    await add(store, 'ses_2', created(), ...turn('2'));
    await store.write(async (tx) => {
      await tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'output', text: 'secret' });
      await tx.append('ses_1', deleted());
      await tx.purgeSession('ses_1');
    });
    const isGone = async () => {
      expect(await allEvents(store, 'ses_1')).toEqual([
        { sessionId: 'ses_1', seq: 7, at: world.clock.now(), type: 'session.deleted', data: { by: 'ada' } },
      ]);
      expect(await store.session(ada, 'ses_1')).toBeNull();
      expect(await store.transcript('ses_1')).toBeNull();
      expect(await store.messages('ses_1', { limit: 10 })).toEqual([]);
      expect(await store.turn('run_1')).toBeNull();
      expect(await store.turnByThread(ada, 'thread')).toBeNull();
      expect(await store.inboxEntry(ada, 'secret key')).toBeNull();
      expect(await store.notifications(ada)).toEqual([]);
      expect(await store.usage(ada, 0, 'ses_1')).toEqual(noUsage);
      expect(await artifacts.read('ses_1', 'art_1', 0, 10)).toBeNull();
      expect(idsOf((await store.sessions(ada, { limit: 10 })).sessions)).toEqual(['ses_2']);
      expect(await store.counts()).toMatchObject({ sessions: 1, deliveriesPending: 1 });
    };
    await isGone();
    expect(await store.rebuild()).toMatchObject({ sessions: 1, differences: 0, brokenChains: [] });
    await isGone();
  },

  'reminders are saved, changed and listed while active': async ({ store }: StoreWorld) => {
    const once = reminder('rem_2', { when: { kind: 'once', at: 5_000 }, action: 'ask' });
    await store.write(async (tx) => {
      await tx.saveReminder(reminder('rem_1'));
      await tx.saveReminder(once);
    });
    expect((await store.reminders(ada)).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      reminder('rem_1'),
      once,
    ]);
    expect(await store.reminder('rem_2')).toEqual(once);
    await store.write((tx) => tx.saveReminder({ ...once, isActive: false }));
    expect(await store.reminders(ada)).toEqual([reminder('rem_1')]);
    expect(await store.reminder('rem_2')).toEqual({ ...once, isActive: false });
    expect(await store.reminder('rem_3')).toBeNull();
  },

  'artifacts are read in parts, by their own session alone': async ({ store, artifacts }: StoreWorld) => {
    const text = 'a👋b'.repeat(4);
    await store.write((tx) => tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'output', text }));
    await store.write((tx) =>
      tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'again', text: 'changed' }),
    );
    const artifact = { id: 'art_1', sessionId: 'ses_1', name: 'output', length: 16 };
    expect(await artifacts.read('ses_1', 'art_1', 0, 100)).toEqual({ artifact, text });
    expect(await artifacts.read('ses_1', 'art_1', 4, 4)).toEqual({ artifact, text: 'a👋b' });
    expect(await artifacts.read('ses_1', 'art_1', 100, 4)).toEqual({ artifact, text: '' });
    expect(await artifacts.read('ses_2', 'art_1', 0, 100)).toBeNull();
    expect(await artifacts.read('ses_1', 'art_2', 0, 100)).toBeNull();
  },

  'counts count': async ({ store }: StoreWorld) => {
    expect(await store.counts()).toEqual({ sessions: 0, events: 0, deliveriesPending: 0 });
    await add(store, 'ses_1', created(), ...turn('1'));
    await add(store, 'ses_2', created(bob));
    expect(await store.counts()).toEqual({ sessions: 2, events: 6, deliveriesPending: 1 });
  },
};
