import { writeFileSync } from 'node:fs';
import {
  readOnlySkips,
  secretStoreConformance,
  writableSkips,
} from '@reeve/testkit/conformance/secret-store';
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { startFakeVault } from './fake-vault.ts';
import { sopsJson } from './sops-file.ts';
import { createPlace, id, secretOf } from './support.ts';

const filled = async (place: ReturnType<typeof createPlace>, values: Record<string, string>) => {
  const store = await place.open();
  for (const [name, value] of Object.entries(values)) await store.set({ ...id, name }, secretOf(value));
  await store.close();
  return place;
};

secretStoreConformance({
  name: 'local, key in a file',
  create: (values) => filled(createPlace(), values),
  ...(writableSkips && { skip: writableSkips }),
});

secretStoreConformance({
  name: 'local, key in the keychain',
  create: (values) => {
    let kept: string | null = null;
    const keychain = async () => ({
      getPassword: async () => kept,
      setPassword: async (password: string) => {
        kept = password;
      },
    });
    return filled(createPlace({ key: 'keychain' }, { keychain }), values);
  },
  ...(writableSkips && { skip: writableSkips }),
});

secretStoreConformance({
  name: 'HashiCorp Vault',
  create: async (values) => {
    const vault = await startFakeVault(() => place.clock.now());
    const place = createPlace(
      { backend: 'vault', vaultAddress: vault.address },
      { env: { VAULT_TOKEN: 'hv-token' } },
    );
    vault.addToken('hv-token');
    await filled(place, values);
    const dispose = async () => {
      await vault.close();
      await place.dispose();
    };
    return { open: place.open, dispose };
  },
  ...(writableSkips && { skip: writableSkips }),
});

secretStoreConformance({
  name: 'SOPS file',
  create: async (values) => {
    const identity = await generateX25519Identity();
    const place = createPlace({ backend: 'sops' });
    const [sopsFile, sopsKeyFile] = [place.file('secrets.json'), place.file('age.txt')];
    const wrap = async (key: Uint8Array) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(await identityToRecipient(identity));
      return armor.encode(await encrypter.encrypt(key));
    };
    writeFileSync(sopsFile, await sopsJson(values, await identityToRecipient(identity), wrap));
    writeFileSync(sopsKeyFile, `# made by age-keygen\n${identity}\n`);
    const settings = { sopsFile, sopsKeyFile };
    return {
      open: () => createPlace({ backend: 'sops', ...settings }).open(),
      dispose: place.dispose,
    };
  },
  ...(readOnlySkips && { skip: readOnlySkips }),
});

secretStoreConformance({
  name: 'environment',
  create: async (values) => {
    const env = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`MY_${name.toUpperCase()}`, value]),
    );
    return createPlace({ backend: 'env', envPrefix: 'MY_' }, { env: { ...env, OTHER: 'x', MY_: 'y' } });
  },
  ...(readOnlySkips && { skip: readOnlySkips }),
});
