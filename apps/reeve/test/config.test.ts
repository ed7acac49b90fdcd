import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError } from '@reeve/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  configFile,
  loadConfig,
  renderConfigReference,
  resolveHome,
  setConfigValue,
} from '../src/config/index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'reeve-config-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const write = (text: string) => writeFileSync(configFile(home), text);
const load = (env: Record<string, string> = {}, flags = {}) => loadConfig({ home, env, flags });
const good = (env: Record<string, string> = {}, flags = {}) => {
  const loaded = load(env, flags);
  if (!loaded.ok) throw loaded.error;
  return loaded;
};
const bad = (env: Record<string, string> = {}, flags = {}) => {
  const loaded = load(env, flags);
  if (loaded.ok) throw new Error('expected a fault');
  return loaded.error.fault;
};
const settingOf = (loaded: ReturnType<typeof good>, key: string) =>
  loaded.values.find((value) => value.key === key)!;

test('F347 without a file every setting has its default', () => {
  const loaded = good();
  expect(loaded.config.gateway).toMatchObject({ port: 18_789, host: '127.0.0.1' });
  expect(loaded.values.every(({ source }) => source === 'default')).toBe(true);
  expect(loaded.warnings).toEqual([]);
});

test('F347 later layers win: default < file < environment < flag, and each value says where it comes from', () => {
  write('[gateway]\nport = 1111\nhost = "::1"\n[agent]\nname = "Ann"\n');
  const loaded = good(
    { REEVE_GATEWAY_PORT: '2222', REEVE_AGENT_TIME_ZONE: 'Europe/Berlin' },
    { port: '3333' },
  );
  expect(loaded.config.gateway).toMatchObject({ port: 3333, host: '::1' });
  expect(settingOf(loaded, 'gateway.port')).toMatchObject({
    source: 'flag',
    origin: '--port',
    needsRestart: true,
  });
  expect(settingOf(loaded, 'agent.timeZone')).toMatchObject({
    value: 'Europe/Berlin',
    source: 'env',
    origin: 'REEVE_AGENT_TIME_ZONE',
  });
  expect(settingOf(loaded, 'agent.name')).toMatchObject({
    value: 'Ann',
    source: 'file',
    needsRestart: false,
  });
});

test('F347 the environment gives lists, booleans and providers', () => {
  const { config } = good({
    REEVE_GATEWAY_ALLOWED_HOSTS: 'a.example, b.example',
    REEVE_GATEWAY_TRUST_PROXY: 'yes',
    REEVE_PROVIDERS_MY_BOX_BASE_URL: 'http://127.0.0.1:11434/v1',
    REEVE_PROVIDERS_MY_BOX_API_KEY_ENV: 'BOX_KEY',
  });
  expect(config.gateway).toMatchObject({ allowedHosts: ['a.example', 'b.example'], trustProxy: true });
  expect(config.providers['my-box']).toMatchObject({
    baseUrl: 'http://127.0.0.1:11434/v1',
    apiKeyEnv: 'BOX_KEY',
    apiKey: '',
  });
});

test('F347 unknown keys are named warnings with the nearest known one', () => {
  write(
    '[gateway]\nprot = 1\n[providers.x]\nbaseUrl = "http://127.0.0.1/v1"\nbaseurl = "y"\n[weather]\ncity = "B"\n',
  );
  const { warnings } = good({ REEVE_AGENT_NAMES: 'x' });
  expect(warnings.map(({ key }) => key)).toEqual([
    'gateway.prot',
    'providers.x.baseurl',
    'weather.city',
    'REEVE_AGENT_NAMES',
  ]);
  expect(warnings[0]!.message).toContain('Did you mean gateway.port?');
  expect(warnings[1]!.message).toContain('Did you mean providers.x.baseUrl?');
  expect(warnings[2]!.message).not.toContain('Did you mean');
  expect(warnings[3]!.message).toContain('Did you mean REEVE_AGENT_NAME?');
});

test('F347 a wrong value names key, value, origin and what is allowed', () => {
  write('[gateway]\nport = 99999\n[agent]\nlanguage = "fr"\ntimeZone = "Mars"\n');
  const fault = bad({ REEVE_LOG_LEVEL: 'loud' });
  expect(fault.code).toBe('CONFIG_ERROR');
  expect(fault.message).toContain(
    `gateway.port = 99999 is not valid (${configFile(home)}); allowed: whole number from 0 to 65535.`,
  );
  expect(fault.message).toContain('agent.language = "fr"');
  expect(fault.message).toContain('auto | en | de');
  expect(fault.message).toContain('must be an IANA time zone');
  expect(fault.message).toContain('log.level = "loud" is not valid (REEVE_LOG_LEVEL)');
});

test('a wrong value inside a list and a table that is no table are named', () => {
  write(
    'engine = 3\n[gateway]\ncorsOrigins = ["not a url"]\n[providers.Big]\nbaseUrl = "http://127.0.0.1"\n',
  );
  const { message } = bad();
  expect(message).toContain('gateway.corsOrigins = ["not a url"] is not valid');
  expect(message).toContain('engine');
  expect(message).toContain('providers.Big');
});

test('F037 a known vendor needs no address; a server of one’s own is told where to put it', () => {
  write('[providers.groq]\n[providers.gemini]\n[providers.mine]\nkind = "anthropic"\n');
  expect(Object.keys(good().config.providers)).toEqual(['groq', 'gemini', 'mine']);
  write('[providers.gorq]\napiKey = "sk-secret"\n');
  const { message, next, details } = bad();
  expect(message).toContain('[providers.gorq] has no baseUrl');
  expect(next).toContain('providers.gorq.baseUrl');
  expect(JSON.stringify({ message, next, details })).not.toContain('sk-secret');
  expect(bad({ REEVE_PROVIDERS_GORQ_BASE_URL: '' }).code).toBe('CONFIG_ERROR');
  expect(
    good({ REEVE_PROVIDERS_GORQ_BASE_URL: 'http://127.0.0.1:1/v1' }).config.providers['gorq'],
  ).toBeDefined();
});

test('F037 a key that was only found does not count where the owner forbids to look', () => {
  write('[models]\ndiscover = false\n');
  expect(good({ OPENAI_API_KEY: 'sk-secret' }).config.providers).toEqual({});
  const named = good({ OPENAI_API_KEY: 'sk-secret', REEVE_OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
  expect(named.config.providers['openai']).toMatchObject({ apiKeyEnv: 'OPENAI_API_KEY' });
});

test('F037 further keys of a provider can be given by the environment', () => {
  const { config } = good({
    REEVE_PROVIDERS_MY_GROQ_ACCOUNTS_SECOND_ONE_API_KEY_ENV: 'GROQ_2',
    REEVE_PROVIDERS_MY_GROQ_BASE_URL: 'http://127.0.0.1:9/v1',
  });
  expect(config.providers['my-groq']?.accounts).toEqual({
    'second-one': { apiKey: '', apiKeyEnv: 'GROQ_2' },
  });
});

test('a secret is never shown, neither as a value nor in an error', () => {
  write('[providers.x]\nbaseUrl = "http://user:hunter2@127.0.0.1/v1"\napiKey = "sk-secret"\n');
  const loaded = good();
  expect(settingOf(loaded, 'providers.x.apiKey').value).toBe('***');
  expect(JSON.stringify(loaded.values)).not.toMatch(/sk-secret|hunter2/);
  expect(loaded.config.providers['x']!.apiKey).toBe('sk-secret');
  write('[providers.x]\nbaseUrl = "http://127.0.0.1/v1"\napiKey = ["sk-secret"]\n');
  expect(bad().message).not.toContain('sk-secret');
});

test('a syntax error names file and line and does not quote the line', () => {
  write('[gateway]\nport = 1\n[providers.x]\napiKey = sk-secret\n');
  const { message, details } = bad();
  expect(message).toContain(`${configFile(home)} is not valid TOML: line 4`);
  expect(message).not.toContain('sk-secret');
  expect(details).toMatchObject({ line: 4 });
});

test('F033 OPENAI_API_KEY makes a provider that holds the name of the variable, not the key', () => {
  const loaded = good({ OPENAI_API_KEY: 'sk-secret', REEVE_OPENAI_MODEL: 'gpt-x' });
  expect(loaded.config.providers['openai']).toMatchObject({
    baseUrl: 'https://api.openai.com/v1',
    apiKey: '',
    apiKeyEnv: 'OPENAI_API_KEY',
    models: ['gpt-x'],
  });
  expect(settingOf(loaded, 'providers.openai.baseUrl')).toMatchObject({
    source: 'env',
    origin: 'OPENAI_API_KEY',
  });
  expect(good({ REEVE_OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }).config.providers['openai']).toMatchObject({
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKeyEnv: '',
  });
});

test('the file wins over the environment short cut for the provider openai', () => {
  write('[providers.openai]\nbaseUrl = "http://127.0.0.1:1/v1"\n');
  const { config } = good({ OPENAI_API_KEY: 'sk-secret' });
  expect(config.providers['openai']).toMatchObject({ baseUrl: 'http://127.0.0.1:1/v1', apiKeyEnv: '' });
});

test('setting a value keeps comments and order, and is private', () => {
  write('# mine\n[gateway]\n# the port\nport = 1 # low\n\n[agent]\nname = "Ann"\n');
  const file = configFile(home);
  setConfigValue(file, 'gateway.port', 4000);
  setConfigValue(file, 'providers.box.baseUrl', 'http://127.0.0.1:1/v1');
  expect(readFileSync(file, 'utf8')).toBe(
    '# mine\n[gateway]\n# the port\nport = 4000 # low\n\n[agent]\nname = "Ann"\n\n[providers.box]\nbaseUrl = "http://127.0.0.1:1/v1"\n',
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  setConfigValue(file, 'agent.name', null);
  setConfigValue(file, 'providers.box.baseUrl', null);
  expect(good().config.agent.name).toBe('Reeve');
  expect(good().config.providers).toEqual({});
  expect(readFileSync(file, 'utf8')).toContain('# the port');
});

test('a value that does not fit leaves the file untouched', () => {
  const file = configFile(home);
  write('[gateway]\nport = 1\n');
  const before = readFileSync(file, 'utf8');
  expect(() => setConfigValue(file, 'gateway.port', 'many')).toThrow(FaultError);
  expect(() => setConfigValue(file, 'gateway.prot', 1)).toThrow('Did you mean gateway.port?');
  expect(() => setConfigValue(file, 'gateway.__proto__', 1)).toThrow(FaultError);
  expect(() => setConfigValue(file, 'providers.a b.baseUrl', 'http://127.0.0.1')).toThrow(FaultError);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('the home folder: flag, REEVE_HOME, default', () => {
  expect(resolveHome('/a', { REEVE_HOME: '/b' })).toBe('/a');
  expect(resolveHome(undefined, { REEVE_HOME: '/b' })).toBe('/b');
  expect(resolveHome(undefined, {})).toMatch(/\.reeve$/);
});

test('F348 the reference names every setting and nothing of this machine', () => {
  const text = renderConfigReference();
  expect(text).toContain(
    '| `port` | TCP port; 0 lets the system choose. | whole number from 0 to 65535 | `18789` | `REEVE_GATEWAY_PORT` | after a restart |',
  );
  expect(text).toContain('`REEVE_PROVIDERS_<NAME>_BASE_URL`');
  expect(text).toContain("the machine's");
});

test('F348 the example file is valid and changes nothing', () => {
  write(readFileSync(new URL('../templates/reeve.toml', import.meta.url), 'utf8'));
  const loaded = good();
  expect(loaded.warnings).toEqual([]);
  expect(loaded.values.every(({ source }) => source === 'default')).toBe(true);
});

test('F057 the default personality is short', () => {
  expect(readFileSync(new URL('../templates/SOUL.md', import.meta.url), 'utf8').length).toBeLessThanOrEqual(
    900,
  );
});
