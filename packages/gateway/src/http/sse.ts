import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../identity/identity.ts';

const heartbeatMs = 15_000;

/** No cache and no proxy may keep events back. */
const streamHeaders = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/** Makes an answer a stream, which ends with the credential that opened it: a revoked token hears nothing more. */
export const prepareStream = (
  identity: Identity,
  { principal }: FastifyRequest,
  reply: FastifyReply,
): void => {
  reply.headers(streamHeaders);
  if (principal)
    reply.raw.once(
      'close',
      identity.onRevoked(principal, () => reply.raw.destroy()),
    );
};

export interface Sse {
  /** Resolves once the client can take more. */
  send(data: string): Promise<void>;
  end(): void;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** On a reply made ready by {@link prepareStream}: a server-sent event stream in the plain form that OpenAI's clients read: `data:` lines, comments as heartbeat. */
export const openSse = (reply: FastifyReply): Sse => {
  const gone = new AbortController();
  const { raw } = reply;
  const headers = reply.getHeaders();
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
  });
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
  raw.once('close', () => {
    clearInterval(heartbeat);
    if (!raw.writableFinished) gone.abort();
  });
  raw.on('error', () => gone.abort());
  return {
    signal: gone.signal,
    async send(data) {
      if (gone.signal.aborted || raw.write(`data: ${data}\n\n`)) return;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          raw.off('drain', goOn).off('close', goOn);
          resolve();
        };
        raw.on('drain', goOn).on('close', goOn);
      });
    },
    end() {
      clearInterval(heartbeat);
      raw.end();
    },
  };
};
