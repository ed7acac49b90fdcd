import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Harness } from '@reeve/testkit';
import { type ClientOptions, WebSocket } from 'ws';
import { complaintsOf } from './wire-schemas.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at, not typed.
export type Frame = any;

/** A socket that keeps everything it was sent, and finds fault with what OpenClaw's schemas do not allow. */
export interface WireSocket extends AsyncDisposable {
  ws: WebSocket;
  frames: Frame[];
  /** Resolves to the close code and reason. */
  closed: Promise<{ code: number; reason: string }>;
  sendText(text: string): void;
  /** The first answer. */
  ask(method: string, params?: unknown, id?: string): Promise<Frame>;
  /** The payload of the first answer; throws when it is a refusal. */
  request(method: string, params?: unknown): Promise<Frame>;
  /** The first frame, also of those already there from `from` on, that matches. */
  until(matches: (frame: Frame) => boolean, from?: number): Promise<Frame>;
  events(name: string): Frame[];
  close(): Promise<void>;
}

export interface OpenOptions {
  path?: string;
  headers?: Record<string, string>;
  origin?: string;
  options?: ClientOptions;
}

const waitMs = 15_000;

/** Opens a socket and says nothing. */
export const openSocket = async (
  gateway: Pick<Harness, 'url'>,
  { path = '/ws', headers = {}, origin, options = {} }: OpenOptions = {},
): Promise<WireSocket> => {
  const ws = new WebSocket(gateway.url.replace('http', 'ws') + path, {
    headers,
    ...(origin !== undefined && { origin }),
    ...options,
  });
  const frames: Frame[] = [];
  const complaints: string[] = [];
  const methods = new Map<string, string>();
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  let isOlder = false;
  let protocol = 4;
  let end: { code: number; reason: string } | undefined;
  let lastSeq = 0;

  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.once('close', (code, reason) => {
      end = { code, reason: String(reason) };
      resolve(end);
      wake();
    }),
  );
  ws.on('message', (data) => {
    const frame = JSON.parse(String(data));
    complaints.push(...complaintsOf(frame, methods.get(frame.id), { isOlder, protocol }));
    protocol = frame.payload?.type === 'hello-ok' ? frame.payload.protocol : protocol;
    if (frame.seq !== undefined && frame.seq !== ++lastSeq)
      complaints.push(`seq ${frame.seq} follows ${lastSeq - 1}`);
    frames.push(frame);
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  ws.on('error', () => {});

  const until = (matches: (frame: Frame) => boolean, from = 0): Promise<Frame> =>
    new Promise((resolve, reject) => {
      let at = from;
      const stop = () => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      const look = () => {
        for (; at < frames.length; at += 1) {
          if (!matches(frames[at])) continue;
          stop();
          resolve(frames[at]);
          return;
        }
        if (!end) return;
        stop();
        reject(
          new Error(`closed with ${end.code} ${end.reason} after ${JSON.stringify(frames).slice(-2000)}`),
        );
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`nothing like it in ${JSON.stringify(frames).slice(-3000)}`));
      }, waitMs);
      waiting.add(look);
      look();
    });
  const sendText = (text: string) => ws.send(text);
  const ask = (method: string, params?: unknown, id: string = randomUUID()) => {
    methods.set(id, method);
    if (method === 'connect') isOlder = !(params as { client?: unknown } | undefined)?.client;
    const from = frames.length;
    sendText(JSON.stringify({ type: 'req', id, method, ...(params !== undefined && { params }) }));
    return until((frame) => frame.type === 'res' && frame.id === id, from);
  };
  const close = async () => {
    ws.close();
    await closed;
    if (complaints.length > 0) throw new Error(`invalid frames: ${complaints.slice(0, 5).join('\n')}`);
  };
  return {
    ws,
    frames,
    closed,
    sendText,
    ask,
    async request(method, params) {
      const answer = await ask(method, params);
      if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
      return answer.payload;
    },
    until,
    events: (name) => frames.filter((frame) => frame.event === name).map((frame) => frame.payload),
    close,
    [Symbol.asyncDispose]: close,
  };
};

export const challengeOf = async (socket: WireSocket): Promise<{ nonce: string; ts: number }> =>
  (await socket.until((frame) => frame.event === 'connect.challenge')).payload;

export const allScopes = ['operator.admin', 'operator.read', 'operator.write', 'operator.approvals'];

/** A connect as OpenClaw's command line sends it. */
export const connectParams = (token: string, more: object = {}): Frame => ({
  minProtocol: 4,
  maxProtocol: 4,
  client: { id: 'cli', version: '2026.9.6', platform: 'linux', deviceFamily: 'Linux', mode: 'cli' },
  caps: [],
  auth: { token },
  role: 'operator',
  scopes: allScopes,
  ...more,
});

/** A socket that is signed in, with its `hello`. */
export const connect = async (
  harness: Pick<Harness, 'url' | 'token'>,
  more: object = {},
  options: OpenOptions = {},
): Promise<WireSocket & { hello: Frame }> => {
  const socket = await openSocket(harness, options);
  await challengeOf(socket);
  const answer = await socket.ask('connect', connectParams(harness.token, more));
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
  return Object.assign(socket, { hello: answer.payload });
};

/** The HTTP status of a handshake that is refused before there is a socket. */
export const refusedUpgrade = (
  gateway: Pick<Harness, 'url'>,
  { path = '/ws', headers = {}, origin }: OpenOptions = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(gateway.url.replace('http', 'ws') + path, {
      headers,
      ...(origin !== undefined && { origin }),
    });
    ws.on('error', () => {});
    ws.once('unexpected-response', (_request, response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode!);
      ws.terminate();
    });
    ws.once('open', () => {
      ws.terminate();
      reject(new Error('it was let in'));
    });
  });
