import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { FaultError } from '@reeve/protocol';
import type { Identity, Recipient } from 'age-encryption';

/** That of `age` itself, as a power of two: 256 MiB and about a second. */
const standardWorkFactor = 18;
/** More than this is an attempt to keep the machine busy. */
const mostWorkFactor = 20;
const label = 'age-encryption.org/v1/scrypt';
const keyBytes = 32;
const tagBytes = 16;
const saltBytes = 16;
/** Each key is used once, for one file key: the format asks for a nonce of zeros. */
const nonce = Buffer.alloc(12);

/** In a thread of the system: a second of work must not hold up whoever talks to Reeve meanwhile. */
const stretch = (passphrase: string, salt: Uint8Array, power: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const N = 2 ** power;
    const options = { N, r: 8, p: 1, maxmem: 256 * N * 8 };
    scrypt(passphrase, Buffer.concat([Buffer.from(label), salt]), keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** The passphrase recipient of age (its specification, "scrypt recipient stanza"), for its library. */
const recipientOf = (
  passphrase: string,
  workFactor: number,
  Stanza: typeof import('age-encryption').Stanza,
): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = randomBytes(saltBytes);
    const cipher = createCipheriv('chacha20-poly1305', await stretch(passphrase, salt, workFactor), nonce, {
      authTagLength: tagBytes,
    });
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
    return [new Stanza(['scrypt', unpadded(salt), String(workFactor)], body)];
  },
});

const identityOf = (passphrase: string): Identity => ({
  async unwrapFileKey(stanzas) {
    const [stanza] = stanzas;
    const [kind, salt, power] = stanza?.args ?? [];
    if (stanzas.length !== 1 || kind !== 'scrypt') return null;
    if (!/^[1-9]\d?$/.test(power ?? '') || Number(power) > mostWorkFactor) return null;
    const key = await stretch(passphrase, Buffer.from(salt ?? '', 'base64'), Number(power));
    const body = Buffer.from(stanza!.body);
    const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(body.subarray(-tagBytes));
    try {
      return new Uint8Array(Buffer.concat([decipher.update(body.subarray(0, -tagBytes)), decipher.final()]));
    } catch {
      return null;
    }
  },
});

/** A text locked with a passphrase, as `age -p -a` writes it. */
export const lockWithPassphrase = async (
  text: string,
  passphrase: string,
  workFactor = standardWorkFactor,
): Promise<string> => {
  const { armor, Encrypter, Stanza } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipientOf(passphrase, workFactor, Stanza));
  return armor.encode(await encrypter.encrypt(text));
};

/** Rejects with FaultError PASSPHRASE_WRONG. */
export const unlockWithPassphrase = async (locked: string, passphrase: string): Promise<string> => {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityOf(passphrase));
  try {
    return await decrypter.decrypt(armor.decode(locked), 'text');
  } catch (error) {
    throw new FaultError('PASSPHRASE_WRONG', undefined, { cause: error });
  }
};
