import { cpuMs } from './process-stats.ts';

/** A process that answers. */
export interface Target {
  pid: number;
  /** One question and its whole answer; `user` names the conversation. */
  say(text: string, user: string): Promise<unknown>;
}

/** Turns before a session is left for a new one, so that the history stays that of a short conversation. */
const turnsPerSession = 5;
let sessions = 0;

/** So many turns by so many speakers at once: turns a second, CPU of the target a turn, latencies in ms. */
export const runLoad = async (target: Target, concurrency: number, turns: number) => {
  const latencies: number[] = [];
  const cpuBefore = cpuMs(target.pid);
  const startedAt = performance.now();
  const count = Math.ceil(turns);
  let left = count;
  const worker = async () => {
    let user = '';
    for (let turn = 0; left > 0; turn += 1) {
      left -= 1;
      if (turn % turnsPerSession === 0) {
        sessions += 1;
        user = `bench-${process.pid}-${sessions}`;
      }
      const sentAt = performance.now();
      await target.say(`Message ${turn} of a short conversation.`, user);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const elapsed = performance.now() - startedAt;
  return { rate: (count * 1000) / elapsed, cpuMs: (cpuMs(target.pid) - cpuBefore) / count, latencies };
};
