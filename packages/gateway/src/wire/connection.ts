import type { Principal } from '@reeve/core';
import {
  closeCodes,
  type OperatorScope,
  type WireDialect,
  type WireError,
  type WireProtocol,
  wireLimits,
} from '@reeve/protocol/wire';
import type { WebSocket } from 'ws';

/** An authenticated socket. Nothing here throws; what is sent to a socket that is gone is dropped. */
export interface Connection {
  readonly id: string;
  readonly protocol: WireProtocol;
  readonly dialect: WireDialect;
  readonly principal: Principal;
  /** Where it comes from, as a name to count by. */
  readonly address: string;
  readonly scopes: ReadonlySet<OperatorScope>;
  /** Aborts when the socket is gone. */
  readonly signal: AbortSignal;
  respond(id: string, payload: object): void;
  refuse(id: string, error: WireError): void;
  /** `payload` is JSON text: what goes to many is made once. */
  event(name: string, payload: string): void;
  /** An event about a session; it waits while the session is {@link hold held}. `seq` is its place in the journal. */
  deliver(sessionId: string, name: string, payload: string, seq?: number): void;
  /**
   * Keeps back what happens in a session until the result is called: an answer comes before what it started, and what
   * was missed before what is new. Events with a place up to `through` are known by then and fall away.
   */
  hold(sessionId: string): (through?: number) => void;
  /** False while so much waits for the client that fragments are better told together later. */
  canTakeFragments(): boolean;
  /** Ends the socket, whether or not the client answers. */
  readonly close: (code: number, reason: string) => void;
}

export const createConnection = (
  ws: WebSocket,
  facts: Pick<Connection, 'id' | 'protocol' | 'dialect' | 'principal' | 'address' | 'scopes' | 'close'>,
): Connection => {
  const { close } = facts;
  let seq = 0;
  let gone: AbortController | undefined;
  const held = new Map<
    string,
    { holders: number; waiting: { name: string; payload: string; seq: number }[] }
  >();
  const maxBuffered =
    facts.dialect === 'older' ? wireLimits.olderMaxBufferedBytes : wireLimits.maxBufferedBytes;

  const send = (text: string) => {
    if (ws.readyState !== ws.OPEN) return;
    // What waited before this frame: how long the frame itself is, is no fault of the client's.
    if (ws.bufferedAmount > maxBuffered) close(closeCodes.tooSlow, 'slow consumer');
    else ws.send(text);
  };
  const event = (name: string, payload: string) => {
    if (ws.readyState !== ws.OPEN) return;
    seq += 1;
    send(`{"type":"event","event":"${name}","payload":${payload},"seq":${seq}}`);
  };
  return {
    ...facts,
    // Made when asked for: most sockets only listen.
    get signal() {
      if (!gone) {
        gone = new AbortController();
        if (ws.readyState === ws.OPEN) ws.once('close', () => gone!.abort());
        else gone.abort();
      }
      return gone.signal;
    },
    respond: (id, payload) =>
      send(`{"type":"res","id":${JSON.stringify(id)},"ok":true,"payload":${JSON.stringify(payload)}}`),
    refuse: (id, error) =>
      send(`{"type":"res","id":${JSON.stringify(id)},"ok":false,"error":${JSON.stringify(error)}}`),
    event,
    deliver(sessionId, name, payload, seq = Number.POSITIVE_INFINITY) {
      const hold = held.get(sessionId);
      if (hold) hold.waiting.push({ name, payload, seq });
      else event(name, payload);
    },
    hold(sessionId) {
      const hold = held.get(sessionId) ?? { holders: 0, waiting: [] };
      held.set(sessionId, hold);
      hold.holders += 1;
      let isReleased = false;
      return (through = 0) => {
        if (isReleased) return;
        isReleased = true;
        hold.holders -= 1;
        hold.waiting = hold.waiting.filter((one) => one.seq > through);
        if (hold.holders > 0) return;
        held.delete(sessionId);
        for (const { name, payload } of hold.waiting) event(name, payload);
      };
    },
    canTakeFragments: () => ws.readyState === ws.OPEN && ws.bufferedAmount < wireLimits.fragmentBufferedBytes,
  };
};
