import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { checkRequest } from './invariants.ts';
import { type ReplyData, replyUsage } from './reply.ts';
import { createReplyQueue, echoScript, passTime, type Script, untilAborted } from './script.ts';
import { type ChatBody, completionBody, createFrames, doneFrame, toScriptRequest } from './wire.ts';

export interface ReceivedRequest {
  headers: Record<string, string | string[] | undefined>;
  body: ChatBody;
  /** How the exchange ended: `sent` = all of it, `closed` = either side left before. */
  ended: Promise<'sent' | 'closed'>;
}

export interface ModelServerOptions {
  /** Answers requests for which no reply is queued; the default is `You said: …`. */
  script?: Script;
  /** 0 or none = a free one. */
  port?: number;
  /** Deltas of a default answer; the default follows its words. */
  chunks?: number;
  /** Strings that no request body may hold, such as keys and tokens. */
  forbidden?: string[];
  /** Ids that `/models` lists. */
  models?: string[];
}

export interface ModelServer extends AsyncDisposable {
  /** Base URL for an OpenAI client, ends in `/v1`. */
  readonly url: string;
  /** Chat requests in order of arrival. */
  readonly requests: ReceivedRequest[];
  /** What was wrong with the requests so far; tests assert that it is empty. */
  readonly violations: string[];
  enqueue(...replies: ReplyData[]): void;
  setScript(script: Script): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** A model behind HTTP on 127.0.0.1 that speaks OpenAI chat completions and misbehaves as told. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: ReceivedRequest[] = [];
  const violations: string[] = [];
  const queue = createReplyQueue(options.script ?? echoScript(options.chunks));

  const chat = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await readText(incoming);
    const left = new AbortController();
    const ended = new Promise<'sent' | 'closed'>((resolve) => {
      response.once('close', () => {
        left.abort();
        resolve(response.writableFinished ? 'sent' : 'closed');
      });
    });
    const body = parseBody(raw);
    if (body === null) {
      violations.push(`request ${requests.length + 1}: the body is not a JSON object`);
      sendJson(response, 400, { error: { message: 'The body is not JSON.', code: 'invalid_json' } });
      return;
    }
    requests.push({ headers: incoming.headers, body, ended });
    const n = requests.length;
    violations.push(
      ...checkRequest(body, raw, options.forbidden ?? []).map((fault) => `request ${n}: ${fault}`),
    );
    const exchange = { id: `chatcmpl-${n}`, body, promptLength: raw.length, response, signal: left.signal };
    await answer(exchange, queue.take(toScriptRequest(body)));
  };

  const server = createServer((incoming, response) => {
    const path = incoming.url?.split('?')[0];
    if (incoming.method === 'POST' && path === '/v1/chat/completions') {
      chat(incoming, response).catch(() => response.destroy());
    } else if (incoming.method === 'GET' && path === '/v1/models') {
      const data = (options.models ?? ['test-model']).map((id) => ({ id, object: 'model' }));
      sendJson(response, 200, { object: 'list', data });
    } else {
      sendJson(response, 404, { error: { message: 'There is nothing at this path.', code: 'not_found' } });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    violations,
    enqueue: queue.enqueue,
    setScript: queue.setScript,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Exchange {
  id: string;
  body: ChatBody;
  promptLength: number;
  response: ServerResponse;
  /** Aborts when the connection is gone. */
  signal: AbortSignal;
}

async function answer(exchange: Exchange, reply: ReplyData): Promise<void> {
  const { body, response, signal } = exchange;
  if (reply.end.kind === 'status' || body.stream !== true) {
    for (const part of reply.parts)
      if (part.kind === 'hold' || part.kind === 'delay') await passTime(part, signal);
    await answerWhole(exchange, reply);
    return;
  }
  const frames = createFrames(exchange.id, body.model ?? '');
  const write = async (frame: string): Promise<void> => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    await new Promise<void>((resolve, reject) => {
      response.write(frame, (error) => (error ? reject(error) : resolve()));
    });
  };
  let calls = 0;
  let hasStarted = false;
  for (const part of reply.parts) {
    if (part.kind === 'hold' || part.kind === 'delay') {
      await passTime(part, signal);
      continue;
    }
    if (!hasStarted) await write(frames.start());
    hasStarted = true;
    if (part.kind === 'text') await write(frames.text(part.delta));
    else if (part.kind === 'reasoning') await write(frames.reasoning(part.delta));
    else {
      for (const frame of frames.toolCall(calls, part.id, part.name, part.argumentsText)) await write(frame);
      calls += 1;
    }
  }
  const end = reply.end;
  switch (end.kind) {
    case 'hang':
      return untilAborted(signal);
    case 'reset':
      response.destroy();
      return;
    case 'garbled':
      await write('data: {"id":"chatcmpl-x","choices":[{"ind\n\n');
      response.end(doneFrame);
      return;
    case 'halfToolCall':
      for (const frame of frames.toolCall(calls, end.id, end.name, end.argumentsText)) await write(frame);
      response.end();
      return;
    case 'cut':
      response.end();
      return;
    case 'finish': {
      await write(frames.finish(end.reason));
      const usage = replyUsage(reply, exchange.promptLength);
      if (usage !== null && body.stream_options?.include_usage === true) await write(frames.usage(usage));
      response.end(doneFrame);
    }
  }
}

async function answerWhole(exchange: Exchange, reply: ReplyData): Promise<void> {
  const { response, signal, id, body } = exchange;
  const end = reply.end;
  if (end.kind === 'status') {
    const headers = end.retryAfter === null ? {} : { 'retry-after': end.retryAfter };
    const error = { message: end.message, type: 'error', code: end.code };
    sendJson(response, end.status, { error }, headers);
  } else if (end.kind === 'finish') {
    sendJson(
      response,
      200,
      completionBody(id, body.model ?? '', reply, replyUsage(reply, exchange.promptLength)),
    );
  } else if (end.kind === 'hang') {
    await untilAborted(signal);
  } else if (end.kind === 'garbled') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"chatcmpl-x","choi');
  } else {
    response.destroy();
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function parseBody(raw: string): ChatBody | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
