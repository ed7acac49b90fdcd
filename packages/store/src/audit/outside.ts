import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { AuditCheckpoint } from '@reeve/core';
import type { OutsideCheckpoints } from './ledger.ts';

/** A file beside the database, one checkpoint a line, only ever added to. A line that does not parse is no checkpoint. */
export const checkpointFile = (file: string): OutsideCheckpoints => ({
  add(checkpoints) {
    if (checkpoints.length === 0) return;
    appendFileSync(file, checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join(''), {
      mode: 0o600,
    });
  },
  read(tenantId) {
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          const checkpoint = JSON.parse(line) as AuditCheckpoint;
          return checkpoint.tenantId === tenantId ? [checkpoint] : [];
        } catch {
          return [];
        }
      });
  },
});
