import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeVault } from './fake-vault.ts';
import { createPlace, id, secretOf } from './support.ts';

let vault: Awaited<ReturnType<typeof startFakeVault>>;
let place: ReturnType<typeof createPlace>;
const token = 'hv-token-0123456789';
const clockOf = () => place.clock;

beforeEach(async () => {
  vault = await startFakeVault(() => clockOf().now());
  place = createPlace({ backend: 'vault', vaultAddress: vault.address }, { env: { VAULT_TOKEN: token } });
});
afterEach(async () => {
  await vault.close();
  await place.dispose();
});

const code = (fault: string, message: RegExp) => ({
  fault: { code: fault, message: expect.stringMatching(message) },
});
const paths = () => vault.requests.map(({ method, path }) => `${method} ${path}`);

test('F219 the value stands where other programs read it, and what they wrote is read', async () => {
  vault.addToken(token);
  const store = await place.open();
  await store.set(id, secretOf('mine'));
  expect(vault.entries.get('|reeve/home/-/first')).toMatchObject({ value: 'mine' });
  vault.entries.set('|reeve/home/-/theirs', { value: 'by another program' });
  vault.entries.set('|reeve/home/-/other-shape', { user: 'x' });
  expect((await store.get({ ...id, name: 'theirs' }))?.versions[0]?.value).toBe('by another program');
  expect(await store.get({ ...id, name: 'other-shape' })).toBeNull();
  vault.entries.set('|reeve/home/-/broken', { value: 'v', reeve: '{"versions":"secret-text"}' });
  const error = await store.get({ ...id, name: 'broken' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ fault: { code: 'SECRETS_UNAVAILABLE' } });
  expect(JSON.stringify(error)).not.toContain('secret-text');
  await store.close();
});

test('F219 namespaces keep apart', async () => {
  vault.addToken(token);
  vault.entries.set('team-a|reeve/home/-/first', { value: 'of a' });
  vault.entries.set('|reeve/home/-/first', { value: 'of nobody' });
  const inNamespace = createPlace(
    { backend: 'vault', vaultAddress: `${vault.address}/`, vaultNamespace: 'team-a' },
    { env: { VAULT_TOKEN: token } },
  );
  const store = await inNamespace.open();
  expect((await store.get(id))?.versions[0]?.value).toBe('of a');
  expect(new Set(vault.requests.map(({ namespace }) => namespace))).toEqual(new Set(['team-a']));
  await store.close();
  await inNamespace.dispose();
});

test('F219 the token is renewed before it ends, again and again', async () => {
  vault.addToken(token, { ttlSeconds: 60, isRenewable: true });
  const store = await place.open();
  const begin = place.clock.now();
  for (let minute = 0; minute < 5; minute += 1) await advance(60_000);
  expect(paths().filter((path) => path.endsWith('renew-self')).length).toBeGreaterThanOrEqual(5);
  expect(vault.tokenEndsAt(token)).toBeGreaterThan(begin + 300_000);
  await store.set(id, secretOf('late'));
  await store.close();
  expect(place.clock.pending()).toBe(0);
});

test('F219 a token that ended is said, and a new one at the same place is taken without a restart', async () => {
  const file = place.file('token');
  writeFileSync(file, `${token}\n`);
  vault.addToken(token, { ttlSeconds: 60, isRenewable: false });
  const byFile = createPlace({ backend: 'vault', vaultAddress: vault.address, vaultTokenFile: file });
  const store = await byFile.open({ clock: place.clock });
  await store.set(id, secretOf('kept'));
  await place.clock.advance(61_000);
  const refused = code('SECRETS_UNAVAILABLE', /refuses the token \(403\)/);
  await expect(store.get(id)).rejects.toMatchObject(refused);
  await expect(store.set(id, secretOf('x'))).rejects.toMatchObject(refused);
  await expect(store.list()).rejects.toMatchObject(refused);
  vault.addToken('hv-next');
  writeFileSync(file, 'hv-next');
  expect((await store.get(id))?.versions[0]?.value).toBe('kept');
  await store.close();
  await byFile.dispose();
});

test('F219 what somebody else wrote is seen after half a minute, what we wrote at once', async () => {
  vault.addToken(token);
  const store = await place.open();
  await store.set(id, secretOf('one'));
  const before = vault.requests.length;
  expect((await store.get(id))?.versions[0]?.value).toBe('one');
  expect(vault.requests.length).toBe(before);
  vault.entries.set('|reeve/home/-/first', { value: 'two' });
  await place.clock.advance(31_000);
  expect((await store.get(id))?.versions[0]?.value).toBe('two');
  await store.close();
});

test('F219 no token, no address, a wrong mount, a seal, nobody there: each has its message', async () => {
  await expect(place.open({ env: {} })).rejects.toMatchObject(code('SECRETS_UNAVAILABLE', /no token/));
  const nowhere = createPlace({ backend: 'vault' });
  await expect(nowhere.open()).rejects.toMatchObject(code('SECRETS_UNAVAILABLE', /no address/));
  await nowhere.dispose();
  vault.addToken(token);
  const store = await place.open();
  vault.seal(true);
  await expect(store.get(id)).rejects.toMatchObject(code('SECRETS_UNAVAILABLE', /sealed/));
  await vault.close();
  const error = await store.get(id).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject(code('SECRETS_UNAVAILABLE', /does not answer/));
  expect(JSON.stringify(error)).not.toContain(token);
  await store.close();
});

/** Timers fire at the test's time; what they start goes over a real socket, so that it is waited for. */
const advance = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 10_000) {
    await place.clock.advance(10_000);
    const seen = vault.requests.length;
    await fetch(`${vault.address}/v1/sys/health`).then((response) => response.text());
    expect(vault.requests.length).toBeGreaterThan(seen);
  }
};
