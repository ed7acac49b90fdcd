import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '@reeve/core';
import { type ModelTable, readModelTable } from '@reeve/models';

/** The owner's table of models and prices, which counts more than the one that comes with Reeve. */
export const modelTableFile = (home: string): string => join(home, 'models.json');

/** The owner's table, or nothing: one that cannot be read is said to be so in the log and left out. */
export const readOwnTable = (home: string, log: Log): ModelTable[] => {
  const file = modelTableFile(home);
  try {
    return [readModelTable(readFileSync(file, 'utf8'), file, today(Date.now()))];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') log.warn({ file, reason: message }, 'the table of models cannot be used');
    return [];
  }
};

/** The day of a time, as YYYY-MM-DD. */
export const today = (now: number): string => new Date(now).toISOString().slice(0, 10);
