/**
 * The fake model as a program of its own, for benchmarks:
 * `node packages/testkit/src/model/model-server-main.ts --port 0 --chunks 16 [--delay-ms N] [--writes each|once]`.
 * Prints `{"url":"http://127.0.0.1:…/v1"}` when it listens. Every answer is the same, built once, so that the
 * program costs next to nothing beside what is measured. `--delay-ms` waits before the first token. `--writes
 * once` (the default) hands all events to the socket together; `each` sends every event on its own, as a slow
 * model does, at about ten times the CPU.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { splitText } from './reply.ts';
import { createFrames, doneFrame } from './wires/openai-chat.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    chunks: { type: 'string', default: '16' },
    'delay-ms': { type: 'string', default: '0' },
    writes: { type: 'string', default: 'once' },
  },
});
const chunks = Number(values.chunks);
const delayMs = Number(values['delay-ms']);

const model = 'test-model';
const text = 'You said: hello.'.padEnd(chunks * 5, ' And that is what I heard.');
const usage = { inputTokens: 100, outputTokens: chunks };
const frames = createFrames('chatcmpl-1', model);
const deltas = splitText(text, chunks).map((delta) => Buffer.from(frames.text(delta)));
const tail = Buffer.from(frames.finish('stop') + frames.usage(usage) + doneFrame);
const events = [Buffer.from(frames.start()), ...deltas, tail];
const stream = Buffer.concat(events);
const whole = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: chunks, total_tokens: 100 + chunks },
});
const listing = JSON.stringify({ object: 'list', data: [{ id: model, object: 'model' }] });

const json = { 'content-type': 'application/json' };
const eventStream = { 'content-type': 'text/event-stream' };

function answer(response: ServerResponse, isStream: boolean): void {
  if (!isStream) {
    response.writeHead(200, json).end(whole);
    return;
  }
  response.writeHead(200, eventStream);
  if (values.writes === 'once') {
    response.end(stream);
    return;
  }
  let next = 0;
  const writeNext = (): void => {
    const event = events[next];
    next += 1;
    if (event === undefined) response.end();
    else response.write(event, () => setImmediate(writeNext));
  };
  writeNext();
}

const streamFlag = /"stream":\s*true/;
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, json).end(listing);
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    body += piece;
  });
  request.on('end', () => {
    const isStream = streamFlag.test(body);
    if (delayMs > 0) setTimeout(answer, delayMs, response, isStream);
    else answer(response, isStream);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }));
});
