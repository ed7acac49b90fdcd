import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifySecret } from '@reeve/vault';
import { afterAll, beforeAll, expect, test } from 'vitest';

const value = 'the-key-0123456789';
let url: string;
let answer: { status: number; body?: unknown; headers?: Record<string, string> };
const seen: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
const server = createServer((request, response) => {
  seen.push({ method: request.method!, url: request.url!, headers: request.headers });
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(JSON.stringify(answer.body ?? {}));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`;
});
afterAll(() => server.close());

const signal = new AbortController().signal;
const kinds = [
  ['anthropic', 'GET', 'x-api-key', value],
  ['openai', 'GET', 'authorization', `Bearer ${value}`],
  ['github', 'GET', 'authorization', `Bearer ${value}`],
  ['stripe', 'GET', 'authorization', `Bearer ${value}`],
  ['slack', 'POST', 'authorization', `Bearer ${value}`],
  ['http', 'GET', 'authorization', `Bearer ${value}`],
] as const;

test.each(kinds)('F223 %s is asked with the new value and believed', async (kind, method, header, sent) => {
  answer = { status: 200, body: { ok: true } };
  expect(await verifySecret({ kind, url }, value, signal)).toEqual({ result: 'valid' });
  expect(seen.at(-1)).toMatchObject({ method, url: '/check', headers: { [header]: sent } });
  answer =
    kind === 'slack'
      ? { status: 200, body: { ok: false, error: 'invalid_auth' } }
      : { status: 401, body: { error: value } };
  const refused = await verifySecret({ kind, url }, value, signal);
  expect(refused).toMatchObject({ result: 'invalid' });
  expect(JSON.stringify(refused)).not.toContain(value);
});

/** Signature Version 4 of a request to STS, as the AWS documentation derives it. */
const awsSignature = (secret: string, headers: IncomingHttpHeaders, names: string[], body: string) => {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const at = String(headers['x-amz-date']);
  const day = at.slice(0, 8);
  const canonical = [
    'POST',
    '/check',
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha(body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', at, `${day}/us-east-1/sts/aws4_request`, sha(canonical)].join('\n');
  const key = ['us-east-1', 'sts', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secret}`, day));
  return hmac(key, text).toString('hex');
};

test('F223 aws is asked who the key belongs to, signed with it and without it', async () => {
  const [id, secret] = ['K'.repeat(20), 's/+'.repeat(14)];
  answer = { status: 200 };
  const kind = 'aws';
  expect(await verifySecret({ kind, url }, `${id}:${secret}`, signal)).toEqual({ result: 'valid' });
  const { method, headers } = seen.at(-1)!;
  const [, names = '', signature] =
    /SignedHeaders=([\w;-]+), Signature=(\w+)/.exec(String(headers.authorization)) ?? [];
  expect(method).toBe('POST');
  expect(headers.authorization).toContain(`Credential=${id}/`);
  expect(JSON.stringify(headers)).not.toContain(secret);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  expect(signature).toBe(awsSignature(secret, headers, names.split(';'), body));
  await verifySecret({ kind, url }, `${id}:${secret}:${'t'.repeat(20)}`, signal);
  expect(seen.at(-1)!.headers['x-amz-security-token']).toBe('t'.repeat(20));
  answer = { status: 403 };
  expect(await verifySecret({ kind, url }, `${id}:${secret}`, signal)).toMatchObject({ result: 'invalid' });
  const asked = seen.length;
  expect(await verifySecret({ kind, url }, 'no pair', signal)).toMatchObject({ result: 'invalid' });
  expect(seen.length).toBe(asked);
});

test('F223 a provider that is not there, busy or broken says nothing of the value', async () => {
  for (const status of [429, 500, 503]) {
    answer = { status };
    expect(await verifySecret({ kind: 'openai', url }, value, signal)).toMatchObject({ result: 'unknown' });
  }
  answer = { status: 200, body: { ok: false, error: 'ratelimited' } };
  expect(await verifySecret({ kind: 'slack', url }, value, signal)).toMatchObject({ result: 'unknown' });
  const nobody = { kind: 'http', url: 'http://127.0.0.1:1/' } as const;
  expect(await verifySecret(nobody, value, signal)).toMatchObject({ result: 'unknown' });
  expect(await verifySecret({ kind: 'http' }, value, signal)).toMatchObject({ result: 'invalid' });
  expect(await verifySecret({ kind: 'openai', url }, 'line\nbreak', signal)).toMatchObject({
    result: 'unknown',
  });
});

test('F223 a key does not follow to another server', async () => {
  answer = { status: 302, headers: { location: url.replace('check', 'elsewhere') } };
  const before = seen.length;
  expect(await verifySecret({ kind: 'openai', url }, value, signal)).toMatchObject({ result: 'invalid' });
  expect(seen.slice(before).map((one) => one.url)).toEqual(['/check']);
});
