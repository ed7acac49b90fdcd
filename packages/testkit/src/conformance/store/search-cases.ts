import fc from 'fast-check';
import { expect } from 'vitest';
import {
  answered,
  commandAnswered,
  created,
  deleted,
  imported,
  posted,
  received,
  renamed,
  toolFinished,
  turn,
} from './events.ts';
import { ada, bob } from './owners.ts';
import { add, type StoreWorld } from './world.ts';

const day = 24 * 60 * 60 * 1000;

/** Ids of the messages that are found, or `title of` their session, the best first. */
const find = async ({ store }: Pick<StoreWorld, 'store'>, query: string, limit = 20): Promise<string[]> =>
  (await store.search(ada, { query, limit })).map(({ message, sessionId }) =>
    message === null ? `title of ${sessionId}` : message.id,
  );

export const searchCases = {
  'F010 a search finds messages and titles by all their words, the last one begun': async (
    world: StoreWorld,
  ) => {
    const { store } = world;
    await add(
      store,
      'ses_1',
      created(ada, 'The house'),
      received('msg_1', 'run_1', { text: 'The wardrobe stands in the northern ATTIC' }),
      answered('run_1', 'ans_1', { text: 'Noted: an attic, and what is in it.' }),
      imported('msg_2', 'user', 'Fenster in Lübeck'),
      posted('msg_3', 'Tea is ready'),
      commandAnswered('msg_4'),
    );
    expect(await find(world, 'attic wardrobe')).toEqual(['msg_1']);
    expect(await find(world, 'wardrobe att')).toEqual(['msg_1']);
    expect((await find(world, 'attic')).sort()).toEqual(['ans_1', 'msg_1']);
    expect(await find(world, 'att wardrobe')).toEqual([]);
    expect(await find(world, 'attic zebra')).toEqual([]);
    expect(await find(world, 'lubeck FEN')).toEqual(['msg_2']);
    expect(await find(world, 'tea')).toEqual(['msg_3']);
    expect(await find(world, 'well')).toEqual(['msg_4_answer']);
    expect(await find(world, 'house')).toEqual(['title of ses_1']);
    expect(await find(world, 'attic', 1)).toHaveLength(1);
  },

  'F010 a hit says where it is, and shows what it found': async ({ store, clock }: StoreWorld) => {
    const text = `${'so much was said before '.repeat(20)}the\n  Wardrobe, and a wardrobe${' and more after'.repeat(20)}`;
    await add(store, 'ses_1', created(ada, 'The house'), received('msg_1', 'run_1', { text }));
    const [hit, ...more] = await store.search(ada, { query: 'ward', limit: 5 });
    expect(more).toEqual([]);
    expect(hit).toMatchObject({
      sessionId: 'ses_1',
      title: 'The house',
      message: { id: 'msg_1', role: 'user' },
      seq: 2,
      createdAt: clock.now(),
    });
    expect(hit!.excerpt.length).toBeLessThan(300);
    expect(hit!.excerpt).toContain('the Wardrobe, and a wardrobe');
    expect(hit!.marks.map(([from, to]) => hit!.excerpt.slice(from, to))).toEqual(['Wardrobe', 'wardrobe']);
    await add(store, 'ses_2', created(ada, 'My wardrobe'), posted('msg_2', 'Wardrobes came'));
    const shown = (await store.search(ada, { query: 'ward', limit: 5 })).map(({ excerpt }) => excerpt);
    expect(shown).toEqual(expect.arrayContaining(['My wardrobe', 'Wardrobes came', hit!.excerpt]));
  },

  'F010 a search does not find what tools gave, nor what others said': async (world: StoreWorld) => {
    const { store } = world;
    await add(
      store,
      'ses_1',
      created(),
      ...turn('1', { text: 'Read it' }),
      toolFinished('run_1', 'tool_1', 'call_1', { text: 'zebra' }),
      {
        type: 'message.imported',
        data: { messageId: 'tool_2', role: 'tool', text: 'zebra', toolCallId: 'call_2', name: 'read' },
      },
    );
    await add(store, 'ses_2', created(bob, 'A zebra'), received('msg_9', 'run_9', { text: 'zebra' }));
    expect(await find(world, 'zebra')).toEqual([]);
    expect(await store.search(bob, { query: 'zebra', limit: 9 })).toHaveLength(2);
  },

  'F010 what fits better comes first, and of what fits alike the newer': async (world: StoreWorld) => {
    const { store, clock } = world;
    await add(store, 'ses_1', created(ada, 'One'), received('old', 'run_1', { text: 'the boiler hums' }));
    await clock.advance(400 * day);
    const filler = ' and something else that matters less'.repeat(20);
    await add(
      store,
      'ses_2',
      created(ada, 'Two'),
      received('new', 'run_2', { text: 'the boiler hums' }),
      received('long', 'run_3', { text: `the boiler${filler}` }),
    );
    const found = await find(world, 'boiler');
    expect(found.indexOf('new')).toBeLessThan(found.indexOf('old'));
    expect(found.indexOf('new')).toBeLessThan(found.indexOf('long'));
    await add(store, 'ses_3', created(ada, 'Boiler'));
    expect((await find(world, 'boiler'))[0]).toBe('title of ses_3');
  },

  'F010 a session is found by the title it has now, once': async (world: StoreWorld) => {
    const { store } = world;
    await add(store, 'ses_1', created(ada, 'First'), renamed('Second'), renamed('First'), renamed('Third'));
    expect(await find(world, 'second')).toEqual([]);
    expect(await find(world, 'third')).toEqual(['title of ses_1']);
    await add(store, 'ses_1', renamed('Second'), renamed('Third'));
    expect(await find(world, 'third')).toEqual(['title of ses_1']);
  },

  'F010 F120 of a purged session nothing is found, before and after a rebuild': async (world: StoreWorld) => {
    const { store } = world;
    await add(
      store,
      'ses_1',
      created(ada, 'Secret house'),
      received('msg_1', 'run_1', { text: 'secret word' }),
    );
    await add(store, 'ses_2', created(), received('msg_2', 'run_2', { text: 'no secret' }));
    expect(await find(world, 'secret')).toHaveLength(3);
    await add(store, 'ses_1', received('msg_3', 'run_3', { text: 'a later secret' }));
    await store.write(async (tx) => {
      await tx.append('ses_1', deleted());
      await tx.purgeSession('ses_1');
    });
    expect(await find(world, 'secret')).toEqual(['msg_2']);
    await store.rebuild();
    expect(await find(world, 'secret')).toEqual(['msg_2']);
    await add(store, 'ses_2', received('msg_4', 'run_4', { text: 'one more secret' }));
    expect((await find(world, 'secret')).sort()).toEqual(['msg_2', 'msg_4']);
    await world.reopen();
    expect((await find(world, 'secret')).sort()).toEqual(['msg_2', 'msg_4']);
  },

  'F010 no query can be wrong': async (world: StoreWorld) => {
    const { store } = world;
    await add(
      store,
      'ses_1',
      created(),
      received('msg_1', 'run_1', { text: 'tea AND "coffee" NEAR the (house)' }),
    );
    const syntax = fc.constantFrom(
      ...['"', "'", '*', '(', ')', ':', '^', '-', '+', '{', '}', ',', '\0', '\\', 'AND', 'OR', 'NOT', 'NEAR'],
      ...['title:', 'text', 'tea', ' ', '\u0301', '\ud800', 'ẞ', '日本', 'a_b', '\u0002'],
    );
    const queries = fc.oneof(
      fc.array(syntax, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        for (const { marks, excerpt } of await store.search(ada, { query, limit: 5 }))
          for (const [from, to] of marks) expect(from < to && to <= excerpt.length).toBe(true);
      }),
      { seed: 20261121, numRuns: 300 },
    );
    expect(await find(world, 'AND "tea')).toEqual(['msg_1']);
    expect(await find(world, '"')).toEqual([]);
    expect(await find(world, '')).toEqual([]);
  },
};
