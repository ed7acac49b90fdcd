import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** One value as SOPS encrypts it: AES-256-GCM with a 32 byte nonce, bound to the path of its keys. */
const seal = (key: Buffer, text: string, path: string): string => {
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(path));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
  return `ENC[AES256_GCM,data:${data},iv:${iv.toString('base64')},tag:${cipher.getAuthTag().toString('base64')},type:str]`;
};

/** A JSON file as `sops encrypt --age RECIPIENT` writes it. */
export const sopsJson = async (
  values: Record<string, string>,
  recipient: string,
  wrap: (key: Uint8Array) => Promise<string>,
): Promise<string> => {
  const key = randomBytes(32);
  const lastmodified = '2026-03-02T09:00:00Z';
  const hash = createHash('sha512');
  for (const value of Object.values(values)) hash.update(value);
  const mac = hash.digest('hex').toUpperCase();
  return JSON.stringify({
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, seal(key, value, `${name}:`)]),
    ),
    sops: {
      age: [{ recipient, enc: await wrap(key) }],
      lastmodified,
      mac: seal(key, mac, lastmodified),
      version: '3.9.0',
      unencrypted_suffix: '_unencrypted',
    },
  });
};
