import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Fault, fault } from '@reeve/protocol';
import type { ConnectionError } from 'fastify';
import { faultBody } from './faults.ts';

/** For answers that come before any route or hook: nothing in them may be run, embedded or guessed at. */
export const bareHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const refusals: Record<string, { line: string; value: Fault }> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    value: fault('PROTOCOL_ERROR', 'The address or the headers of the request are too long.'),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    value: fault('PROTOCOL_ERROR', 'The request did not arrive whole in time.'),
  },
};
const malformed = {
  line: '400 Bad Request',
  value: fault('PROTOCOL_ERROR', 'This is not a valid HTTP request.'),
};

/** Answers what the HTTP parser refused in the same shape as any other error, and ends the connection. */
export const answerClientError = (error: ConnectionError, socket: Socket, now: number): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, value } = refusals[error.code] ?? malformed;
  endWithFault(socket, line, value, now);
};

/** An answer where there is no reply to write it to, and the end of the connection. */
export const endWithFault = (socket: Duplex, line: string, value: Fault, now: number): void => {
  const body = JSON.stringify(faultBody(value, now));
  const headers = {
    ...bareHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${line}\r\n${lines.join('')}\r\n${body}`);
};
