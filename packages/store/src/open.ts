import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Artifacts,
  AuditLedger,
  BudgetStore,
  Clock,
  Engine,
  Facts,
  FormerCredentials,
  Log,
  NewId,
  PolicyStore,
  Store,
} from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { createArtifacts } from './artifacts.ts';
import { createSigner } from './audit/chain.ts';
import { readAuditKey } from './audit/key.ts';
import { createAuditLedger } from './audit/ledger.ts';
import { checkpointFile } from './audit/outside.ts';
import { createAuditWriter } from './audit/writer.ts';
import { createBudgetStore } from './budgets.ts';
import { createEmbeddedEngine } from './engine/embedded-engine.ts';
import { createFacts } from './facts.ts';
import { createFormerCredentials } from './former-credentials.ts';
import { checkDatabase, migrate } from './migrations/migrate.ts';
import { createPolicyStore } from './policies.ts';
import { createIndexer } from './search/indexer.ts';
import { createSessionKeys, type SessionKeys } from './session-keys.ts';
import { createCommitter } from './sqlite/committer.ts';
import { isStorageError, openCommitted, openHandle } from './sqlite/handle.ts';
import { lockHome } from './sqlite/home-lock.ts';
import { createStore } from './store.ts';

export interface OpenedStore {
  store: Store;
  engine: Engine;
  facts: Facts;
  artifacts: Artifacts;
  formerCredentials: FormerCredentials;
  audit: AuditLedger;
  budgets: BudgetStore;
  policies: PolicyStore;
  sessionKeys: SessionKeys;
  versions: { sqlite: string; schema: number };
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Data folder; created when absent. */
  home: string;
  clock: Clock;
  newId: NewId;
  log: Log;
  concurrency: number;
  laneLimit: number;
}

/**
 * Opens the database of a data folder for this process alone. Throws FaultError HOME_NOT_WRITABLE, HOME_LOCKED,
 * DATABASE_CORRUPT, DATABASE_TOO_NEW.
 */
export const openStore = (options: OpenOptions): OpenedStore => {
  const { home, clock, log } = options;
  const file = join(home, 'reeve.db');
  const lock = atHome(home, () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return lockHome(join(home, 'reeve.lock'));
  });
  try {
    const writer = atDatabase(file, () => openHandle(file, 'writer', checkDatabase));
    // The log and its index take over the mode of the database file.
    chmodSync(file, 0o600);
    const schema = atDatabase(file, () => migrate(writer.raw));
    const reader = openHandle(file, 'reader');
    const committer = createCommitter(writer, (message, code) => log.error({ code }, message));
    const committed = openCommitted(writer, reader);
    const signer = createSigner(atHome(home, () => readAuditKey(join(home, 'audit.key'))));
    const outside = checkpointFile(join(home, 'audit-checkpoints.jsonl'));
    const audit = createAuditWriter(writer.db, clock, signer);
    committer.beforeCommit(audit.seal);
    committer.onCommitted(() => outside.add(audit.takeCheckpoints()));
    const indexer = createIndexer(writer, committer, clock);
    const engine = createEmbeddedEngine({
      writer,
      committed,
      committer,
      clock,
      log,
      concurrency: options.concurrency,
      laneLimit: options.laneLimit,
    });
    return {
      store: createStore(writer, committed, committer, clock, indexer, audit),
      engine,
      facts: createFacts(writer, reader, committer, options.newId),
      artifacts: createArtifacts(reader),
      formerCredentials: createFormerCredentials(writer, reader, committer),
      audit: createAuditLedger({
        writer,
        reader,
        openReader: () => openHandle(file, 'reader'),
        committer,
        clock,
        signer,
        audit,
        outside,
      }),
      budgets: createBudgetStore(writer, reader, committer),
      policies: createPolicyStore(writer, reader, committer),
      sessionKeys: createSessionKeys(writer, reader, committer),
      versions: {
        sqlite: (reader.raw.prepare('SELECT sqlite_version() AS v').get() as { v: string }).v,
        schema,
      },
      async close() {
        indexer.stop();
        await committer.close();
        reader.close();
        writer.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

const atHome = <T>(home: string, fn: () => T): T => {
  try {
    return fn();
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOSPC|SQLITE_CANTOPEN|SQLITE_READONLY)/.test(code)) {
      throw new FaultError('HOME_NOT_WRITABLE', `The data folder ${home} cannot be written (${code}).`, {
        cause: error,
      });
    }
    throw error;
  }
};

const atDatabase = <T>(file: string, fn: () => T): T => {
  try {
    return fn();
  } catch (error) {
    if (!isStorageError(error)) throw error;
    const code = /^SQLITE_(CORRUPT|NOTADB)/.test(error.code) ? 'DATABASE_CORRUPT' : 'HOME_NOT_WRITABLE';
    throw new FaultError(code, `${file} cannot be opened (${error.code}).`, { cause: error });
  }
};
