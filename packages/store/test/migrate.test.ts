import { join } from 'node:path';
import { ada } from '@reeve/testkit/conformance/store';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDatabase, migrate, migrations } from '../src/migrations/migrate.ts';
import { createHome, openHome } from './homes.ts';

let home: string;
let remove: () => void;
beforeEach(() => ({ home, remove } = createHome()));
afterEach(() => remove());

const open = () => new SqliteDatabase(join(home, 'reeve.db'));

/** Everything but SQLite's own tables. */
const schemaOf = (db: SqliteDatabase.Database) =>
  db
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
    .all();

const fill = async () => {
  const { store, engine, facts, close } = openHome(home);
  await store.write(async (tx) => {
    await tx.append('ses_1', {
      type: 'session.created',
      data: { owner: ada.userId, channel: 'web', title: 'Kept', queueMode: 'queue' },
    });
    await tx.append('ses_1', {
      type: 'notification.posted',
      data: { messageId: 'msg_1', source: { kind: 'reminder', id: 'rem_1' }, text: 'Tea!' },
    });
    await tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'output', text: 'long' });
    const when = { kind: 'once', at: 1 } as const;
    await tx.saveReminder({
      id: 'rem_1',
      owner: ada,
      sessionId: 'ses_1',
      text: 'Tea!',
      action: 'say',
      when,
      isActive: true,
      createdAt: 1,
    });
  });
  await facts.remember(ada, { text: 'likes tea', sessionId: 'ses_1', at: 1, key: 'key' });
  await engine.enqueue({ runId: 'run_1', lane: 'ses_1', fn: 'turn', input: {} });
  await engine.signal('run_1', 'approval', true, 'key');
  await engine.schedule({
    id: 'tick',
    cron: '0 * * * *',
    timeZone: 'UTC',
    lane: 'lane',
    fn: 'tick',
    input: {},
  });
  await close();
  const db = open();
  db.prepare("INSERT INTO tokens (id, name, hash, created_at) VALUES ('tok_1', 'cli', 'hash', 1)").run();
  db.prepare("INSERT INTO web_sessions (hash, created_at, expires_at) VALUES ('hash', 1, 2)").run();
  db.close();
};

test('F363 every migration goes down and up again, on a database with data', async () => {
  await fill();
  const db = open();
  for (let version = migrations.length; version > 0; version -= 1) {
    const before = schemaOf(db);
    expect(migrate(db, version - 1)).toBe(version - 1);
    expect(schemaOf(db)).not.toEqual(before);
    expect(migrate(db, version)).toBe(version);
    expect(schemaOf(db)).toEqual(before);
    migrate(db, version - 1);
  }
  expect(schemaOf(db)).toEqual([]);
  expect(db.pragma('user_version', { simple: true })).toBe(0);
  checkDatabase(db);
  expect(migrate(db)).toBe(migrations.length);
  db.close();
  await fill();
  const { store, close } = openHome(home);
  expect(await store.rebuild()).toMatchObject({ events: 2, sessions: 1, differences: 0, brokenChains: [] });
  await close();
});

test('F363 an up-to-date database is left as it is', async () => {
  await fill();
  const db = open();
  const before = schemaOf(db);
  expect(migrate(db)).toBe(migrations.length);
  expect(schemaOf(db)).toEqual(before);
  expect(db.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 2 });
  db.close();
});

test('F363 migrations have names of their own, in order', () => {
  const names = migrations.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
});
