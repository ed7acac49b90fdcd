import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cli, makeHome, startFakeGateway } from './fake-gateway.ts';

let at: ReturnType<typeof makeHome>;
beforeEach(() => {
  at = makeHome();
});
afterEach(() => at.remove());

const run = (argv: string[]) => cli([...argv, '--home', at.home]);

const models = {
  models: [
    {
      id: 'anthropic/claude-sonnet-5',
      provider: 'anthropic',
      model: 'claude-sonnet-5',
      name: 'Claude Sonnet 5',
      contextTokens: 1_000_000,
      maxOutputTokens: 128_000,
      isLanguageModel: true,
      supportsImages: true,
      price: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
    },
    {
      id: 'mine/x',
      provider: 'mine',
      model: 'x',
      name: 'x',
      contextTokens: 8_192,
      maxOutputTokens: 512,
      isLanguageModel: true,
    },
    {
      id: 'steward/steward',
      provider: 'steward',
      model: 'steward',
      name: 'Built-in steward',
      contextTokens: 200_000,
      maxOutputTokens: 4_000,
      isLanguageModel: false,
    },
  ],
  default: 'anthropic/claude-sonnet-5',
  reason: 'ANTHROPIC_API_KEY is set in the environment',
};
const status = (id: string, account: string) => ({
  id,
  name: id,
  baseUrl: 'https://api.anthropic.com/v1',
  hasKey: true,
  account,
  reason: 'because',
  state: 'ok',
  successRate: 1,
  latencyMs: 5,
  cooling: [],
});

const serve = async () => {
  const gateway = await startFakeGateway({
    'GET /api/models': () => models,
    'GET /api/providers': () => ({
      providers: [status('anthropic', 'default'), status('anthropic', 'work')],
    }),
    'POST /api/system/reload': () => ({ ok: true, needsRestart: [], warnings: [] }),
  });
  at.announce(gateway.url);
  return gateway;
};

test('F043 models shows window, price and the state of every account', async () => {
  const gateway = await serve();
  const { code, out } = await run(['models']);
  expect(code).toBe(0);
  const line = (id: string) => out.split('\n').find((row) => row.startsWith(id))!;
  expect(
    line('anthropic/claude-sonnet-5')
      .split(/\s{2,}/)
      .slice(1),
  ).toEqual(['1000k', '2', '10', 'Claude Sonnet 5 (default)']);
  expect(
    line('mine/x')
      .split(/\s{2,}/)
      .slice(1),
  ).toEqual(['8k', '?', '?', 'x']);
  expect(out).toContain('anthropic (work)  ok');
  await gateway.stop();
});

test('F043 models info says what is known of one model, by either name', async () => {
  const gateway = await serve();
  for (const name of ['anthropic/claude-sonnet-5', 'claude-sonnet-5']) {
    const { code, out } = await run(['models', 'info', name]);
    expect(code).toBe(0);
    expect(out).toContain('1,000,000 tokens, of which an answer may take 128,000');
    expect(out).toContain('2 in, 10 out, 0.2 read from the cache, 2.5 written to it');
    expect(out).toMatch(/Images +yes\n +Thinking +unknown/);
  }
  const unknown = await run(['models', 'info', 'nobody/nothing']);
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('NOT_FOUND');
  await gateway.stop();
});

test('F043 models refresh asks the providers anew', async () => {
  const gateway = await serve();
  const { out } = await run(['models', 'refresh']);
  expect(out).toBe('anthropic: 1 model\nmine: 1 model\nsteward: 1 model\n');
  expect(gateway.calls.find(({ path }) => path === '/api/models')?.query.get('refresh')).toBe('true');
  await gateway.stop();
});

const table = {
  updated: '2026-11-01',
  source: 'mine',
  models: [{ pattern: 'x*', vendor: 'openai', price: { input: 1, output: 2 } }],
};
const tableFile = () => join(at.home, 'models.json');
const give = (value: unknown): string => {
  const file = join(at.home, 'given.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
};

test('F070 update-prices puts a table in force in the running gateway', async () => {
  const gateway = await serve();
  const { code, out } = await run(['models', 'update-prices', '--from', give(table)]);
  expect(code).toBe(0);
  expect(out).toContain('1 model as of 2026-11-01');
  expect(out).toContain('The running Reeve uses them');
  expect(JSON.parse(readFileSync(tableFile(), 'utf8'))).toEqual(table);
  expect(statSync(tableFile()).mode & 0o777).toBe(0o600);
  expect(gateway.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/system/reload']);
  await gateway.stop();
});

test('F070 update-prices works without a gateway', async () => {
  const { code, out } = await run(['models', 'update-prices', '--from', give(table), '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ models: 1, isInUse: false, file: tableFile() });
});

test('F070 a bad table changes nothing and says why', async () => {
  await run(['models', 'update-prices', '--from', give(table)]);
  const before = readFileSync(tableFile(), 'utf8');
  const bad = [
    '{"models":',
    { ...table, models: [{ pattern: 'x', price: { input: -1, output: 0 } }] },
    {},
    '',
  ];
  for (const value of bad) {
    const { code, err } = await run(['models', 'update-prices', '--from', give(value)]);
    expect(code).toBe(1);
    expect(err).toMatch(/^CONFIG_ERROR: .*given\.json/);
    expect(err).toContain('the one in use stays');
    expect(readFileSync(tableFile(), 'utf8')).toBe(before);
  }
  const missing = await run(['models', 'update-prices', '--from', join(at.home, 'nothing.json')]);
  expect(missing.err).toContain('cannot be read');
  expect(readdirSync(at.home).filter((name) => name.includes('tmp'))).toEqual([]);
});

test('F070 update-prices takes a table from the web, in the form of LiteLLM', async () => {
  const body = JSON.stringify({
    'gpt-9': {
      litellm_provider: 'openai',
      mode: 'chat',
      input_cost_per_token: 1e-6,
      output_cost_per_token: 2e-6,
    },
  });
  const server = createServer((asked, response) => {
    response.writeHead(asked.url === '/prices.json' ? 200 : 500).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failed = await run(['models', 'update-prices', '--from', `${url}/other.json`]);
  expect([failed.code, existsSync(tableFile())]).toEqual([1, false]);
  expect(failed.err).toContain('HTTP 500');
  const { code } = await run(['models', 'update-prices', '--from', `${url}/prices.json`]);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(tableFile(), 'utf8'))).toMatchObject({
    source: `LiteLLM, ${url}/prices.json`,
    models: [{ pattern: 'gpt-9', vendor: 'openai', price: { input: 1, output: 2 } }],
  });
  server.closeAllConnections();
  server.close();
});
