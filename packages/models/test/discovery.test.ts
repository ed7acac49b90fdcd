import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { findKeys, findLocalServers, type LocalKind, usualPlaces } from '../src/index.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that answers the given paths; `null` keeps silent. */
const serve = async (answers: Record<string, unknown>): Promise<string> => {
  const server = createServer((asked, response) => {
    const answer = answers[asked.url ?? ''];
    if (answer === null) return;
    if (typeof answer === 'string') response.end(answer);
    else if (answer instanceof URL) response.writeHead(302, { location: answer.href }).end();
    else response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const answersOf: Record<LocalKind, Record<string, unknown>> = {
  ollama: { '/api/version': { version: '0.12.6' } },
  lmstudio: { '/v1/models': { object: 'list', data: [{ id: 'm', owned_by: 'organization_owner' }] } },
  llamacpp: {
    '/props': { default_generation_settings: { n_ctx: 32_768 }, total_slots: 1 },
    '/v1/models': { data: [{ id: 'm', owned_by: 'llamacpp' }] },
  },
  vllm: { '/v1/models': { object: 'list', data: [{ id: 'm', owned_by: 'vllm', max_model_len: 4_096 }] } },
};
const kinds = Object.keys(answersOf) as LocalKind[];

test('F036 each local server is recognised by what it answers', async () => {
  const places = await Promise.all(
    kinds.map(async (vendor) => ({ vendor, host: await serve(answersOf[vendor]) })),
  );
  const found = await findLocalServers(places);
  expect(found.map(({ vendor, baseUrl }) => [vendor.id, baseUrl])).toEqual([
    ['ollama', `http://${places[0]!.host}/api`],
    ['lmstudio', `http://${places[1]!.host}/v1`],
    ['llamacpp', `http://${places[2]!.host}/v1`],
    ['vllm', `http://${places[3]!.host}/v1`],
  ]);
  expect(found[2]!.contextTokens).toBe(32_768);
});

test('F036 an open port is no model server: no kind is taken for another', async () => {
  for (const kind of kinds) {
    const host = await serve(answersOf[kind]);
    const others = kinds.filter((vendor) => vendor !== kind).map((vendor) => ({ vendor, host }));
    expect(await findLocalServers(others)).toEqual([]);
  }
});

test.each([
  ['a page', { '/api/version': '<html>', '/v1/models': '<html>', '/props': '<html>' }],
  ['nothing', {}],
  ['silence', { '/api/version': null, '/v1/models': null, '/props': null }],
  ['other JSON', { '/api/version': { version: 7 }, '/v1/models': { data: [] }, '/props': [] }],
])('F036 %s is no model server', async (_, answers) => {
  const host = await serve(answers);
  expect(await findLocalServers(kinds.map((vendor) => ({ vendor, host })))).toEqual([]);
});

test('F036 whoever sends elsewhere is not followed', async () => {
  const real = await serve(answersOf.ollama);
  const host = await serve({ '/api/version': new URL(`http://${real}/api/version`) });
  expect(await findLocalServers([{ vendor: 'ollama', host }])).toEqual([]);
});

test('F036 a port that nobody listens on, and a stop, end the search in peace', async () => {
  const host = await serve({});
  for (const stop of stops.splice(0)) stop();
  expect(await findLocalServers([{ vendor: 'ollama', host }])).toEqual([]);
  const live = await serve(answersOf.ollama);
  expect(await findLocalServers([{ vendor: 'ollama', host: live }], { signal: AbortSignal.abort() })).toEqual(
    [],
  );
});

test.each([
  [undefined, '127.0.0.1:11434'],
  ['', '127.0.0.1:11434'],
  ['0.0.0.0', '127.0.0.1:11434'],
  ['0.0.0.0:1234', '127.0.0.1:1234'],
  ['[::]:5', '127.0.0.1:5'],
  [':8000', '127.0.0.1:8000'],
  ['http://box.lan:80', 'box.lan:11434'],
  ['box.lan', 'box.lan:11434'],
  ['https://box.lan:9/x', 'box.lan:9'],
  ['not a host', '127.0.0.1:11434'],
])('F036 OLLAMA_HOST=%s means %s', (value, host) => {
  const places = usualPlaces(value === undefined ? {} : { OLLAMA_HOST: value });
  expect(places.find(({ vendor }) => vendor === 'ollama')?.host).toBe(host);
  expect(places.map(({ vendor }) => vendor)).toEqual(kinds);
});

test('F036 the usual ports are those of the vendors', () => {
  expect(usualPlaces({}).map(({ host }) => host)).toEqual([
    '127.0.0.1:11434',
    '127.0.0.1:1234',
    '127.0.0.1:8080',
    '127.0.0.1:8000',
  ]);
});

test('F037 keys in the environment are found in the order of the vendor table', () => {
  const env = {
    GROQ_API_KEY: 'g',
    ANTHROPIC_OAUTH_TOKEN: 'o',
    OPENAI_API_KEY: ' ',
    MISTRAL_API_KEY: '',
    GITHUB_TOKEN: 'x',
    HF_TOKEN: 'y',
  };
  expect(findKeys(env).map(({ vendor, variable }) => [vendor.id, variable])).toEqual([
    ['anthropic', 'ANTHROPIC_OAUTH_TOKEN'],
    ['groq', 'GROQ_API_KEY'],
  ]);
  expect(findKeys({ ANTHROPIC_API_KEY: 'a', ANTHROPIC_OAUTH_TOKEN: 'o' })[0]?.variable).toBe(
    'ANTHROPIC_API_KEY',
  );
});
