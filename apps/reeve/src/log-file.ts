import { createReadStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '@reeve/core';
import pino from 'pino';

export interface LogFile {
  log: Log;
  setLevel(level: string): void;
  /** The last `lines` lines and, when following, those to come until `signal` aborts. */
  read(lines: number, isFollowing: boolean, signal: AbortSignal): AsyncGenerator<{ line: string }>;
  close(): Promise<void>;
}

/** At start, a log larger than this makes way: one older file is kept. */
const rotateBytes = 10 * 1024 * 1024;
/** Lines a follower may be behind before it loses some. */
const followLimit = 5_000;

/** Only what identifies an error: a cause may carry requests, headers, keys. */
const describeError = (error: unknown) =>
  error instanceof Error
    ? {
        type: error.name,
        message: error.message,
        ...('code' in error && { code: error.code }),
        stack: error.stack,
      }
    : { message: String(error) };

/** Opens `logs/reeve.log`; every line passes through `redact` before anybody sees it. */
export const openLogFile = (home: string, level: string, redact: (line: string) => string): LogFile => {
  const folder = join(home, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'reeve.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateBytes) renameSync(file, `${file}.1`);
  const destination = pino.destination({ dest: file, sync: false, mode: 0o600, minLength: 0 });
  // A full disk must not take the program down with it; the failure shows in `status`.
  destination.on('error', () => {});
  const followers = new Set<(line: string) => void>();
  const stream = {
    write(written: string) {
      const line = redact(written);
      destination.write(line);
      for (const follow of followers) follow(line.trimEnd());
    },
  };
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    stream,
  );

  const lastLines = async (count: number): Promise<string[]> => {
    const lines: string[] = [];
    if (count === 0) return lines;
    const input = createReadStream(file, { encoding: 'utf8' });
    input.on('error', () => {});
    for await (const line of createInterface({ input })) {
      lines.push(line);
      if (lines.length > count) lines.shift();
    }
    return lines;
  };

  return {
    log,
    setLevel: (next) => {
      log.level = next;
    },
    async *read(count, isFollowing, signal) {
      const waiting: string[] = [];
      let wake: (() => void) | undefined;
      const follow = (line: string) => {
        if (waiting.length < followLimit) waiting.push(line);
        wake?.();
      };
      const aborted = () => wake?.();
      signal.addEventListener('abort', aborted);
      if (isFollowing) followers.add(follow);
      try {
        destination.flush();
        for (const line of await lastLines(count)) yield { line };
        while (isFollowing && !signal.aborted) {
          const line = waiting.shift();
          if (line !== undefined) yield { line };
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted) resolve();
            });
        }
      } finally {
        followers.delete(follow);
        signal.removeEventListener('abort', aborted);
      }
    },
    close: () =>
      new Promise((resolve) => {
        destination.once('close', () => resolve());
        destination.once('error', () => resolve());
        destination.end();
      }),
  };
};
