import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startHarness } from '@reeve/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { filesWith, keep, plantedKey, run } from './support.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
const start = async (env: Record<string, string> = {}) => {
  harness = await startHarness({ model: null, env });
};
afterEach(() => harness[Symbol.asyncDispose]());
const secret = (...argv: string[]) => run(harness, ['secret', ...argv]);
const set = (name: string, input: string, ...more: string[]) =>
  run(harness, ['secret', 'set', name, '--stdin', ...more], { input });

describe('F218 the commands', () => {
  test('F218 set, get, list and rm; no answer holds a value', async () => {
    await start();
    expect((await secret('list')).out).toContain('No secrets');
    const kept = await set('openai', `${plantedKey}\n`);
    expect(kept).toEqual({
      code: 0,
      out: `secret:openai = …${plantedKey.slice(-4)} (version 1) is kept. Settings name it as secret:openai.\n`,
      err: '',
    });
    await set('mail', 'short', '--mine');
    const said = [await secret('get', 'openai'), await secret('list'), await secret('list', '--json')];
    expect(said[0]!.out).toBe(`secret:openai = …${plantedKey.slice(-4)} (version 1)\n`);
    expect(said[1]!.out).toMatch(/mail +mine +1/);
    expect((await secret('get', 'mail', '--mine')).out).toBe('secret:mail = … (version 1)\n');
    for (const { out } of said) expect(out).not.toContain(plantedKey);
    expect((await secret('rm', 'openai')).out).toBe('openai is deleted.\n');
    const gone = await secret('get', 'openai');
    expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('NOT_FOUND')]);
    expect(readdirSync(harness.home)).toEqual(expect.arrayContaining(['vault.age', 'vault.key']));
    for (const file of ['vault.age', 'vault.key'])
      expect(statSync(join(harness.home, file)).mode & 0o777).toBe(0o600);
  });

  test('F218 a value is never taken from the command line, and asked for only where somebody can type', async () => {
    await start();
    const given = await run(harness, ['secret', 'set', 'openai', plantedKey]);
    expect(given.code).toBe(1);
    expect(given.out + given.err).not.toContain(plantedKey);
    expect(given.err).toContain('never taken from the command line');
    const nobody = await run(harness, ['secret', 'set', 'openai'], {});
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('--stdin')]);
    expect((await set('openai', '\n')).err).toContain('INVALID_PARAMS');
    expect((await set('bad name', 'value')).err).toContain('INVALID_PARAMS');
    expect((await harness.client.secrets.list()).secrets).toEqual([]);
  });

  test('F218 many lines and strange characters come through as they are', async () => {
    await start();
    const value = `-----BEGIN X-----\nä "planted-line" \\ back\t\u{1f511}\n-----END X-----`;
    await set('pem', `${value}\n`);
    await set('again', `${value}\n`);
    const [one, two] = await Promise.all(['pem', 'again'].map((id) => harness.client.secrets.get({ id })));
    expect([one!.masked, two!.masked]).toEqual([`…${value.slice(-4)}`, `…${value.slice(-4)}`]);
    expect(filesWith(harness.home, 'planted-line')).toEqual([]);
  });
});

describe('F218 the lock', () => {
  test('F218 lock and unlock with a key file', async () => {
    await start();
    await keep(harness, 'a', plantedKey);
    expect((await secret('lock')).out).toContain('local: locked');
    const refused = await set('b', 'value');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('reeve secret unlock')]);
    expect((await secret('unlock')).out).toContain('local: open');
    expect((await secret('get', 'a')).code).toBe(0);
  });

  test('F218 a passphrase is asked for after each start; a wrong one opens nothing', async () => {
    await start({ REEVE_SECRETS_KEY: 'passphrase' });
    expect((await set('a', 'value')).err).toContain('SECRETS_LOCKED');
    expect((await secret('status')).out).toContain('local: new');
    const unlock = (passphrase: string) =>
      run(harness, ['secret', 'unlock', '--stdin'], { input: `${passphrase}\n` });
    expect((await unlock('correct horse')).out).toContain('local: open');
    await keep(harness, 'a', plantedKey);
    await harness.restart();
    expect((await secret('get', 'a')).err).toContain('SECRETS_LOCKED');
    expect((await unlock('wrong')).err).toContain('PASSPHRASE_WRONG');
    expect((await secret('get', 'a')).err).toContain('SECRETS_LOCKED');
    expect((await unlock('correct horse')).code).toBe(0);
    expect((await secret('get', 'a')).out).toContain(plantedKey.slice(-4));
    for (const text of ['correct horse', plantedKey]) expect(filesWith(harness.home, text)).toEqual([]);
  });
});

test('F219 where secrets can only be read, that is said', async () => {
  await start({ REEVE_SECRETS_BACKEND: 'env', REEVE_SECRET_OPENAI: plantedKey });
  expect((await secret('list')).out).toContain('openai');
  const refused = await set('openai', 'value');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('SECRETS_READ_ONLY')]);
  const { warnings } = await harness.client.config.list();
  expect(warnings).toEqual([]);
});

test('F219 a place that does not answer is said, and Reeve runs without', async () => {
  await start({
    REEVE_SECRETS_BACKEND: 'vault',
    REEVE_SECRETS_VAULT_ADDRESS: 'http://127.0.0.1:1',
    VAULT_TOKEN: 'hv-planted-token',
  });
  const refused = await secret('list');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('does not answer')]);
  expect((await secret('status')).out).toContain('vault: failing');
  expect(filesWith(harness.home, 'hv-planted-token')).toEqual([]);
  expect((await harness.client.system.status()).storage.state).toBe('ok');
});
