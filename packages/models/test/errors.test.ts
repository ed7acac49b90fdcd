import { describe, expect, test } from 'vitest';
import { toModelError } from '../src/ai-sdk/errors.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);
const read = (error: unknown, signal = new AbortController().signal) =>
  toModelError(error, { signal, secrets: ['sk-secret'], now: () => now });

const answer = (statusCode: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  read({
    statusCode,
    responseBody: typeof body === 'string' ? body : JSON.stringify(body),
    responseHeaders: headers,
  });

describe('classes of an HTTP answer', () => {
  test.each([
    [400, {}, 'invalid_request'],
    [401, {}, 'auth'],
    [402, {}, 'auth'],
    [403, {}, 'auth'],
    [404, { error: { message: 'The model does not exist' } }, 'invalid_request'],
    [408, {}, 'timeout'],
    [413, {}, 'context_overflow'],
    [429, { error: { code: 'rate_limit_exceeded', message: 'x' } }, 'rate_limited'],
    [429, { error: { code: 'insufficient_quota', message: 'x' } }, 'auth'],
    [500, {}, 'overloaded'],
    [504, {}, 'timeout'],
    [529, { error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    [302, {}, 'unknown'],
  ] as const)('%i %j is %s', (status, body, expected) => {
    expect(answer(status, body)).toMatchObject({ class: expected, status });
  });

  test.each([
    [400, "This model's maximum context length is 8192 tokens."],
    [400, 'prompt is too long: 200001 tokens > 200000 maximum'],
    [400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
    [500, 'the request exceeds the available context size. try increasing the context size'],
    [422, 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length'],
  ])('%i "%s" is context_overflow', (status, message) => {
    expect(answer(status, { error: { message } }).class).toBe('context_overflow');
  });

  test('a limit on the answer is no context overflow', () => {
    expect(answer(400, { error: { message: 'max_tokens is too large: 99999' } }).class).toBe(
      'invalid_request',
    );
  });
});

describe('messages', () => {
  test.each([
    [{ error: { message: 'said so' } }],
    [{ error: 'said so' }],
    [{ message: 'said so' }],
    [{ detail: 'said so' }],
    [[{ error: { message: 'said so' } }]],
  ])('the server’s own message is read from %j', (body) => {
    expect(answer(400, body).message).toBe('HTTP 400: said so');
  });

  test('a body that is no error object is not shown', () => {
    expect(answer(502, '<html>internal host 10.0.0.7</html>').message).toBe('HTTP 502');
  });

  test('keys, bearer tokens and credentials of URLs are taken out', () => {
    const message = 'key sk-secret, Authorization: Bearer abc.def, http://me:pw@host/v1';
    expect(answer(401, { error: { message } }).message).toBe(
      'HTTP 401: key [secret], Authorization: [redacted]',
    );
    expect(read(new Error('Bearer sk-secret is an invalid header value')).message).not.toContain('sk-secret');
  });

  test('a long message is cut', () => {
    expect(answer(400, { error: { message: 'x'.repeat(10_000) } }).message).toHaveLength(500);
  });
});

describe('retry-after', () => {
  const wait = (headers: Record<string, string>) => answer(429, {}, headers).retryAfterMs;
  test('seconds, also with a fraction', () => {
    expect(wait({ 'retry-after': '20' })).toBe(20_000);
    expect(wait({ 'retry-after': '0.25' })).toBe(250);
  });
  test('an HTTP date, against the given clock', () => {
    expect(wait({ 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' })).toBe(30_000);
    expect(wait({ 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' })).toBe(0);
  });
  test('milliseconds win', () => {
    expect(wait({ 'retry-after-ms': '1500', 'retry-after': '2' })).toBe(1_500);
  });
  test('nonsense is left out', () => {
    expect(wait({ 'retry-after': 'soon' })).toBeUndefined();
    expect(wait({ 'retry-after': '' })).toBeUndefined();
  });
});

describe('errors without an answer', () => {
  const failed = (code: string) =>
    new TypeError('fetch failed', {
      cause: Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code }),
    });
  test.each([
    ['ECONNREFUSED', 'network'],
    ['ECONNRESET', 'network'],
    ['ENOTFOUND', 'network'],
    ['UND_ERR_SOCKET', 'network'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ])('%s is %s', (code, expected) => {
    expect(read(failed(code)).class).toBe(expected);
  });

  test('what the request’s own signal stopped is aborted, whatever it looks like', () => {
    expect(read(failed('ECONNRESET'), AbortSignal.abort()).class).toBe('aborted');
  });
  test('a timeout that is not ours', () => {
    expect(read(new DOMException('late', 'TimeoutError')).class).toBe('timeout');
  });
  test('an answer that cannot be parsed is garbled and not repeated in the message', () => {
    const error = Object.assign(new Error('JSON parsing failed: Text: {"secret'), {
      name: 'AI_JSONParseError',
    });
    expect(read(error)).toEqual({ class: 'garbled', message: expect.not.stringContaining('secret') });
  });
  test('an error object inside the stream is read like a body', () => {
    expect(read({ message: 'Overloaded', type: 'overloaded_error' })).toEqual({
      class: 'overloaded',
      message: 'Overloaded',
    });
    expect(read({ message: 'too big', code: 'context_length_exceeded' }).class).toBe('context_overflow');
  });
  test('a bug is unknown', () => {
    expect(read(new Error('x is not a function'))).toEqual({
      class: 'unknown',
      message: 'x is not a function',
    });
  });
});
