import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { reply, startHarness, testApiKey } from '@reeve/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerOf, say } from '../support/collect.ts';
import { filesWith, keep, keysSeen, plantedKey, run } from './support.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
const start = async (options: Parameters<typeof startHarness>[0] = {}) => {
  harness = await startHarness(options);
  harness.model.setScript(() => reply.text('hello'));
};
afterEach(() => harness[Symbol.asyncDispose]());

const useReference = () =>
  harness.client.config.set({ key: 'providers.openai.apiKey', value: 'secret:openai' });
const keyNow = () => keysSeen(harness).at(-1);

describe('F225 keys of providers by reference', () => {
  beforeEach(() => start());

  test('F225 the provider is given the value at each request: a new one is used by the next call', async () => {
    await keep(harness, 'openai', plantedKey);
    await useReference();
    const { sent } = await say(harness, 'hello');
    expect(keyNow()).toBe(plantedKey);
    await keep(harness, 'openai', 'another-key-0123456789');
    await say(harness, 'and again', { sessionId: sent.sessionId });
    expect(keyNow()).toBe('another-key-0123456789');
    await harness.restart();
    await say(harness, 'after a restart', { sessionId: sent.sessionId });
    expect(keyNow()).toBe('another-key-0123456789');
    const { values } = await harness.client.config.list();
    expect(values.find(({ key }) => key === 'providers.openai.apiKey')?.value).toBe('secret:openai');
    expect(filesWith(harness.home, plantedKey)).toEqual([]);
  });

  test('F225 a secret that is missing is named in a warning; Reeve runs, and takes it up when it is there', async () => {
    await useReference();
    expect(answerOf((await say(harness, 'what is 2 + 2?')).items)).not.toBe('hello');
    const warning = {
      key: 'providers.openai.apiKey',
      message: expect.stringContaining('reeve secret set openai'),
    };
    expect((await harness.client.config.list()).warnings).toContainEqual(warning);
    expect((await harness.client.secrets.status()).warnings).toContainEqual(warning);
    expect((await harness.client.system.reload()).warnings).toContainEqual(warning);
    await harness.restart();
    expect((await harness.client.system.status()).storage.state).toBe('ok');
    await keep(harness, 'openai', plantedKey);
    expect(answerOf((await say(harness, 'hello')).items)).toBe('hello');
    expect(keyNow()).toBe(plantedKey);
    expect((await harness.client.system.reload()).warnings).toEqual([]);
  });

  test('F224 after an emergency no request is made with it; a new value brings the provider back', async () => {
    await keep(harness, 'openai', plantedKey);
    await useReference();
    await say(harness, 'hello');
    const before = keysSeen(harness).length;
    expect(
      (await run(harness, ['secret', 'emergency', 'openai', '--indicator', 'leaked_credential'])).out,
    ).toContain('May not be used any more: openai.');
    expect(answerOf((await say(harness, 'hello again')).items)).not.toBe('hello');
    expect(keysSeen(harness).length).toBe(before);
    expect((await run(harness, ['secret', 'list'])).out).toContain('revoked (leaked_credential)');
    await run(harness, ['secret', 'set', 'openai', '--stdin'], { input: 'fresh-key-0123456789\n' });
    expect(answerOf((await say(harness, 'hello once more')).items)).toBe('hello');
    expect(keyNow()).toBe('fresh-key-0123456789');
  });
});

describe('F222 F223 rotation through the door', () => {
  beforeEach(() => start());

  test('F222 F223 the new key is tried where the policy says; one that is refused never reaches the provider', async () => {
    const tried: (string | undefined)[] = [];
    const provider = createServer((request, response) => {
      tried.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === 'Bearer good-key-0123456789' ? 200 : 401).end();
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1/models`;
    await keep(harness, 'openai', plantedKey);
    await useReference();
    const rule = ['--verify', 'openai', '--verify-url', url, '--window', '2', '--every', '90'];
    expect((await run(harness, ['secret', 'policy', 'openai', ...rule])).out).toContain('new value due');
    const refused = await run(harness, ['secret', 'rotate', 'openai', '--stdin'], {
      input: 'bad-key-0123456789\n',
    });
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('SECRET_REFUSED')]);
    await say(harness, 'hello');
    expect(keyNow()).toBe(plantedKey);
    const rotated = await run(harness, ['secret', 'rotate', 'openai', '--stdin'], {
      input: 'good-key-0123456789\n',
    });
    expect(rotated.out).toContain('Version 1 stays valid until');
    await say(harness, 'hello');
    expect(keyNow()).toBe('good-key-0123456789');
    expect(tried).toEqual(['Bearer bad-key-0123456789', 'Bearer good-key-0123456789']);
    expect((await run(harness, ['secret', 'rotate', 'openai', '--rollback'])).out).toContain(
      'is in use again',
    );
    await say(harness, 'hello');
    expect(keyNow()).toBe(plantedKey);
    provider.close();
  });
});

describe('F225 keys that lie in plain text are moved in', () => {
  test('F225 out of reeve.toml: it then holds the reference, its comments are kept, and no file holds the key', async () => {
    await start();
    const file = join(harness.home, 'reeve.toml');
    writeFileSync(file, `# mine\n[providers.openai]\napiKey = "${plantedKey}" # the key\n`, { mode: 0o600 });
    await harness.client.system.reload();
    const { found } = await harness.client.secrets.adoptable();
    expect(found).toContainEqual({
      from: 'providers.openai.apiKey',
      source: 'file',
      setting: 'providers.openai.apiKey',
      name: 'openai',
      masked: `…${plantedKey.slice(-4)}`,
    });
    expect((await run(harness, ['secret', 'adopt'])).out).toContain('secret:openai');
    const adopted = await run(harness, ['secret', 'adopt', 'providers.openai.apiKey']);
    expect(adopted).toMatchObject({ code: 0, out: 'providers.openai.apiKey is now secret:openai.\n' });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('apiKey = "secret:openai"');
    expect(text).toContain('# mine');
    expect(filesWith(harness.home, plantedKey)).toEqual([]);
    await say(harness, 'hello');
    expect(keyNow()).toBe(plantedKey);
    expect((await harness.client.secrets.adoptable()).found).toEqual([]);
    const again = await run(harness, ['secret', 'adopt', 'providers.openai.apiKey']);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('NOT_FOUND')]);
  });

  test('F225 out of the environment: the setting names the secret, and the variable to remove is named', async () => {
    await start();
    const { out } = await run(harness, ['secret', 'adopt', 'OPENAI_API_KEY', '--as', 'my-openai', '--json']);
    expect(JSON.parse(out)).toEqual({
      adopted: [{ name: 'my-openai', setting: 'providers.openai.apiKey', variable: 'OPENAI_API_KEY' }],
    });
    await keep(harness, 'my-openai', plantedKey);
    await say(harness, 'hello');
    expect(keyNow()).toBe(plantedKey);
    expect(filesWith(harness.home, testApiKey)).toEqual([]);
  });

  test('F225 a name that is taken is not overwritten, and a file that cannot be changed loses nothing', async () => {
    await start();
    await keep(harness, 'openai', plantedKey);
    await expect(harness.client.secrets.adopt({ from: 'OPENAI_API_KEY' })).rejects.toMatchObject({
      fault: { code: 'CONFLICT' },
    });
    writeFileSync(join(harness.home, 'reeve.toml'), 'not = [valid');
    await expect(
      harness.client.secrets.adopt({ from: 'OPENAI_API_KEY', name: 'second' }),
    ).rejects.toMatchObject({ fault: { code: 'CONFIG_ERROR' } });
    expect((await harness.client.secrets.list()).secrets.map(({ name }) => name)).toEqual(['openai']);
  });
});
