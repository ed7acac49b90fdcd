import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { checkRequest } from './invariants.ts';
import { playReply, sendError, sendJson } from './play.ts';
import { createPromptCache, type PromptCacheFigures, type PromptCacheOptions } from './prompt-cache.ts';
import { replyUsage } from './reply.ts';
import { createReplyQueue, echoScript, type Script, type ScriptRequest } from './script.ts';
import { createSignatureLedger } from './signatures.ts';
import { countTokens, promptLength } from './token-count.ts';
import { modelWires } from './wires/index.ts';
import { type ModelWire, type Protocol, type Route, refuse } from './wires/model-wire.ts';
import type { ChatBody } from './wires/openai-chat.ts';
import type { JsonRecord } from './wires/read.ts';

export interface ReceivedRequest {
  protocol: Protocol;
  /** Path and query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** As it was sent. The fields of chat completions have their types here, those of other protocols have none. */
  body: ChatBody & JsonRecord;
  /** What scripts see of it: the same for every protocol. */
  request: ScriptRequest;
  /** Signatures that the request carries back. */
  signatures: string[];
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
  /** Ids that lists of models hold. */
  models?: string[];
  /** Keeps a prompt cache by Anthropic's rules, whose figures are then the usage of every Anthropic answer. */
  promptCache?: PromptCacheOptions;
}

/** Base URLs as each vendor's client packages take them. */
export interface ModelServerUrls {
  /** Chat completions and Responses. */
  openai: string;
  anthropic: string;
  google: string;
  ollama: string;
}

export interface ModelServer extends AsyncDisposable {
  /** Base URL for an OpenAI client, ends in `/v1`. */
  readonly url: string;
  readonly urls: ModelServerUrls;
  /** Requests for an answer in order of arrival, whatever their protocol. */
  readonly requests: ReceivedRequest[];
  /** What was wrong with the requests so far; tests assert that it is empty. */
  readonly violations: string[];
  /** Signatures over thinking that answers gave so far; 0 with protocols that have none. */
  readonly signaturesIssued: number;
  /** null without the option `promptCache`. */
  readonly promptCache: PromptCacheFigures | null;
  enqueue: ReturnType<typeof createReplyQueue>['enqueue'];
  setScript(script: Script): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** A model behind HTTP on 127.0.0.1 that speaks the vendors' protocols and misbehaves as told. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: ReceivedRequest[] = [];
  const violations: string[] = [];
  const queue = createReplyQueue(options.script ?? echoScript(options.chunks));
  const signatures = createSignatureLedger();
  const promptCache = options.promptCache === undefined ? null : createPromptCache(options.promptCache);

  const serve = async (
    wire: ModelWire,
    route: Exclude<Route, { kind: 'info' }>,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const raw = await readText(incoming);
    const { ended, signal } = watchEnd(response);
    const body = parseBody(raw);
    const n = requests.length + 1;
    if (body === null) {
      violations.push(`request ${n}: the body is not a JSON object`);
      sendError(wire, response, refuse(400, 'The body is not JSON.', 'invalid_json'));
      return;
    }
    const parsed = wire.parse(body, route);
    const { request } = parsed;
    if (route.kind === 'answer')
      requests.push({
        protocol: wire.protocol,
        path: incoming.url ?? '',
        headers: incoming.headers,
        body,
        request,
        signatures: [...parsed.thoughts.values()].flat().flatMap((thought) => thought.signature ?? []),
        ended,
      });
    violations.push(
      ...checkRequest(parsed, raw, options.forbidden ?? [], signatures).map(
        (fault) => `request ${n}: ${fault}`,
      ),
    );
    if (route.kind === 'count') {
      sendJson(response, 200, wire.count(countTokens(parsed)));
      return;
    }
    const cache = wire.protocol === 'anthropic' ? promptCache : null;
    const refusal = cache?.refusal(body) ?? null;
    if (refusal !== null) {
      sendError(wire, response, refusal);
      return;
    }
    const reply = queue.take(request);
    const counted = replyUsage(reply, promptLength(request, raw));
    const usage =
      cache === null || reply.end.kind === 'status' ? counted : cache.use(body, counted?.outputTokens ?? 0);
    const exchange = { n, model: request.model, body, signatures, usage };
    await playReply({ wire, exchange, isStream: parsed.isStream, response, signal }, reply);
  };

  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const found = findRoute(incoming.method ?? '', url, options.models ?? ['test-model']);
    if (found === null) {
      sendJson(response, 404, { error: { message: 'There is nothing at this path.', code: 'not_found' } });
      return;
    }
    const { wire, route } = found;
    const refusal = wire.refusal(incoming.headers, url.searchParams);
    if (refusal !== null) sendError(wire, response, refusal);
    else if (route.kind === 'info') sendJson(response, 200, route.body);
    else serve(wire, route, incoming, response).catch(() => response.destroy());
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
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/v1`,
    urls: {
      openai: `${origin}/v1`,
      anthropic: `${origin}/anthropic/v1`,
      google: `${origin}/google/v1beta`,
      ollama: `${origin}/ollama/api`,
    },
    requests,
    violations,
    get signaturesIssued() {
      return signatures.count;
    },
    promptCache: promptCache?.figures ?? null,
    enqueue: queue.enqueue,
    setScript: queue.setScript,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function findRoute(method: string, url: URL, models: readonly string[]) {
  for (const wire of modelWires) {
    if (!url.pathname.startsWith(`${wire.base}/`)) continue;
    const route = wire.route(method, url.pathname.slice(wire.base.length), models);
    if (route !== null) return { wire, route };
  }
  return null;
}

function watchEnd(response: ServerResponse): Pick<ReceivedRequest, 'ended'> & { signal: AbortSignal } {
  const left = new AbortController();
  const ended = new Promise<'sent' | 'closed'>((resolve) => {
    response.once('close', () => {
      left.abort();
      resolve(response.writableFinished ? 'sent' : 'closed');
    });
  });
  return { ended, signal: left.signal };
}

function parseBody(raw: string): (ChatBody & JsonRecord) | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
