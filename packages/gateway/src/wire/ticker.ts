import type { Clock } from '@reeve/core';
import { wireLimits } from '@reeve/protocol/wire';
import type { WebSocket } from 'ws';
import type { Connection } from './connection.ts';

/** Sockets that were heard of since the last tick need no proof of life. */
export interface Ticker {
  add(ws: WebSocket, connection: Connection): void;
  remove(ws: WebSocket): void;
  stop(): void;
}

/** One timer for all sockets: tells each that we are there, and lets go of those that are not. */
export const createTicker = (clock: Clock): Ticker => {
  const sockets = new Map<WebSocket, { connection: Connection; isAlive: boolean }>();
  let stopTimer: (() => void) | undefined;

  const tick = () => {
    const ts = clock.now();
    const payload = JSON.stringify({ ts });
    for (const [ws, state] of sockets) {
      if (!state.isAlive) {
        ws.terminate();
        continue;
      }
      state.isAlive = false;
      ws.ping();
      state.connection.event('tick', payload);
    }
    stopTimer = sockets.size > 0 ? clock.at(ts + wireLimits.tickMs, tick) : undefined;
  };

  return {
    add(ws, connection) {
      const state = { connection, isAlive: true };
      sockets.set(ws, state);
      const heard = () => {
        state.isAlive = true;
      };
      ws.on('pong', heard);
      ws.on('message', heard);
      stopTimer ??= clock.at(clock.now() + wireLimits.tickMs, tick);
    },
    remove: (ws) => void sockets.delete(ws),
    stop: () => stopTimer?.(),
  };
};
