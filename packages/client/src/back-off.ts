/** Waits `ms`; rejects with the signal's reason when it aborts first. */
export type Wait = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

export const wait: Wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });

const firstMs = 1_000;
const longestMs = 30_000;

/** Milliseconds before try `attempt` (1, 2, …): 1 s doubling to 30 s, of which up to half is left to chance. */
export const backOffMs = (attempt: number, random: () => number): number => {
  const whole = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return Math.max(firstMs, Math.round(whole * (1 - random() / 2)));
};
