import { WebSocket } from 'ws';

export interface SocketClient {
  /** One turn over the socket: resolves when the final frame of its run has come. */
  say(text: string, sessionKey: string): Promise<void>;
  close(): void;
}

let requests = 0;

/** A client of wire protocol v4 that does no more than it must. Resolves when the gateway has said hello. */
export const connectSocket = (url: string, token: string): Promise<SocketClient> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false });
    const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
    const send = (method: string, params: object): string => {
      requests += 1;
      const id = `bench-${requests}`;
      socket.send(JSON.stringify({ type: 'req', id, method, params }));
      return id;
    };
    const settle = (id: string, error?: Error) => {
      const entry = waiting.get(id);
      waiting.delete(id);
      if (error) entry?.reject(error);
      else entry?.resolve();
    };
    let helloId = '';
    socket.on('error', reject);
    socket.on('close', (code) => {
      for (const id of [...waiting.keys()]) settle(id, new Error(`the socket was closed: ${code}`));
    });
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as {
        type: string;
        id?: string;
        ok?: boolean;
        event?: string;
        payload?: { runId?: string; state?: string; errorMessage?: string };
        error?: { message: string };
      };
      if (frame.type === 'event' && frame.event === 'connect.challenge') {
        helloId = send('connect', {
          minProtocol: 4,
          maxProtocol: 4,
          client: { id: 'cli', version: '1.0.0', platform: 'linux', mode: 'cli' },
          role: 'operator',
          scopes: ['operator.read', 'operator.write'],
          caps: [],
          auth: { token },
        });
      } else if (frame.type === 'res' && frame.id === helloId) {
        if (!frame.ok) reject(new Error(frame.error?.message));
        else
          resolve({
            say: (text, sessionKey) =>
              new Promise((done, failed) => {
                requests += 1;
                const runId = `run-${process.pid}-${requests}`;
                waiting.set(runId, { resolve: done, reject: failed });
                send('chat.send', { sessionKey, message: text, deliver: false, idempotencyKey: runId });
              }),
            close: () => socket.close(),
          });
      } else if (frame.type === 'res' && frame.ok === false) {
        for (const id of [...waiting.keys()]) settle(id, new Error(frame.error?.message));
      } else if (frame.event === 'chat' && frame.payload?.runId) {
        if (frame.payload.state === 'final') settle(frame.payload.runId);
        else if (frame.payload.state === 'error' || frame.payload.state === 'aborted')
          settle(frame.payload.runId, new Error(frame.payload.errorMessage ?? frame.payload.state));
      }
    });
  });
