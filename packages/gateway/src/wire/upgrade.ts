import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@reeve/core';
import { type FaultCode, fault, faultCatalogue } from '@reeve/protocol';
import type { Services } from '../context.ts';
import { endWithFault } from '../http/client-error.ts';
import { sessionCookie } from '../http/cookie.ts';
import type { createOriginPolicy } from '../http/origin.ts';
import type { Admission } from '../identity/admission.ts';
import type { Attempts } from '../identity/attempts.ts';
import { type Entrance, isSameSite } from '../identity/entrance.ts';

export interface WireDoor {
  /** Sockets that said who they are. */
  clients(): number;
  /** Whether one more socket of the caller's address may wait to say who it is. */
  hasRoom(request: IncomingMessage): boolean;
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    credentials: { bearer: string | undefined; cookie: string | undefined; isSameSite: boolean },
  ): void;
  /** Says good-bye to everybody; resolves when all are gone. */
  close(): Promise<void>;
}

export interface Wire {
  clients(): number;
  close(): Promise<void>;
}

export interface WireOptions {
  origins: ReturnType<typeof createOriginPolicy>;
  clock: Clock;
  trustProxy: boolean;
  attempts: Attempts;
  entrance: Entrance;
  admission: Admission;
}

/** Where the wire protocol is spoken. Everything else that wants to be upgraded is an ordinary request. */
const paths: ReadonlySet<string> = new Set(['/', '/ws']);
const pathOf = (request: IncomingMessage) => (request.url ?? '').split('?', 1)[0]!;

/** For the HTTP server: which requests come to {@link openWire} and not to a route. */
export const isWireUpgrade = (request: IncomingMessage): boolean =>
  request.headers.upgrade?.toLowerCase() === 'websocket' && paths.has(pathOf(request));

/**
 * Lets sockets in, after the same questions that every request must answer: is the host ours, is the page. The rest
 * of the wire is loaded when the first one comes.
 */
export const openWire = (server: Server, services: Services, options: WireOptions): Wire => {
  const { origins, clock } = options;
  let door: WireDoor | undefined;
  let isClosed = false;
  const load = async () => (door ??= (await import('./door.ts')).createDoor(services, options));

  const refuse = (socket: Duplex, code: FaultCode) =>
    endWithFault(socket, `${faultCatalogue[code].status} Refused`, fault(code), clock.now());

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const { host, origin, authorization, cookie } = request.headers;
    if (!origins.isHostAllowed(host) || !origins.isOriginAllowed(origin, host!))
      return refuse(socket, 'ORIGIN_REFUSED');
    const isOwnPage = origin !== undefined && !origins.isCorsOrigin(origin);
    void load()
      .then((opened) => {
        if (isClosed) return refuse(socket, 'SHUTTING_DOWN');
        if (socket.destroyed) return;
        if (!opened.hasRoom(request)) return refuse(socket, 'RATE_LIMIT');
        opened.accept(request, socket, head, {
          bearer: authorization === undefined ? undefined : /^Bearer (.+)$/i.exec(authorization)?.[1],
          // A cookie goes along with whatever makes a browser call: it counts for our own page alone.
          cookie: isOwnPage ? cookieOf(cookie) : undefined,
          isSameSite: !origins.isCorsOrigin(origin) && isSameSite(request.headers),
        });
      })
      .catch((error: unknown) => {
        services.log.error({ err: error }, 'an upgrade broke');
        socket.destroy();
      });
  });

  return {
    clients: () => door?.clients() ?? 0,
    async close() {
      isClosed = true;
      await door?.close();
    },
  };
};

const cookieOf = (header: string | undefined): string | undefined =>
  header
    ?.split(';')
    .map((part) => part.trim().split('='))
    .find(([name]) => name === sessionCookie.name)?.[1];
