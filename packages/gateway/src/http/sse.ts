import type { FastifyReply, FastifyRequest } from 'fastify';

const heartbeatMs = 15_000;

/** Events that come within this time of the last write travel together: a write costs more than what is in it. */
const coalesceMs = 10;

/** No cache and no proxy may keep events back. */
const streamHeaders = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/** Makes an answer a stream, which ends with the credential that opened it: a revoked token hears nothing more. */
export const prepareStream = ({ credential }: FastifyRequest, reply: FastifyReply): void => {
  reply.headers(streamHeaders);
  credential?.endWithIt();
};

export interface Sse {
  /** Resolves once the client can take more. What is lazy waits for what follows it. */
  send(data: string, options?: { isLazy?: boolean }): Promise<void>;
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
  let pending = '';
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  /** False when the client cannot take more for now. */
  const flush = (): boolean => {
    clearTimeout(timer);
    timer = undefined;
    if (pending === '' || gone.signal.aborted) return true;
    const text = pending;
    pending = '';
    writtenAt = performance.now();
    return raw.write(text);
  };
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
  const leave = () => {
    clearInterval(heartbeat);
    clearTimeout(timer);
    if (!raw.writableFinished) gone.abort();
  };
  raw.once('close', leave);
  raw.on('error', leave);
  // The client may have left while the answer was being prepared: nothing would tell of it any more.
  if (raw.destroyed) leave();
  return {
    signal: gone.signal,
    async send(data, { isLazy = false } = {}) {
      pending += `data: ${data}\n\n`;
      if (isLazy || performance.now() - writtenAt < coalesceMs) {
        timer ??= setTimeout(flush, coalesceMs);
        if (!raw.writableNeedDrain) return;
      } else if (flush()) return;
      if (gone.signal.aborted) return;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          raw.off('drain', goOn).off('close', goOn);
          resolve();
        };
        raw.on('drain', goOn).on('close', goOn);
      });
    },
    end() {
      flush();
      clearInterval(heartbeat);
      raw.end();
    },
  };
};
