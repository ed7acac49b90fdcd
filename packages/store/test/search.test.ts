import { join } from 'node:path';
import { ada } from '@reeve/testkit/conformance/store';
import { createFakeClock } from '@reeve/testkit/fake-clock';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, migrations } from '../src/migrations/migrate.ts';
import { createHome, openHome } from './homes.ts';

let home: string;
let remove: () => void;
beforeEach(() => ({ home, remove } = createHome()));
afterEach(() => remove());

const open = () => new SqliteDatabase(join(home, 'reeve.db'));
const before = migrations.findIndex(({ name }) => name === '0005-read-marks-and-search');

const say = ({ store }: ReturnType<typeof openHome>, sessionId: string, text: string) =>
  store.write(async (tx) => {
    await tx.append(sessionId, {
      type: 'session.created',
      data: {
        tenantId: ada.tenantId,
        owner: ada.userId,
        channel: 'web',
        title: 'A talk',
        queueMode: 'queue',
      },
    });
    await tx.append(sessionId, {
      type: 'message.imported',
      data: { messageId: 'msg_1', role: 'user', text },
    });
    await tx.append(sessionId, {
      type: 'notification.posted',
      data: { messageId: 'msg_2', source: { kind: 'reminder', id: 'rem_1' }, text: 'Tea!' },
    });
  });

/** Words that stand in the index on the disk. */
const indexed = (): string[] => {
  const db = open();
  db.exec("CREATE VIRTUAL TABLE temp.words USING fts5vocab ('main', 'search_index', 'row')");
  const terms = db.prepare('SELECT term FROM temp.words ORDER BY term').all() as { term: string }[];
  db.close();
  return terms.map(({ term }) => term);
};

test('F010 F311 F363 what was said before the migration is found after it, and counts as read', async () => {
  const opened = openHome(home);
  await say(opened, 'ses_1', 'the zebra hums');
  await opened.close();
  const db = open();
  migrate(db, before);
  migrate(db, before + 1);
  db.close();
  expect(indexed()).toContain('zebra');
  const { store, close } = openHome(home);
  expect(await store.search(ada, { query: 'zebra', limit: 5 })).toHaveLength(1);
  expect([...(await store.readMarks(ada, ['ses_1']))]).toEqual([['ses_1', 3]]);
  expect((await store.session(ada, 'ses_1'))!.newsSeq).toBe(3);
  expect(await store.rebuild()).toMatchObject({ differences: 0 });
  await close();
});

test('F010 what was said is indexed before long, also when nobody searches', async () => {
  const clock = createFakeClock();
  const opened = openHome(home, { clock });
  await say(opened, 'ses_1', 'the zebra hums');
  expect(indexed()).toEqual([]);
  await clock.advance(2_000);
  await opened.close();
  expect(indexed()).toContain('zebra');
});

test('F010 of a deleted session no word stays in the index', async () => {
  const opened = openHome(home);
  await say(opened, 'ses_1', 'the zebra hums');
  await say(opened, 'ses_2', 'the okapi sleeps');
  expect(await opened.store.search(ada, { query: 'zebra', limit: 5 })).toHaveLength(1);
  await opened.store.write(async (tx) => {
    await tx.append('ses_1', { type: 'session.deleted', data: { by: ada.userId } });
    await tx.purgeSession('ses_1');
  });
  await opened.close();
  expect(indexed()).toEqual(['a', 'okapi', 'sleeps', 'talk', 'tea', 'the']);
});
