import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { createGate, reply, startModelServer } from '@reeve/testkit/model';
import { afterEach, expect, test, vi } from 'vitest';
import { createProvider } from '../src/index.ts';
import { collect, request } from './request.ts';

const providerAt = (baseUrl: string) =>
  createProvider('openai-compatible', {
    id: 'p',
    name: 'P',
    baseUrl,
    apiKey: 'sk-secret-0123',
    models: [],
    connectTimeoutMs: 100,
  });

test('F041 a server that opens no connection in time is a timeout, without the key', async () => {
  // It takes the call and never speaks TLS.
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => void sockets.add(socket));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  const [event] = await collect(providerAt(`https://127.0.0.1:${port}/v1`), request());
  expect(event).toMatchObject({ type: 'error', error: { class: 'timeout' } });
  expect(JSON.stringify(event)).not.toContain('sk-secret');
  await expect(
    providerAt(`https://127.0.0.1:${port}/v1`).listModels(AbortSignal.timeout(20_000)),
  ).rejects.toThrow('took too long');
  for (const socket of sockets) socket.destroy();
  mute.close();
});

test('F041 an answer may take longer than a connection', async () => {
  await using server = await startModelServer();
  const gate = createGate();
  server.enqueue(reply.hold(gate).text('At last.'));
  const events = collect(providerAt(server.url), request());
  await gate.reached;
  await collect(providerAt(server.url), request());
  gate.open();
  expect((await events).at(-1)).toMatchObject({ type: 'finish' });
});

test('F041 one connection serves many answers', async () => {
  await using server = await startModelServer();
  const provider = providerAt(server.url);
  for (let i = 0; i < 3; i += 1) await collect(provider, request());
  expect(server.requests).toHaveLength(3);
  for (const { headers } of server.requests) expect(headers['connection']).toBe('keep-alive');
});

afterEach(() => vi.unstubAllEnvs());

test('F041 a proxy is used where Node is told to use one', async () => {
  await using server = await startModelServer();
  const asked: string[] = [];
  const proxy = createHttpServer().on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv('NO_PROXY', '');
  const events = await collect(providerAt('http://model.example/v1'), request());
  expect(events.at(-1)).toMatchObject({ type: 'finish' });
  expect(asked).toEqual(['model.example:80']);
  proxy.closeAllConnections();
  proxy.close();
});
