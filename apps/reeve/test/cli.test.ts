import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  accepted,
  answered,
  cli,
  delta,
  finished,
  makeHome,
  type Route,
  refuse,
  startFakeGateway,
  stream,
} from './fake-gateway.ts';

let at: ReturnType<typeof makeHome>;
let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
const serve = async (routes: Record<string, Route>) => {
  gateway = await startFakeGateway(routes);
  at.announce(gateway.url);
};
const run = (argv: string[], more: Parameters<typeof cli>[1] = {}) => cli([...argv, '--home', at.home], more);

beforeEach(async () => {
  at = makeHome();
  gateway = await startFakeGateway({});
});
afterEach(async () => {
  await gateway.stop();
  at.remove();
});

test('F087 send streams the answer and passes the token of the data folder', async () => {
  await serve({
    'POST /api/chat/send': () => accepted(1),
    'GET /api/chat/stream': (_call, response) =>
      stream(response, [delta('Hel'), delta('lo'), answered(2, 'Hello.'), finished(3)]),
  });
  expect(await run(['send', 'good', 'day'])).toEqual({ code: 0, out: 'Hello.\n', err: '' });
  expect(gateway.calls[0]).toMatchObject({
    authorization: 'Bearer home-token',
    body: { text: 'good day', idempotencyKey: expect.any(String) },
  });
  expect(gateway.calls[1]!.query.get('after')).toBe('1');
});

test('send --json prints one object; --no-wait returns at once; - reads standard input', async () => {
  await serve({
    'POST /api/chat/send': () => accepted(1),
    'GET /api/chat/stream': (_call, response) => stream(response, [answered(2, 'Hi'), finished(3)]),
  });
  const { out } = await run(['send', '-', '--json'], { input: 'from a pipe\n' });
  expect(JSON.parse(out)).toMatchObject({
    reply: 'Hi',
    sessionId: 's1',
    runId: 'run_1',
    outcome: 'completed',
    model: 'p/m',
    usage: { inputTokens: 3, outputTokens: 2 },
  });
  expect(gateway.calls[0]!.body).toMatchObject({ text: 'from a pipe' });
  expect(JSON.parse((await run(['send', 'x', '--no-wait', '--json'])).out)).toEqual(accepted(1));
});

test('a failed run ends with its code, message and next step', async () => {
  await serve({
    'POST /api/chat/send': () => accepted(1),
    'GET /api/chat/stream': (_call, response) => stream(response, [finished(2, 'failed')]),
  });
  expect(await run(['send', 'x'])).toEqual({
    code: 1,
    out: '',
    err: 'LLM_ERROR: No model.\n  -> Add one.\n',
  });
  const { code, out } = await run(['send', 'x', '--json']);
  expect([code, JSON.parse(out)]).toEqual([
    1,
    {
      code: 'LLM_ERROR',
      message: 'No model.',
      next: 'Add one.',
      details: { sessionId: 's1', runId: 'run_1' },
    },
  ]);
});

test('control characters of models, titles and tools never reach the terminal', async () => {
  const evil = 'a\u001b]0;own\u0007\u009b31mb\u202ec\rd';
  const row = {
    id: 's1',
    title: evil,
    channel: 'http',
    model: null,
    queueMode: 'queue',
    isRunning: false,
    createdAt: 1,
    updatedAt: 1,
    lastSeq: 0,
    messageCount: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
  await serve({
    'POST /api/chat/send': () => accepted(1),
    'GET /api/chat/stream': (_call, response) =>
      stream(response, [delta(evil), answered(2, evil), finished(3)]),
    'GET /api/chat/conversations': () => ({ sessions: [row], nextCursor: null }),
  });
  const dangerous = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;
  for (const argv of [
    ['send', 'x'],
    ['send', 'x', '--json'],
    ['sessions', 'list'],
    ['sessions', 'list', '--json'],
  ]) {
    const { out } = await run(argv);
    expect(out).not.toMatch(dangerous);
    expect(out).toContain('\\u001b');
  }
});

test('no gateway: GATEWAY_UNREACHABLE with the next step, exit code 1', async () => {
  expect(await run(['status'])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('GATEWAY_UNREACHABLE'),
  });
  const { code, out } = await run(['status', '--json']);
  expect([code, JSON.parse(out)]).toEqual([
    1,
    {
      code: 'GATEWAY_UNREACHABLE',
      message: `No Reeve runs on ${at.home}.`,
      next: expect.stringContaining('npm start'),
    },
  ]);
  at.announce('http://127.0.0.1:1');
  expect(JSON.parse((await run(['sessions', 'list', '--json'])).out).code).toBe('GATEWAY_UNREACHABLE');
});

test('the token of the data folder is not sent to another address', async () => {
  await serve({ 'GET /api/tokens': () => ({ tokens: [] }) });
  const other = await startFakeGateway({ 'GET /api/tokens': () => ({ tokens: [] }) });
  await run(['token', 'list', '--url', other.url]);
  await run(['token', 'list', '--url', other.url], { env: { REEVE_TOKEN: 'given' } });
  await run(['token', 'list', '--url', gateway.url]);
  expect([...other.calls, ...gateway.calls].map(({ authorization }) => authorization)).toEqual([
    undefined,
    'Bearer given',
    'Bearer home-token',
  ]);
  await other.stop();
});

test('token create prints the token alone', async () => {
  await serve({
    'POST /api/tokens': ({ body }) => ({
      id: 't1',
      name: body['name'],
      createdAt: 1,
      lastUsedAt: null,
      token: 'rv_abc',
    }),
    'DELETE /api/tokens/t1': () => ({ ok: true }),
    'POST /api/auth/login-link': () => ({ url: 'http://127.0.0.1/login#code=c' }),
  });
  expect(await run(['token', 'create', '--name', 'ci'])).toEqual({ code: 0, out: 'rv_abc\n', err: '' });
  expect((await run(['token', 'revoke', 't1'])).out).toBe('Revoked t1.\n');
  expect((await run(['token', 'login-link'])).out).toBe('http://127.0.0.1/login#code=c\n');
});

test('errors of the command line are JSON with --json', async () => {
  const { code, out, err } = await run(['sessions', 'nope', '--json']);
  expect([code, JSON.parse(out).code, err]).toEqual([1, 'INVALID_PARAMS', '']);
  await serve({
    'GET /api/chat/conversations': (_call, response) =>
      refuse(response, 401, { code: 'AUTH_FAILED', message: 'No.', next: 'Sign in.' }),
  });
  expect(JSON.parse((await run(['sessions', 'list', '--json'])).out)).toEqual({
    code: 'AUTH_FAILED',
    message: 'No.',
    next: 'Sign in.',
  });
});

test('sessions export writes a private file', async () => {
  await serve({
    'GET /api/chat/s1/export': ({ query }) => ({
      filename: 'x',
      contentType: 'text/plain',
      content: `as ${query.get('format')}`,
    }),
  });
  const file = join(at.home, 'out.md');
  expect((await run(['sessions', 'export', 's1'])).out).toBe('as markdown');
  expect((await run(['sessions', 'export', 's1', '--format', 'jsonl', '-o', file])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('as jsonl');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('F347 config set sends typed values, and null to take one out', async () => {
  const value = {
    key: 'gateway.allowedHosts',
    value: ['a', 'b'],
    source: 'file',
    origin: 'f',
    description: '',
    allowed: '',
    env: '',
    needsRestart: true,
  };
  await serve({ 'PATCH /api/config': () => ({ value, needsRestart: true }) });
  expect((await run(['config', 'set', 'gateway.allowedHosts', 'a, b'])).out).toBe(
    'gateway.allowedHosts = ["a","b"]; it takes effect after a restart.\n',
  );
  await run(['config', 'set', 'gateway.port', '5']);
  await run(['config', 'set', 'gateway.port', '--unset']);
  expect(gateway.calls.map(({ body }) => body['value'])).toEqual([['a', 'b'], 5, null]);
  expect((await run(['config', 'set', 'gateway.prot', '5'])).err).toContain('Did you mean gateway.port?');
});

test('F347 config check and explain work without a gateway', async () => {
  expect(await run(['config', 'check'])).toMatchObject({ code: 0, out: expect.stringContaining('is valid') });
  expect(
    JSON.parse((await run(['config', 'check', '--json'], { env: { REEVE_GATEWAY_PORT: 'x' } })).out),
  ).toMatchObject({ code: 'CONFIG_ERROR', message: expect.stringContaining('gateway.port = "x"') });
  expect(
    (await run(['config', 'explain', 'agent.queueMode'], { env: { REEVE_AGENT_QUEUE_MODE: 'steer' } })).out,
  ).toContain('steer (env: REEVE_AGENT_QUEUE_MODE)');
});

test('doctor works with the gateway down and names what to mend', async () => {
  const { code, out } = await run(['doctor', '--json'], {
    env: { REEVE_GATEWAY_PORT: new URL(gateway.url).port },
  });
  const { ok, checks } = JSON.parse(out);
  const states = Object.fromEntries(
    checks.map(({ name, state }: { name: string; state: string }) => [name, state]),
  );
  expect([code, ok]).toEqual([1, false]);
  expect(states).toMatchObject({
    node: 'ok',
    home: 'ok',
    config: 'ok',
    gateway: 'warn',
    port: 'fail',
    models: 'warn',
    workspace: 'warn',
    clock: 'ok',
  });
  expect(checks.every((check: { state: string; next?: string }) => check.state === 'ok' || check.next)).toBe(
    true,
  );
});

test('logs follow until the stream ends', async () => {
  await serve({
    'GET /api/system/logs': ({ query }, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        `event: message\ndata: ${JSON.stringify({ line: `n=${query.get('lines')} f=${query.get('follow')}` })}\n\n`,
      );
    },
  });
  expect((await run(['logs', '-f', '-n', '5'])).out).toBe('n=5 f=true\n');
});

test('completion scripts come from the tree of commands', async () => {
  const { out } = await run(['completion', 'bash']);
  expect(out).toContain('login-link');
  const offered = (line: string) =>
    execFileSync(
      'bash',
      [
        '-c',
        `${out}\nCOMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _reeve; echo "\${COMPREPLY[@]}"`,
      ],
      { encoding: 'utf8' },
    )
      .trim()
      .split(' ');
  expect(offered('reeve s')).toEqual(['send', 'sessions', 'status', 'scim', 'secret']);
  expect(offered('reeve sessions re')).toEqual(['rename']);
  expect(offered('reeve sessions list --j')).toEqual(['--json']);
  expect(offered('reeve policy exp')).toEqual(['export', 'explain']);
  for (const shell of ['zsh', 'fish']) expect((await run(['completion', shell])).out).toContain('login-link');
  expect((await run(['completion', 'tcsh'])).code).toBe(1);
});
