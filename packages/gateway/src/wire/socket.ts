import { randomUUID } from 'node:crypto';
import type { Socket as NetSocket } from 'node:net';
import type { Clock, Log, Principal } from '@reeve/core';
import {
  closeCodes,
  connectParamsSchema,
  readRequest,
  type WireError,
  type WireRequest,
  wireLimits,
} from '@reeve/protocol/wire';
import type { WebSocket } from 'ws';
import { type Connection, createConnection } from './connection.ts';
import type { Dispatch } from './dispatch.ts';
import { invalidRequest } from './faults.ts';
import type { Admitted, Caller, Handshake } from './handshake.ts';

export interface SocketDeps {
  clock: Clock;
  log: Log;
  handshake: Handshake;
  dispatch: Dispatch;
  onRevoked: (principal: Principal, end: () => void) => () => void;
  hello: (admitted: Admitted, connectionId: string) => Promise<object>;
  /** Once it is known who it is. */
  opened: (connection: Connection) => void;
  /** Once, whatever happened. `connection` is null for one that never said who it is. */
  closed: (connection: Connection | null) => void;
}

/**
 * One socket from its first byte to its last: challenge, the first request, then requests until it ends. A socket
 * that has not proven who it is gets nothing but the challenge and the answer to its first request.
 */
export const serveSocket = (ws: WebSocket, raw: NetSocket, caller: Caller, deps: SocketDeps): void => {
  const { clock, dispatch } = deps;
  const id = randomUUID();
  const nonce = randomUUID();
  const load = { requests: 0 };
  let connection: Connection | null = null;
  let isConnecting = false;
  let stopWatching = () => {};
  let limit = { until: 0, messages: 0 };

  // Counted on the wire: what is not whole yet must not pile up either.
  let received = 0;
  const count = (chunk: Buffer) => {
    received += chunk.length;
    if (received > wireLimits.beforeAuthBytes + framingBytes)
      end(closeCodes.tooBig, 'frame too big before connect');
  };
  raw.on('data', count);
  const stopWaiting = clock.at(clock.now() + wireLimits.handshakeMs, () =>
    end(closeCodes.refused, 'handshake timeout'),
  );

  const send = (frame: object) => ws.readyState === ws.OPEN && ws.send(JSON.stringify(frame));
  const end = (code: number, reason: string) => {
    ws.close(code, reason);
    // Whoever does not answer the close is let go all the same.
    clock.at(clock.now() + closeGraceMs, () => ws.terminate());
  };
  const refuse = (requestId: string, error: WireError, code: number) => {
    send({ type: 'res', id: requestId, ok: false, error });
    end(code, error.message.slice(0, 120));
  };

  const connect = async ({ id: requestId, method, params }: WireRequest): Promise<void> => {
    if (method !== 'connect')
      return refuse(
        requestId,
        invalidRequest('first request must be connect', 'PROTOCOL_ERROR'),
        closeCodes.refused,
      );
    const parsed = connectParamsSchema.safeParse(params);
    if (!parsed.success)
      return refuse(
        requestId,
        invalidRequest('invalid connect params', 'INVALID_PARAMS'),
        closeCodes.refused,
      );
    const admitted = await deps.handshake(parsed.data, caller, nonce, (principal) => {
      stopWatching = deps.onRevoked(principal, () => end(closeCodes.refused, 'credential revoked'));
    });
    if (ws.readyState !== ws.OPEN) return stopWatching();
    if (!admitted.ok) {
      stopWatching();
      return refuse(requestId, admitted.error, admitted.closeCode);
    }
    const { protocol, dialect, principal, scopes } = admitted;
    const hello = await deps.hello(admitted, id);
    if (ws.readyState !== ws.OPEN) return stopWatching();
    stopWaiting();
    raw.off('data', count);
    connection = createConnection(ws, {
      id,
      protocol,
      dialect,
      principal,
      address: caller.address,
      scopes: new Set(scopes),
      close: end,
    });
    connection.respond(requestId, hello);
    deps.opened(connection);
  };

  const isTooMany = (): boolean => {
    const now = clock.now();
    if (now >= limit.until) limit = { until: now + wireLimits.windowMs, messages: 0 };
    limit.messages += 1;
    return limit.messages > wireLimits.messagesPerWindow;
  };

  /** Frames that came together with the first request. Few: all of it counts against the bytes before connect. */
  let early: [Buffer, boolean][] = [];
  const take = (data: Buffer, isBinary: boolean): void => {
    if (ws.readyState !== ws.OPEN) return;
    if (isConnecting) {
      early.push([data, isBinary]);
      return;
    }
    if (connection && isTooMany()) {
      end(closeCodes.refused, 'too many messages');
      return;
    }
    const most =
      connection === null
        ? wireLimits.beforeAuthBytes
        : connection.dialect === 'older'
          ? wireLimits.olderMaxPayloadBytes
          : wireLimits.maxPayloadBytes;
    if (data.length > most) {
      end(closeCodes.tooBig, 'frame too big');
      return;
    }
    const request = isBinary ? null : readRequest(parse(data));
    if (!request) return;
    if (connection) {
      if (request.method === 'connect')
        connection.refuse(request.id, invalidRequest('connected already', 'PROTOCOL_ERROR'));
      else void dispatch.run(connection, request, load);
      return;
    }
    isConnecting = true;
    // What follows waits in the kernel until it is known who sends it.
    ws.pause();
    void connect(request)
      .catch((error: unknown) => {
        deps.log.error({ connection: id, err: error }, 'a connect broke');
        end(1011, 'internal error');
      })
      .finally(() => {
        isConnecting = false;
        const waiting = early;
        early = [];
        for (const [data, isBinary] of waiting) take(data, isBinary);
        ws.resume();
      });
  };
  ws.on('message', take);
  // Frames that break the protocol: ws closes with the fitting code. What they held is nobody's business.
  ws.on('error', () => {});
  ws.once('close', () => {
    stopWaiting();
    stopWatching();
    raw.off('data', count);
    deps.closed(connection);
  });

  send({ type: 'event', event: 'connect.challenge', payload: { nonce, ts: Math.floor(clock.now()) } });
};

/** Headers of a few frames. */
const framingBytes = 256;
const closeGraceMs = 5_000;

const parse = (data: Buffer): unknown => {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return null;
  }
};
