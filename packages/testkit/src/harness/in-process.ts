import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReeveClient, type ReeveClient } from '@reeve/client';
import type { Channel, Clock, NewId, Tool } from '@reeve/core';
import { type Server, type StartOptions, startServer } from 'reeve/server';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../model/index.ts';
import { noRateLimits } from './no-limits.ts';

export interface HarnessOptions {
  /** The scripted model behind provider `openai`; null leaves the steward alone. */
  model?: ModelServerOptions | null;
  env?: Record<string, string>;
  clock?: Clock;
  newId?: NewId;
  extraTools?: readonly Tool[];
  channels?: readonly Channel[];
  /** Where model servers may run beside the scripted one. */
  localPlaces?: StartOptions['localPlaces'];
}

export interface Harness extends AsyncDisposable {
  home: string;
  url: string;
  token: string;
  client: ReeveClient;
  model: ModelServer;
  server: Server;
  /** An authorised request; `path` starts with a slash. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Stops in order and starts again on the same data folder and port. */
  restart(): Promise<void>;
}

/** Answers that a test holds back do not end by themselves. */
const drainMs = 200;

/** Never in any request body: whatever the model server is given is checked for it. */
export const testApiKey = 'sk-test-0123456789abcdef0123456789abcdef';

/** A whole gateway in this process, on a free port and a fresh data folder, with the scripted model server as its model. */
export const startHarness = async ({
  model: modelOptions = {},
  env = {},
  clock,
  newId,
  extraTools,
  channels,
  localPlaces,
}: HarnessOptions = {}): Promise<Harness> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-test-'));
  const model = await startModelServer({ forbidden: [testApiKey], ...modelOptions });
  const providerEnv =
    modelOptions === null
      ? {}
      : { REEVE_OPENAI_BASE_URL: model.url, OPENAI_API_KEY: testApiKey, REEVE_OPENAI_MODEL: 'test-model' };
  const start = (port: number) =>
    startServer({
      home,
      env: { REEVE_AGENT_TIME_ZONE: 'Europe/Berlin', ...noRateLimits, ...providerEnv, ...env },
      flags: { port },
      drainMs,
      ...(clock && { clock }),
      ...(newId && { newId }),
      ...(extraTools && { extraTools }),
      ...(channels && { channels }),
      ...(localPlaces && { localPlaces }),
    });
  let server = await start(0);
  const { url } = server;
  const client = createReeveClient({ url, token: () => server.localToken });
  return {
    home,
    url,
    client,
    model,
    get token() {
      return server.localToken;
    },
    get server() {
      return server;
    },
    fetch: (path, init = {}) =>
      fetch(url + path, {
        ...init,
        headers: {
          authorization: `Bearer ${server.localToken}`,
          ...(init.body !== undefined && { 'content-type': 'application/json' }),
          ...init.headers,
        },
      }),
    async restart() {
      await server.stop();
      server = await start(Number(new URL(url).port));
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await model.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
