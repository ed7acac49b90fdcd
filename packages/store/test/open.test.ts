import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFaultError } from '@reeve/protocol';
import { ada } from '@reeve/testkit/conformance/store';
import { createFakeClock } from '@reeve/testkit/fake-clock';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from '../src/migrations/migrate.ts';
import { createHome, openHome } from './homes.ts';

let home: string;
let file: string;
let remove: () => void;
beforeEach(() => {
  ({ home, remove } = createHome());
  file = join(home, 'reeve.db');
});
afterEach(() => remove());

const codeOf = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    return isFaultError(error) ? error.fault.code : String(error);
  }
  return 'opened';
};
const refusal = () => codeOf(() => openHome(home));

/** Fills the database enough to span pages. */
const fill = async () => {
  const { store, close } = openHome(home);
  await store.write(async (tx) => {
    for (let index = 0; index < 200; index += 1) {
      await tx.append('ses_1', {
        type: 'session.renamed',
        data: { title: `title ${index} ${'x'.repeat(500)}`, by: 'user' },
      });
    }
  });
  await close();
};

describe('the data folder', () => {
  test('is made when absent, for its owner alone', async () => {
    home = join(home, 'deep', 'home');
    const { versions, close } = openHome(home);
    expect(versions).toEqual({ sqlite: expect.stringMatching(/^3\./), schema: migrations.length });
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'reeve.db')).mode & 0o777).toBe(0o600);
    await close();
  });

  test('is locked while open, and free after close', async () => {
    const { close } = openHome(home);
    expect(refusal()).toBe('HOME_LOCKED');
    await close();
    await openHome(home).close();
  });

  test('is locked by another process, and free once that is killed', async () => {
    const script = fileURLToPath(new URL('./hold-home.ts', import.meta.url));
    const child = spawn(process.execPath, [script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      expect(refusal()).toBe('HOME_LOCKED');
    } finally {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    const { store, close } = openHome(home);
    expect(await store.session(ada, 'ses_1')).toMatchObject({ title: 'written before the kill' });
    await close();
  });

  test('is not free-for-all after a refusal: the next open says the same', () => {
    writeFileSync(file, 'not a database at all, whatever its name may say'.repeat(50));
    expect([refusal(), refusal()]).toEqual(['DATABASE_CORRUPT', 'DATABASE_CORRUPT']);
  });

  test('HOME_NOT_WRITABLE when it is a file', () => {
    home = join(home, 'taken');
    writeFileSync(home, '');
    expect(refusal()).toBe('HOME_NOT_WRITABLE');
    home = join(home, 'below');
    expect(refusal()).toBe('HOME_NOT_WRITABLE');
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(isRoot)(
    `HOME_NOT_WRITABLE when its mode forbids it${isRoot ? ' (skipped: root may write everywhere)' : ''}`,
    () => {
      home = join(home, 'read-only');
      mkdirSync(home);
      chmodSync(home, 0o500);
      expect(refusal()).toBe('HOME_NOT_WRITABLE');
    },
  );
});

describe('the database file', () => {
  test('F363 of a newer Reeve is DATABASE_TOO_NEW', async () => {
    await fill();
    const db = new SqliteDatabase(file);
    db.pragma('user_version = 99');
    db.close();
    expect(refusal()).toBe('DATABASE_TOO_NEW');
  });

  test('of another program is DATABASE_CORRUPT and left as it is', () => {
    const db = new SqliteDatabase(file);
    db.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('goulash')");
    db.close();
    const before = readFileSync(file);
    expect(refusal()).toBe('DATABASE_CORRUPT');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('cut off in the middle is DATABASE_CORRUPT', async () => {
    await fill();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    expect(refusal()).toBe('DATABASE_CORRUPT');
  });

  test('with a header of garbage is DATABASE_CORRUPT', async () => {
    await fill();
    writeFileSync(file, Buffer.concat([Buffer.alloc(100, 7), readFileSync(file).subarray(100)]));
    expect(refusal()).toBe('DATABASE_CORRUPT');
  });

  test('that is empty is a new one', async () => {
    writeFileSync(file, '');
    const { store, close } = openHome(home);
    expect(await store.counts()).toEqual({ sessions: 0, events: 0, deliveriesPending: 0 });
    await close();
  });
});

test('a schedule that cannot be read is INVALID_PARAMS, and nothing is kept', async () => {
  const { engine, close } = openHome(home, { clock: createFakeClock() });
  const schedule = { id: 'tick', timeZone: 'UTC', lane: 'lane', fn: 'tick', input: {} };
  await expect(engine.schedule({ ...schedule, cron: 'every now and then' })).rejects.toMatchObject({
    fault: { code: 'INVALID_PARAMS' },
  });
  await expect(
    engine.schedule({ ...schedule, cron: '0 8 * * *', timeZone: 'Mars/Olympus' }),
  ).rejects.toMatchObject({
    fault: { code: 'INVALID_PARAMS' },
  });
  expect(await engine.stats()).toMatchObject({ schedules: 0 });
  await close();
});
