import type { ServerResponse } from 'node:http';
import { type ReplyData, reasoningOf } from './reply.ts';
import { passTime, untilAborted } from './script.ts';
import type { Exchange, ModelWire, StatusEnd } from './wires/model-wire.ts';

export interface Answering {
  wire: ModelWire;
  exchange: Exchange;
  isStream: boolean;
  response: ServerResponse;
  /** Aborts when the connection is gone. */
  signal: AbortSignal;
}

/** Sends a reply as its wire writes it, with every fault it holds. Rejects when the connection is gone. */
export async function playReply(answering: Answering, reply: ReplyData): Promise<void> {
  const { wire, response, isStream, exchange } = answering;
  const reasoning = reasoningOf(reply);
  if (reasoning !== '') exchange.signatures.note(reasoning);
  if (isStream && reply.end.kind !== 'status') await playStream(answering, reply);
  else {
    for (const part of reply.parts)
      if (part.kind === 'hold' || part.kind === 'delay') await passTime(part, answering.signal);
    if (reply.end.kind === 'status') sendError(wire, response, reply.end);
    else await playWhole(answering, reply);
  }
}

async function playStream(answering: Answering, reply: ReplyData): Promise<void> {
  const { wire, exchange, response, signal } = answering;
  const frames = wire.frames(exchange);
  const write = createWrite(response, wire.contentType, reply.diesAfterBytes);
  let hasStarted = false;
  const send = async (...texts: string[]): Promise<void> => {
    for (const text of hasStarted ? texts : [...frames.start(), ...texts]) await write(text);
    hasStarted = true;
  };
  for (const part of reply.parts) {
    if (part.kind === 'hold' || part.kind === 'delay') await passTime(part, signal);
    // The start goes first, also where it numbers what follows.
    else if (!hasStarted) await send();
    if (part.kind === 'text') await send(...frames.text(part.delta));
    else if (part.kind === 'reasoning') await send(...frames.reasoning(part.delta));
    else if (part.kind === 'toolCall') await send(...frames.toolCall(part));
  }
  const { end } = reply;
  switch (end.kind) {
    case 'hang':
      return untilAborted(signal);
    case 'reset':
      response.destroy();
      return;
    case 'garbled':
      await send(frames.garbled());
      await send(...frames.finish('stop'));
      break;
    case 'halfToolCall':
      await send();
      await send(...frames.halfToolCall(end));
      break;
    case 'finish':
      await send();
      await send(...frames.finish(end.reason));
      break;
    case 'cut':
    case 'status':
      break;
  }
  response.end();
}

async function playWhole(answering: Answering, reply: ReplyData): Promise<void> {
  const { wire, exchange, response, signal } = answering;
  const write = createWrite(response, 'application/json', reply.diesAfterBytes);
  switch (reply.end.kind) {
    case 'finish':
      await write(JSON.stringify(wire.whole(exchange, reply)));
      response.end();
      return;
    case 'hang':
      return untilAborted(signal);
    case 'garbled':
      await write('{"id":"x","choi');
      response.end();
      return;
    default:
      response.destroy();
  }
}

/** Writes texts in order; destroys the connection and rejects when `limit` bytes of the body are sent. */
function createWrite(response: ServerResponse, contentType: string, limit = Number.POSITIVE_INFINITY) {
  let sent = 0;
  return async (text: string): Promise<void> => {
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
      response.flushHeaders();
    }
    const bytes = Buffer.from(text).subarray(0, limit - sent);
    await new Promise<void>((resolve, reject) => {
      response.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    sent += bytes.length;
    if (sent < limit) return;
    response.destroy();
    throw new Error('The reply dies here.');
  };
}

export function sendError(wire: ModelWire, response: ServerResponse, end: StatusEnd): void {
  const { body, headers = {} } = wire.error(end);
  sendJson(response, end.status, body, headers);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
