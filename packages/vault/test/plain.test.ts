import { writeFileSync } from 'node:fs';
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, expect, test } from 'vitest';
import { sopsJson } from './sops-file.ts';
import { createPlace } from './support.ts';

const places: ReturnType<typeof createPlace>[] = [];
const place = (...args: Parameters<typeof createPlace>) => {
  const made = createPlace(...args);
  places.push(made);
  return made;
};
afterEach(() => Promise.all(places.splice(0).map((one) => one.dispose())));

test('F219 variables become names as handles write them', async () => {
  const env = { REEVE_SECRET_SMTP_PASSWORD: 'smtp', REEVE_SECRET_OPENAI: 'key', REEVE_SECRET_EMPTY: '' };
  const store = await place({ backend: 'env' }, { env }).open();
  expect((await store.list()).map(({ name }) => name).sort()).toEqual(['openai', 'smtp-password']);
});

test('F219 a SOPS file that is not there, not one, or for another key is said without a word of it', async () => {
  const [ours, theirs] = [await generateX25519Identity(), await generateX25519Identity()];
  const { file, open } = place({ backend: 'sops' });
  const recipient = await identityToRecipient(theirs);
  const wrap = async (key: Uint8Array) => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    return armor.encode(await encrypter.encrypt(key));
  };
  writeFileSync(file('for-others.json'), await sopsJson({ a: 'planted' }, recipient, wrap));
  writeFileSync(file('plain.json'), JSON.stringify({ a: 'planted' }));
  writeFileSync(file('key.txt'), ours);
  for (const name of ['for-others.json', 'plain.json', 'missing.json']) {
    const settings = { backend: 'sops', sopsFile: file(name), sopsKeyFile: file('key.txt') } as const;
    const error = await place(settings)
      .open()
      .catch((thrown: unknown) => thrown);
    expect(error, name).toMatchObject({ fault: { code: 'SECRETS_UNAVAILABLE' } });
    expect(JSON.stringify(error)).not.toContain('planted');
  }
  await expect(open()).rejects.toMatchObject({ fault: { code: 'SECRETS_UNAVAILABLE' } });
});
