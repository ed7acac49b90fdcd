import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Committer, createCommitter } from '../src/sqlite/committer.ts';
import { openHandle, type SqliteHandle } from '../src/sqlite/handle.ts';
import { createHome } from './homes.ts';

let file: string;
let remove: () => void;
let handle: SqliteHandle;
let committer: Committer;
let commits: number;
let losses: number;
const logged: string[] = [];

beforeEach(() => {
  const created = createHome();
  ({ remove } = created);
  file = join(created.home, 'test.db');
  handle = openHandle(file, 'writer');
  handle.raw.exec('CREATE TABLE notes (text TEXT NOT NULL UNIQUE)');
  logged.length = commits = losses = 0;
  committer = createCommitter(handle, (_, code) => logged.push(code));
  committer.onCommitted(() => {
    commits += 1;
  });
  committer.onLost(() => {
    losses += 1;
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await committer.close();
  handle.close();
  remove();
});

const insert = async (text: string) => void handle.raw.prepare('INSERT INTO notes VALUES (?)').run(text);
const note = (text: string, options?: { isLazy?: boolean }) => committer.write(() => insert(text), options);
/** As another connection sees them: what is durable. */
const notes = (): string[] => {
  const db = new SqliteDatabase(file, { readonly: true });
  const rows = db.prepare('SELECT text FROM notes ORDER BY rowid').pluck().all() as string[];
  db.close();
  return rows;
};
const storageFault = (reason: string) => ({ fault: { code: 'DATABASE_ERROR', details: { reason } } });

/** Pages the database may still grow by; the disk is full beyond. */
const limitGrowth = (pages: number) => {
  const count = handle.raw.pragma('page_count', { simple: true }) as number;
  handle.raw.pragma(`max_page_count = ${count + pages}`);
};
const freeDisk = () => handle.raw.pragma('max_page_count = 1000000');

describe('writes', () => {
  test('of one turn of the event loop share a commit', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => note(`note ${index}`)));
    expect(notes()).toHaveLength(100);
    expect(commits).toBe(1);
  });

  test('added by a job join its transaction', async () => {
    let inner: Promise<void> | undefined;
    await committer.write(async () => {
      inner = note('inner');
      await insert('outer');
    });
    await inner;
    expect(notes()).toEqual(['outer', 'inner']);
    expect(commits).toBe(1);
  });

  test('a job that throws takes back its own writes alone', async () => {
    const outcomes = await Promise.allSettled([
      note('one'),
      committer.write(async () => {
        await insert('lost');
        throw new TypeError('mine');
      }),
      committer.write(async () => {
        await insert('lost, too');
        await insert('one');
      }),
      note('two'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: new TypeError('mine') });
    expect(outcomes[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_UNIQUE' } });
    expect(notes()).toEqual(['one', 'two']);
    expect(committer.state()).toEqual({ state: 'ok', lastError: null });
  });

  test('a job may throw anything, also nothing', async () => {
    await expect(committer.write(() => Promise.reject(undefined))).rejects.toBeUndefined();
    await note('after');
    expect(notes()).toEqual(['after']);
  });

  test('tell whether they join the transaction of a later one', async () => {
    const before = note('before');
    await before;
    const failing = committer.write(async () => {
      throw new Error('no');
    });
    failing.catch(() => {});
    const beside = note('beside');
    const seen = committer.write(async () =>
      [before, failing, beside, after, Promise.resolve()].map(committer.joins),
    );
    const after = note('after');
    expect(await seen).toEqual([true, false, true, false, false]);
    await after;
  });
});

describe('a failing disk', () => {
  test('rejects the whole batch, keeps nothing of it, and later writes work', async () => {
    await note('before');
    limitGrowth(2);
    const outcomes = await Promise.allSettled([
      note('one'),
      committer.write(() => Promise.reject(new TypeError('mine'))),
      note('x'.repeat(100_000)),
    ]);
    expect(outcomes).toMatchObject([
      { reason: storageFault('SQLITE_FULL') },
      { reason: new TypeError('mine') },
      { reason: storageFault('SQLITE_FULL') },
    ]);
    expect(notes()).toEqual(['before']);
    expect(committer.state()).toEqual({ state: 'failing', lastError: 'SQLITE_FULL' });
    expect([commits, losses, logged]).toEqual([1, 1, ['SQLITE_FULL']]);
    freeDisk();
    await note('one');
    expect(notes()).toEqual(['before', 'one']);
    expect(committer.state()).toEqual({ state: 'ok', lastError: null });
  });

  test('a transaction that cannot begin rejects, and hangs nobody', async () => {
    handle.raw.pragma('busy_timeout = 0');
    const other = new SqliteDatabase(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(Promise.all([note('one'), note('two')])).rejects.toMatchObject(storageFault('SQLITE_BUSY'));
    other.exec('ROLLBACK');
    other.close();
    await note('three');
    expect(notes()).toEqual(['three']);
  });

  test('lost writes do not count as joined', async () => {
    limitGrowth(2);
    const lost = [note('one'), note('x'.repeat(100_000))];
    await Promise.allSettled(lost);
    freeDisk();
    expect(await committer.write(async () => lost.map(committer.joins))).toEqual([false, false]);
  });
});

describe('lazy writes', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

  test('wait for the next write', async () => {
    const lazy = note('lazy', { isLazy: true });
    await new Promise(setImmediate);
    expect(notes()).toEqual([]);
    await note('eager');
    await lazy;
    expect(notes()).toEqual(['lazy', 'eager']);
    expect(commits).toBe(1);
  });

  test('wait at most a quarter of a second', async () => {
    const lazy = note('lazy', { isLazy: true });
    vi.advanceTimersByTime(250);
    await lazy;
    expect(notes()).toEqual(['lazy']);
  });

  test('still do after one that joined a transaction under way', async () => {
    let joined: Promise<void> | undefined;
    await committer.write(async () => {
      joined = note('joined', { isLazy: true });
    });
    await joined;
    vi.advanceTimersByTime(250);
    await new Promise(setImmediate);
    const alone = note('alone', { isLazy: true });
    vi.advanceTimersByTime(250);
    await alone;
    expect(notes()).toEqual(['joined', 'alone']);
  });

  test('are committed by close, after which nothing is taken', async () => {
    const lazy = note('lazy', { isLazy: true });
    await committer.close();
    await lazy;
    expect(notes()).toEqual(['lazy']);
    await expect(note('late')).rejects.toThrow('closed');
  });
});
