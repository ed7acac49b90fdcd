import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { StreamItem } from '@reeve/protocol';
import type { CliIo } from '../src/cli/context.ts';
import { runCli } from '../src/cli/run-cli.ts';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  authorization: string | undefined;
}

/** Answers a call with a JSON body, or takes the response over and returns undefined. */
export type Route = (call: Call, response: ServerResponse) => unknown;

/** A gateway that answers from a table; `DELETE /api/tokens/x` is looked up as it is. */
export const startFakeGateway = async (routes: Record<string, Route>) => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const url = new URL(request.url!, 'http://gateway');
      const call: Call = {
        method: request.method!,
        path: url.pathname,
        query: url.searchParams,
        body: text ? JSON.parse(text) : {},
        authorization: request.headers.authorization,
      };
      calls.push(call);
      const route = routes[`${call.method} ${call.path}`];
      const body = route ? route(call, response) : { code: 'NOT_FOUND', message: `no route ${call.path}` };
      if (body === undefined) return;
      response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    routes,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

export const refuse = (response: ServerResponse, status: number, body: unknown): undefined => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export const stream = (response: ServerResponse, items: StreamItem[]): undefined => {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const item of items) response.write(`event: message\ndata: ${JSON.stringify(item)}\n\n`);
};

export const makeHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-cli-'));
  return {
    home,
    announce(url: string, token = 'home-token') {
      mkdirSync(join(home, 'run'), { recursive: true });
      writeFileSync(join(home, 'run', 'gateway.json'), JSON.stringify({ pid: 1, url, token, startedAt: 1 }), {
        mode: 0o600,
      });
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
};

class Recorder extends PassThrough {
  text = '';
  isTTY = false;
  columns = 100;
  override write(chunk: unknown): boolean {
    this.text += String(chunk);
    this.emit('said');
    return true;
  }
  /** Resolves as soon as the text holds `part`. */
  said(part: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.text.includes(part)) return;
        this.off('said', look);
        resolve();
      };
      this.on('said', look);
      look();
    });
  }
}

/** Starts a command line with streams that a test can read and write. */
export const startCli = (argv: string[], env: Record<string, string> = {}) => {
  const stdout = new Recorder();
  const stderr = new Recorder();
  const stdin = Object.assign(new PassThrough(), { isTTY: false, setRawMode: () => {} });
  const abort = new AbortController();
  const io: CliIo = { env, stdin, stdout, stderr, signal: abort.signal, wait: async () => {} };
  return { stdout, stderr, stdin, abort, run: () => runCli(argv, io) };
};

export const cli = async (
  argv: string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
) => {
  const started = startCli(argv, env);
  started.stdin.end(input);
  const code = await started.run();
  return { code, out: started.stdout.text, err: started.stderr.text };
};

const usage = { inputTokens: 3, outputTokens: 2 };

export const delta = (text: string, runId = 'run_1'): StreamItem => ({
  sessionId: 's1',
  type: 'message.delta',
  data: { runId, messageId: `${runId}_a`, text },
});
export const replaced = (text: string, runId = 'run_1'): StreamItem => ({
  sessionId: 's1',
  type: 'message.replaced',
  data: { runId, messageId: `${runId}_a`, text, why: 'reconnected' },
});
export const answered = (seq: number, text: string, runId = 'run_1'): StreamItem => ({
  sessionId: 's1',
  seq,
  at: 1,
  type: 'model.answered',
  data: {
    runId,
    messageId: `${runId}_a`,
    step: 1,
    text,
    toolCalls: [],
    provider: 'p',
    model: 'm',
    finishReason: 'stop',
    usage,
    attempts: [],
    durationMs: 1,
    firstTokenMs: 1,
  },
});
export const finished = (
  seq: number,
  outcome: 'completed' | 'failed' | 'cancelled' = 'completed',
  runId = 'run_1',
): StreamItem => ({
  sessionId: 's1',
  seq,
  at: 1,
  type: 'run.finished',
  data: {
    runId,
    outcome,
    messageId: `${runId}_a`,
    ...(outcome === 'failed' && {
      fault: { code: 'LLM_ERROR' as const, message: 'No model.', next: 'Add one.' },
    }),
  },
});
export const accepted = (seq: number, runId = 'run_1') => ({
  sessionId: 's1',
  messageId: `m_${seq}`,
  runId,
  seq,
  isRepeated: false,
});
export const session = (lastSeq = 0) => ({
  id: 's1',
  title: 'Garden',
  channel: 'http',
  model: null,
  queueMode: 'queue',
  isRunning: false,
  createdAt: 1,
  updatedAt: 1,
  lastSeq,
  messageCount: 0,
  inputTokens: 0,
  outputTokens: 0,
});
