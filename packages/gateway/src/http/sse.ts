import type { FastifyReply } from 'fastify';

const heartbeatMs = 15_000;

/** No cache and no proxy may keep events back. */
export const streamHeaders = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

export interface Sse {
  /** Resolves once the client can take more. */
  send(data: string): Promise<void>;
  end(): void;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** A server-sent event stream in the plain form that OpenAI's clients read: `data:` lines, comments as heartbeat. */
export const openSse = (reply: FastifyReply): Sse => {
  const gone = new AbortController();
  const { raw } = reply;
  const headers = reply.getHeaders();
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    ...streamHeaders,
  });
  raw.flushHeaders();
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
        raw.once('drain', resolve);
        raw.once('close', resolve);
      });
    },
    end() {
      clearInterval(heartbeat);
      raw.end();
    },
  };
};
