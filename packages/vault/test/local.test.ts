import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configSchema } from '@reeve/protocol';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlace, id, secretOf } from './support.ts';

let place: ReturnType<typeof createPlace>;
afterEach(() => place.dispose());

const code = (fault: string, details: object = {}) => ({ fault: { code: fault, ...details } });
const mode = (name: string) => statSync(place.file(name)).mode & 0o777;
const value = 'planted-value-0123456789';

/** One byte of what is encrypted is another. */
const flipped = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, at) => (at === bytes.length - 30 ? byte ^ 1 : byte)));

describe('F218 the local file', () => {
  test('F218 F245 nothing is made before the first secret; then both files are private and hold nothing readable', async () => {
    place = createPlace();
    const store = await place.open();
    expect([await store.list(), await store.get(id), readdirSync(place.home)]).toEqual([[], null, []]);
    await store.set(id, secretOf(value));
    expect(readdirSync(place.home).sort()).toEqual(['vault.age', 'vault.key']);
    expect([mode('vault.age'), mode('vault.key')]).toEqual([0o600, 0o600]);
    const sealed = readFileSync(place.file('vault.age'));
    expect(sealed.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
    for (const text of [value, 'first', 'versions']) expect(sealed.includes(text)).toBe(false);
  });

  test('F218 age itself opens it with the key', async () => {
    place = createPlace();
    await (await place.open()).set(id, secretOf(value));
    const decrypter = new Decrypter();
    decrypter.addIdentity(readFileSync(place.file('vault.key'), 'utf8').trim());
    const text = await decrypter.decrypt(readFileSync(place.file('vault.age')), 'text');
    expect(JSON.parse(text)).toMatchObject({ format: 1, secrets: [{ name: 'first', tenantId: 'home' }] });
  });

  test.each([0o604, 0o640, 0o660, 0o644])('F218 a key of mode %o is not used', async (open) => {
    place = createPlace();
    await (await place.open()).set(id, secretOf(value));
    chmodSync(place.file('vault.key'), open);
    await expect(place.open()).rejects.toMatchObject(
      code('SECRETS_KEY_EXPOSED', { next: expect.stringContaining('chmod 600') }),
    );
    chmodSync(place.file('vault.key'), 0o600);
    expect((await (await place.open()).get(id))?.versions[0]?.value).toBe(value);
  });

  test('F218 a lost, foreign or damaged key, or a damaged file, is said and overwrites nothing', async () => {
    place = createPlace();
    await (await place.open()).set(id, secretOf(value));
    const [key, sealed] = ['vault.key', 'vault.age'].map((name) => readFileSync(place.file(name)));
    const other = createPlace();
    await (await other.open()).set(id, secretOf(value));
    const foreign = readFileSync(other.file('vault.key'));
    await other.dispose();
    const states: [string, () => void][] = [
      ['lost', () => rmSync(place.file('vault.key'))],
      ['foreign', () => writeFileSync(place.file('vault.key'), foreign, { mode: 0o600 })],
      ['no key', () => writeFileSync(place.file('vault.key'), 'nothing', { mode: 0o600 })],
      ['cut off', () => writeFileSync(place.file('vault.age'), sealed!.subarray(0, -10))],
      ['changed', () => writeFileSync(place.file('vault.age'), flipped(sealed!))],
      ['empty', () => writeFileSync(place.file('vault.age'), '')],
    ];
    for (const [name, damage] of states) {
      writeFileSync(place.file('vault.key'), key!, { mode: 0o600 });
      writeFileSync(place.file('vault.age'), sealed!);
      damage();
      const before = readdirSync(place.home).map((file) => readFileSync(place.file(file)));
      const error = await place.open().catch((thrown: unknown) => thrown);
      expect(error, name).toMatchObject(code('SECRETS_UNAVAILABLE'));
      expect(JSON.stringify(error), name).not.toContain(value);
      expect(readdirSync(place.home).map((file) => readFileSync(place.file(file)))).toEqual(before);
    }
  });

  test('F245 killed in the middle of a write it holds the old or the new, and leaves no rest behind', async () => {
    place = createPlace();
    const main = fileURLToPath(new URL('./writer.ts', import.meta.url));
    for (let round = 0; round < 5; round += 1) {
      const child = spawn(process.execPath, [main, place.home], { stdio: ['ignore', 'pipe', 'inherit'] });
      let told = '';
      const enough = new Promise<void>((resolve) =>
        child.stdout.on('data', (chunk) => {
          told += chunk;
          // Somewhere in the writes that follow.
          if (told.split('\n').length > 2 + round) resolve();
        }),
      );
      await enough;
      child.kill('SIGKILL');
      await once(child, 'exit');
      const durable = Number(told.trim().split('\n').at(-1));
      const store = await place.open();
      const kept = (await store.get(id))!.versions[0]!.value;
      const found = Number(/^value (\d+) x{50000}$/.exec(kept)?.[1]);
      expect([durable, durable + 1]).toContain(found);
      expect(readdirSync(place.home).sort()).toEqual(['vault.age', 'vault.key']);
      await store.close();
    }
  });
});

describe('F218 a passphrase', () => {
  const settings = { key: 'passphrase' } as const;

  test('F218 locks the key: the wrong one opens nothing, the right one everything', async () => {
    place = createPlace(settings);
    await expect(place.open()).rejects.toMatchObject(code('SECRETS_LOCKED', { details: { isNew: true } }));
    const store = await place.open({ passphrase: 'correct horse' });
    await store.set(id, secretOf(value));
    await store.close();
    const key = readFileSync(place.file('vault.key'), 'utf8');
    expect(key).toContain('BEGIN AGE ENCRYPTED FILE');
    expect([mode('vault.key'), mode('vault.age')]).toEqual([0o600, 0o600]);
    await expect(place.open()).rejects.toMatchObject(code('SECRETS_LOCKED', { details: { isNew: false } }));
    for (const passphrase of ['wrong horse', 'correct horse ', ''])
      await expect(place.open({ passphrase })).rejects.toMatchObject(code('PASSPHRASE_WRONG'));
    const again = await place.open({ passphrase: 'correct horse' });
    expect((await again.get(id))?.versions[0]?.value).toBe(value);
    expect(readFileSync(place.file('vault.key'), 'utf8')).toBe(key);
  });

  test('F218 is that of age: its own library opens what we locked, and we open what it locked', async () => {
    place = createPlace(settings);
    await (await place.open({ passphrase: 'pass' })).set(id, secretOf(value));
    const decrypter = new Decrypter();
    decrypter.addPassphrase('pass');
    const identity = await decrypter.decrypt(
      armor.decode(readFileSync(place.file('vault.key'), 'utf8')),
      'text',
    );
    expect(identity).toMatch(/^AGE-SECRET-KEY-1/);
    const encrypter = new Encrypter();
    encrypter.setPassphrase('other');
    encrypter.setScryptWorkFactor(10);
    writeFileSync(place.file('vault.key'), armor.encode(await encrypter.encrypt(identity)), { mode: 0o600 });
    const store = await place.open({ passphrase: 'other' });
    expect((await store.get(id))?.versions[0]?.value).toBe(value);
  });

  test('F218 a key that lay open is locked with the first passphrase', async () => {
    place = createPlace();
    await (await place.open()).set(id, secretOf(value));
    const inFile = readFileSync(place.file('vault.key'), 'utf8').trim();
    const withPassphrase = { settings: configSchema.parse({ secrets: settings }).secrets };
    const store = await place.open({ ...withPassphrase, passphrase: 'now' });
    expect((await store.get(id))?.versions[0]?.value).toBe(value);
    expect(readFileSync(place.file('vault.key'), 'utf8')).not.toContain(inFile);
    await expect(place.open()).rejects.toMatchObject(code('SECRETS_UNAVAILABLE'));
  });
});

test('F218 trying a passphrase is as much work as with age itself, unless told otherwise', async () => {
  place = createPlace({ key: 'passphrase' }, { workFactor: undefined });
  await (await place.open({ passphrase: 'pass' })).set(id, secretOf(value));
  const header = Buffer.from(armor.decode(readFileSync(place.file('vault.key'), 'utf8'))).toString('latin1');
  expect(header).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/);
});

test('F218 a keychain that cannot be used is said, with what to do', async () => {
  place = createPlace({ key: 'keychain' }, { keychain: () => Promise.reject(new Error('no service')) });
  await expect(place.open()).rejects.toMatchObject(
    code('SECRETS_UNAVAILABLE', { next: expect.stringContaining('secrets.key') }),
  );
});
