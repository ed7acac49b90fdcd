import { type ModelError, type ModelErrorClass, redactPatterns } from '@reeve/core';
import { isFaultError } from '@reeve/protocol';

export interface ErrorContext {
  /** The request's own signal: what it aborted is `aborted`, whatever the error looks like. */
  signal: AbortSignal;
  /** Strings that no message may show, such as the API key. */
  secrets: readonly string[];
  /** Unix time in ms, to read a retry-after that is a date. */
  now: () => number;
}

/** Characters of a message that are shown. */
const messageLimit = 500;
/** Anything shorter is a placeholder such as `none` for a local server, and would be found in ordinary words. */
const shortestSecret = 8;

/**
 * What a failure means for the caller. Reads the errors of the AI SDK by their shape (`APICallError` has
 * statusCode, responseHeaders and responseBody) and not by class, so that it loads nothing and holds across
 * versions; also reads error objects that a server sends inside a stream.
 */
export function toModelError(error: unknown, context: ErrorContext): ModelError {
  if (context.signal.aborted) return { class: 'aborted', message: 'The request was stopped.' };
  // The key could not be had: no such secret, locked, revoked.
  if (isFaultError(error)) return { class: 'auth', message: error.message };
  const status = numberIn(error, 'statusCode');
  const clean = (text: string): string => redact(text, context.secrets);
  if (status !== undefined && status >= 300) {
    const body = readErrorBody(stringIn(error, 'responseBody') ?? '');
    const retryAfterMs =
      readRetryAfter(objectIn(error, 'responseHeaders'), context.now()) ?? body.retryAfterMs;
    return {
      class: classOfAnswer(status, body),
      message: clean(`HTTP ${status}${body.message === '' ? '' : `: ${body.message}`}`),
      status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  const chain = causes(error);
  if (chain.some((link) => unreadable.has(stringIn(link, 'name') ?? '')))
    return { class: 'garbled', message: 'The answer cannot be read: it does not follow the protocol.' };
  const code = chain.map((link) => stringIn(link, 'code')).findLast((found) => found !== undefined);
  if (chain.some((link) => stringIn(link, 'name') === 'TimeoutError') || timeoutCodes.has(code ?? ''))
    return { class: 'timeout', message: clean(`The server took too long (${code ?? 'timeout'}).`) };
  if (status !== undefined || isConnectionError(chain, code)) {
    const reason = chain.map((link) => stringIn(link, 'message')).findLast((text) => text);
    return {
      class: 'network',
      message: clean(`The connection failed: ${reason ?? code ?? 'no reason given'}`),
    };
  }
  if (error instanceof Error) return { class: 'unknown', message: clean(error.message) };
  const body = readErrorValue(error);
  return {
    class: classOfAnswer(undefined, body),
    message: clean(body.message === '' ? 'The server ended the answer with an error.' : body.message),
  };
}

export const garbledError = (message: string): ModelError => ({ class: 'garbled', message });

interface ErrorBody {
  message: string;
  code: string;
  type: string;
  retryAfterMs?: number;
}

/** `error.name` of the AI SDK, of JSON.parse and of zod for an answer that is there but makes no sense. */
const unreadable = new Set([
  'SyntaxError',
  'ZodError',
  'AI_JSONParseError',
  'AI_TypeValidationError',
  'AI_InvalidResponseDataError',
  'AI_EmptyResponseBodyError',
]);

/** Error codes of Node and undici for a wait that ran out. */
const timeoutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const isConnectionError = (chain: readonly object[], code: string | undefined): boolean =>
  (code !== undefined &&
    /^(E[A-Z_]+|UND_ERR_\w+|HPE_\w+|CERT_\w+|SELF_SIGNED\w*|UNABLE_TO\w*)$/.test(code)) ||
  chain.some((link) => /^(terminated|fetch failed|failed to fetch)$/i.test(stringIn(link, 'message') ?? ''));

/**
 * Wording of "the prompt is too long": OpenAI and vLLM ("maximum context length"), Anthropic ("prompt is too
 * long"), Google ("input token count … exceeds the maximum"), llama.cpp ("exceeds the available context size"),
 * LM Studio ("greater than the context length"), Bedrock ("input is too long"), Groq ("reduce the length of the
 * messages"), Cohere ("too many tokens").
 */
const overflow =
  /context[ _](length|window|size)|maximum context|prompt is too long|input is too long|input token count|reduce the length of|too many tokens/i;

function classOfAnswer(status: number | undefined, body: ErrorBody): ModelErrorClass {
  const kind = `${body.code} ${body.type}`;
  if (status === 401 || status === 403 || /invalid_api_key|authentication|permission_error/.test(kind))
    return 'auth';
  // No money left: waiting does not help, another account does.
  if (status === 402 || /insufficient_quota|billing/.test(kind)) return 'auth';
  if (status === 429 || /rate_limit/.test(kind)) return 'rate_limited';
  if (status === 413 || overflow.test(kind) || overflow.test(body.message)) return 'context_overflow';
  if (status === 408 || status === 504 || /timeout/.test(kind)) return 'timeout';
  if ((status ?? 0) >= 500 || /overloaded|server_error|unavailable/.test(kind)) return 'overloaded';
  if ((status ?? 0) >= 400 || /invalid_request/.test(kind)) return 'invalid_request';
  return 'unknown';
}

/** The server's own message, or an empty one: a body that is no error object (a proxy's page) is never shown. */
function readErrorBody(text: string): ErrorBody {
  try {
    return readErrorValue(JSON.parse(text));
  } catch {
    return { message: '', code: '', type: '' };
  }
}

/** Reads `{error: {message, code, type}}`, `{error: "…"}`, `{message}`, `{detail}`, and a one-element list of these. */
function readErrorValue(value: unknown): ErrorBody {
  const outer = Array.isArray(value) ? value[0] : value;
  const inner = objectIn(outer, 'error') ?? outer;
  const code = stringIn(inner, 'code') ?? stringIn(inner, 'status') ?? '';
  const message =
    stringIn(inner, 'message') ??
    stringIn(outer, 'error') ??
    stringIn(outer, 'detail') ??
    (typeof outer === 'string' ? outer : '');
  const retryAfterMs = readRetryDelay(fieldOf(inner, 'details'));
  return {
    message,
    code,
    type: stringIn(inner, 'type') ?? '',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Google says in the body when to come back: `google.rpc.RetryInfo` with `retryDelay: "2.5s"` among the details. */
function readRetryDelay(details: unknown): number | undefined {
  const delays = Array.isArray(details) ? details.map((one) => stringIn(one, 'retryDelay')) : [];
  const seconds = Number.parseFloat(delays.find((delay) => delay !== undefined) ?? '');
  return Number.isFinite(seconds) ? Math.max(0, Math.round(seconds * 1000)) : undefined;
}

/** Milliseconds from `retry-after-ms`, or from `retry-after` as seconds or as an HTTP date (RFC 9110, 10.2.3). */
function readRetryAfter(headers: object | undefined, now: number): number | undefined {
  const ms = Number(stringIn(headers, 'retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, Math.round(ms));
  const value = stringIn(headers, 'retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.round(seconds * 1000));
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Takes out known secrets and what is one by its form, and cuts to what a person reads. */
function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets)
    if (secret.length >= shortestSecret) clean = clean.replaceAll(secret, '[secret]');
  clean = redactPatterns(clean);
  return clean.length > messageLimit ? `${clean.slice(0, messageLimit - 1)}…`.toWellFormed() : clean;
}

function causes(error: unknown): object[] {
  const chain: object[] = [];
  let link = error;
  while (typeof link === 'object' && link !== null && !chain.includes(link)) {
    chain.push(link);
    link = 'cause' in link ? link.cause : undefined;
  }
  return chain;
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function stringIn(value: unknown, key: string): string | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'string' ? field : undefined;
}

function numberIn(value: unknown, key: string): number | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'number' ? field : undefined;
}

function objectIn(value: unknown, key: string): object | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'object' && field !== null ? field : undefined;
}
