import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type NewId, silentLog } from '@reeve/core';
import { createFakeClock, createTestIds } from '@reeve/testkit/fake-clock';
import { type OpenedStore, openStore } from '../src/index.ts';

/** A data folder of its own that is gone after the test. */
export const createHome = (): { home: string; remove(): void } => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-store-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
};

export const openHome = (
  home: string,
  options: { clock?: Clock; newId?: NewId; concurrency?: number; laneLimit?: number } = {},
): OpenedStore =>
  openStore({
    home,
    clock: options.clock ?? createFakeClock(),
    newId: options.newId ?? createTestIds(),
    log: silentLog,
    concurrency: options.concurrency ?? 100,
    laneLimit: options.laneLimit ?? 100,
  });

/** What the disk would hold if the process died now: database and log as written so far, and no lock. */
export const copyHome = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const file of ['reeve.db', 'reeve.db-wal']) cpSync(join(from, file), join(to, file));
};
