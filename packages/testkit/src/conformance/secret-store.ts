import { homeTenant, type SecretId, type SecretStore, type StoredSecret } from '@reeve/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

export interface SecretStoreSuite {
  name: string;
  /** Holds the given secrets; opened twice it holds what was written before. `dispose` takes everything away. */
  create(values: Record<string, string>): Promise<{ open(): Promise<SecretStore>; dispose(): Promise<void> }>;
  /** Case name -> why it does not apply to this place. */
  skip?: Partial<Record<SecretStoreCase, string>>;
}

interface World {
  store: SecretStore;
  reopen(): Promise<SecretStore>;
}

const idOf = (name: string, more: Partial<SecretId> = {}): SecretId => ({
  tenantId: homeTenant,
  userId: null,
  name,
  ...more,
});

/** A secret in the middle of everything that can happen to one. */
const sample = (value: string): StoredSecret => ({
  versions: [
    { version: 2, value: `${value}-before`, createdAt: 1_000, validUntil: 9_000 },
    { version: 3, value, createdAt: 2_000, validUntil: null },
  ],
  current: 3,
  policy: {
    intervalDays: 30,
    windowHours: 1.5,
    verify: { kind: 'http', url: 'https://x.example/y' },
    generate: true,
  },
  rotation: { phase: 'window', from: 2, to: 3, until: 9_000 },
  revoked: { at: 3_000, indicator: 'leaked_credential' },
  lastFailure: 'it was refused',
  createdAt: 1_000,
  updatedAt: 2_000,
});

const readCases = {
  'what is kept is found by its name, and nothing else is': async ({ store }: World) => {
    const secret = await store.get(idOf('first'));
    expect(secret?.versions.find(({ version }) => version === secret.current)?.value).toBe('value of first');
    for (const name of [
      'second',
      'First',
      'first/',
      '../first',
      '',
      '__proto__',
      'constructor',
      'a\u0000b',
      'ü'.repeat(300),
    ])
      expect(await store.get(idOf(name)), JSON.stringify(name)).toBeNull();
  },
  'another tenant or person has none of it': async ({ store }: World) => {
    expect(await store.get(idOf('first', { tenantId: 'other' }))).toBeNull();
    expect(await store.get(idOf('first', { userId: 'somebody' }))).toBeNull();
  },
  'a list names every secret and holds no value': async ({ store }: World) => {
    const list = await store.list();
    expect(list.map(({ name }) => name)).toEqual(['first']);
    expect(JSON.stringify(list)).not.toContain('value of first');
  },
};

const writeCases = {
  'all of a secret comes back as it was written': async ({ store }: World) => {
    await store.set(idOf('new'), sample('n3w "välue"\n\\'));
    expect(await store.get(idOf('new'))).toEqual(sample('n3w "välue"\n\\'));
  },
  'it is there after the place was opened anew': async ({ store, reopen }: World) => {
    await store.set(idOf('kept'), sample('kept value'));
    await store.delete(idOf('first'));
    const again = await reopen();
    expect(await again.get(idOf('kept'))).toEqual(sample('kept value'));
    expect(await again.get(idOf('first'))).toBeNull();
  },
  'tenants and people have secrets of their own of the same name': async ({ store, reopen }: World) => {
    const ids = [
      idOf('same'),
      idOf('same', { userId: 'ann' }),
      idOf('same', { userId: 'x-ann' }),
      idOf('same', { tenantId: 'other' }),
      idOf('same', { tenantId: 'a/b c', userId: '../ö' }),
    ];
    for (const [index, id] of ids.entries()) await store.set(id, sample(`value ${index}`));
    const again = await reopen();
    for (const [index, id] of ids.entries()) expect(await again.get(id)).toEqual(sample(`value ${index}`));
    await again.delete(ids[1]!);
    expect(await again.get(ids[0]!)).toEqual(sample('value 0'));
    const left = (await again.list()).filter(({ name }) => name === 'same');
    expect(left.map(({ tenantId, userId }) => `${tenantId} ${userId}`).sort()).toEqual(
      ['a/b c ../ö', 'home null', 'home x-ann', 'other null'].sort(),
    );
  },
  'a list tells what is known of a secret, but its values': async ({ store }: World) => {
    await store.set(idOf('listed'), sample('listed value'));
    const { versions: _, ...rest } = sample('listed value');
    expect((await store.list()).find(({ name }) => name === 'listed')).toEqual({
      ...idOf('listed'),
      ...rest,
    });
  },
  'what a caller does to an answer changes nothing': async ({ store }: World) => {
    const written = sample('untouched');
    await store.set(idOf('own'), written);
    written.versions[1]!.value = 'changed later';
    const answer = await store.get(idOf('own'));
    answer!.versions.length = 0;
    expect(await store.get(idOf('own'))).toEqual(sample('untouched'));
  },
  'deleting says whether there was one': async ({ store }: World) => {
    expect(await store.delete(idOf('first'))).toBe(true);
    expect(await store.delete(idOf('first'))).toBe(false);
    expect(await store.get(idOf('first'))).toBeNull();
  },
  'changes at the same time are all kept': async ({ store, reopen }: World) => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => store.set(idOf(`many-${index}`), sample(`value ${index}`))),
    );
    expect((await (await reopen()).list()).length).toBe(11);
  },
};

const readOnlyCases = {
  'where it can only be read, a change is refused and changes nothing': async ({ store }: World) => {
    expect(store.canWrite).toBe(false);
    const refused = { fault: { code: 'SECRETS_READ_ONLY' } };
    await expect(store.set(idOf('first'), sample('x'))).rejects.toMatchObject(refused);
    await expect(store.delete(idOf('first'))).rejects.toMatchObject(refused);
    expect((await store.get(idOf('first')))?.versions[0]?.value).toBe('value of first');
  },
};

const cases = { ...readCases, ...writeCases, ...readOnlyCases };
export type SecretStoreCase = keyof typeof cases;

/** Registers what the contract of the SecretStore port demands, as vitest cases. */
export function secretStoreConformance({ name, create, skip = {} }: SecretStoreSuite): void {
  describe(`SecretStore: ${name}`, () => {
    let world: World;
    let dispose: () => Promise<void>;
    beforeEach(async () => {
      const place = await create({ first: 'value of first' });
      dispose = place.dispose;
      world = {
        store: await place.open(),
        async reopen() {
          await world.store.close();
          world.store = await place.open();
          return world.store;
        },
      };
    });
    afterEach(async () => {
      await world.store.close();
      await dispose();
    });
    for (const [title, run] of Object.entries(cases)) {
      const reason = skip[title as SecretStoreCase];
      if (reason === undefined) test(`F219 ${title}`, () => run(world));
      else test.skip(`F219 ${title} (${reason})`, () => {});
    }
  });
}

const readOnly = 'it can only be read';
/** What to skip for places that can only be read, and for the others. */
export const readOnlySkips: SecretStoreSuite['skip'] = Object.fromEntries(
  Object.keys(writeCases).map((title) => [title, readOnly]),
);
export const writableSkips: SecretStoreSuite['skip'] = Object.fromEntries(
  Object.keys(readOnlyCases).map((title) => [title, 'it can be written']),
);
