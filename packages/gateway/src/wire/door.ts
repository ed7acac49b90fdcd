import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, NewId } from '@reeve/core';
import { closeCodes, wireLimits } from '@reeve/protocol/wire';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Services } from '../context.ts';
import { addressOf } from '../identity/address.ts';
import type { Admission } from '../identity/admission.ts';
import type { Attempts } from '../identity/attempts.ts';
import type { Entrance } from '../identity/entrance.ts';
import { tellApprovals } from './approvals.ts';
import type { Connection } from './connection.ts';
import { createDispatch } from './dispatch.ts';
import { createHandshake } from './handshake.ts';
import { healthOf, helloFor } from './hello.ts';
import { createHub } from './hub.ts';
import { methods } from './methods/index.ts';
import { createSessionNames } from './names.ts';
import { createRunNames } from './run-names.ts';
import { serveSocket } from './socket.ts';
import { createTicker } from './ticker.ts';
import type { WireDoor } from './upgrade.ts';

/** The counts behind `health` are read at most this often, however many sockets greet. */
const healthMs = 5_000;

/** Everything behind an upgrade that was let through. Loaded with the first one. */
export const createDoor = (
  services: Services,
  options: {
    clock: Clock;
    trustProxy: boolean;
    attempts: Attempts;
    entrance: Entrance;
    admission: Admission;
  },
): WireDoor => {
  const { core, store, identity, log, system } = services;
  const { clock, attempts, entrance } = options;
  const newId: NewId = (prefix) => prefix + randomUUID();
  const names = createSessionNames(services.sessionKeys, newId);
  const runNames = createRunNames(store);
  const hub = createHub({ bus: core.bus, store, names, runNames, log, now: clock.now });
  const dispatch = createDispatch(methods, services, options.admission, {
    names,
    runNames,
    hub,
    clock,
    newId,
  });
  const handshake = createHandshake({ identity, authority: core.authority, entrance, attempts, clock });
  const ticker = createTicker(clock);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: wireLimits.maxPayloadBytes,
  });
  const sockets = new Map<WebSocket, Connection | null>();
  const stopTelling = tellApprovals({
    core,
    names,
    log,
    connections: () => [...sockets.values()].filter((connection) => connection !== null),
  });
  /** Sockets by address that have not said who they are. */
  const waiting = new Map<string, number>();

  let health: { until: number; value: ReturnType<typeof healthOf> } | undefined;
  const currentHealth = () => {
    const now = clock.now();
    if (!health || now >= health.until) health = { until: now + healthMs, value: healthOf(services, now) };
    return health.value;
  };

  return {
    clients: () => {
      let count = 0;
      for (const connection of sockets.values()) if (connection) count += 1;
      return count;
    },

    hasRoom: (request) =>
      (waiting.get(addressOf(request, options.trustProxy)) ?? 0) < wireLimits.unauthenticatedPerAddress,

    accept(request: IncomingMessage, raw: Duplex, head: Buffer, credentials) {
      const address = addressOf(request, options.trustProxy);
      waiting.set(address, (waiting.get(address) ?? 0) + 1);
      let isWaiting = true;
      const stopWaiting = () => {
        if (!isWaiting) return;
        isWaiting = false;
        const left = (waiting.get(address) ?? 1) - 1;
        if (left > 0) waiting.set(address, left);
        else waiting.delete(address);
      };
      // A handshake that ws itself refuses never becomes a socket.
      raw.once('close', stopWaiting);
      server.handleUpgrade(request, raw, head, (ws) => {
        sockets.set(ws, null);
        serveSocket(
          ws,
          raw as NetSocket,
          {
            address,
            ...credentials,
            peer: request.socket.remoteAddress,
            header: (name) => request.headers[name.toLowerCase()]?.toString(),
          },
          {
            clock,
            log,
            handshake,
            dispatch,
            onRevoked: identity.onRevoked,
            hello: async (admitted, connectionId) =>
              helloFor(admitted, {
                version: system.version,
                connectionId,
                methods: dispatch.names,
                health: await currentHealth(),
                now: clock.now(),
                uptimeMs: Math.max(0, clock.now() - system.startedAt),
              }),
            opened(connection) {
              stopWaiting();
              sockets.set(ws, connection);
              ticker.add(ws, connection);
            },
            closed(connection) {
              sockets.delete(ws);
              ticker.remove(ws);
              if (connection) hub.leave(connection);
            },
          },
        );
      });
    },

    async close() {
      ticker.stop();
      const closing = [...sockets].map(
        ([ws, connection]) =>
          new Promise<void>((resolve) => {
            ws.once('close', () => resolve());
            connection?.event('shutdown', JSON.stringify({ reason: 'gateway stopping' }));
            ws.close(closeCodes.restart, 'service restart');
          }),
      );
      // Real time, for it is a promise to whoever stops the process.
      const patience = setTimeout(() => {
        for (const ws of sockets.keys()) ws.terminate();
      }, farewellMs);
      await Promise.all(closing);
      clearTimeout(patience);
      stopTelling();
      hub.close();
    },
  };
};

const farewellMs = 1_000;
