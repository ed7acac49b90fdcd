import type { Wait } from '@reeve/client';
import { createStore } from '../lib/store.ts';

/** Whether the gateway answers: told by the stream that is always open while the page is looked at. */
export const connection = createStore<'connecting' | 'live' | 'lost'>('connecting');

const waiting = new Set<() => void>();

/** Whoever waits to try again tries now. */
export const tryNow = (): void => {
  for (const wake of [...waiting]) wake();
};
addEventListener('online', tryNow);
connection.subscribe(() => {
  if (connection.get() === 'live') tryNow();
});

/** Waits `ms`, or until there is reason to believe that it works again. */
export const waitToRetry: Wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const end = (settle: () => void) => () => {
      clearTimeout(timer);
      waiting.delete(wake);
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const wake = end(resolve);
    const stop = end(() => reject(signal?.reason));
    const timer = setTimeout(wake, ms);
    waiting.add(wake);
    signal?.addEventListener('abort', stop, { once: true });
  });

/** A page nobody looks at gives its connections back: a browser has six for all its tabs. */
const hiddenMs = 10_000;

/** Runs `work` while the page is looked at; `work` ends when its signal aborts. */
export const whileVisible = (work: (signal: AbortSignal) => Promise<void>): (() => void) => {
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = () => {
    clearTimeout(timer);
    if (running) return;
    const own = new AbortController();
    running = own;
    void work(own.signal).catch(() => {});
  };
  const end = () => {
    running?.abort();
    running = null;
  };
  const follow = () => {
    if (document.visibilityState === 'visible') begin();
    else timer = setTimeout(end, hiddenMs);
  };
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    clearTimeout(timer);
    end();
  };
};
