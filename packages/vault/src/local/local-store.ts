import { readFile } from 'node:fs/promises';
import type { SecretId, SecretStore, StoredSecret } from '@reeve/core';
import { z } from 'zod';
import { codeOf, unavailable } from '../faults.ts';
import { keyOf, metadataOf, storedSecretSchema } from '../record.ts';
import { removeLeftovers, replaceFile } from './durable-file.ts';
import type { KeySource } from './key-source.ts';

const fileSchema = z.object({
  format: z.literal(1),
  secrets: z.array(
    z.object({
      tenantId: z.string(),
      userId: z.string().nullable(),
      name: z.string(),
      secret: storedSecretSchema,
    }),
  ),
});

type Secrets = Map<string, { id: SecretId; secret: StoredSecret }>;

/**
 * Secrets in one file, encrypted with age to a key of its own. All of them are read once; every change writes the
 * whole file anew. File and key are made by the first change.
 */
export const openLocalStore = async (file: string, key: KeySource): Promise<SecretStore> => {
  await removeLeftovers(file);
  const sealed = await readSealed(file);
  let identity = await key.read();
  if (sealed !== null && identity === null)
    throw unavailable(
      `The key of ${file} is gone.`,
      'Restore it from a backup, or move the file away and start anew.',
    );
  let secrets = sealed === null ? new Map() : await unseal(file, sealed, identity!);
  /** Changes are written one after the other, each on top of the one before. */
  let last: Promise<unknown> = Promise.resolve();

  const write = async (next: Secrets): Promise<void> => {
    const { Encrypter, generateX25519Identity, identityToRecipient } = await import('age-encryption');
    if (identity === null) {
      identity = await generateX25519Identity();
      await key.write(identity);
    }
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const list = [...next.values()].map(({ id, secret }) => ({ ...id, secret }));
    const bytes = await encrypter.encrypt(JSON.stringify({ format: 1, secrets: list }));
    try {
      await replaceFile(file, bytes);
    } catch (error) {
      throw unavailable(
        `${file} cannot be written (${codeOf(error)}).`,
        'Check permissions and disk space.',
        error,
      );
    }
    secrets = next;
  };
  const change = <T>(edit: (next: Secrets) => T): Promise<T> => {
    const mine = last.then(async () => {
      const next = new Map(secrets);
      const result = edit(next);
      if (result !== false) await write(next);
      return result;
    });
    last = mine.catch(() => {});
    return mine;
  };

  return {
    canWrite: true,
    get: async (id) => structuredClone(secrets.get(keyOf(id))?.secret ?? null),
    set: async (id, secret) => {
      const kept = structuredClone(secret);
      await change((next) => void next.set(keyOf(id), { id, secret: kept }));
    },
    delete: (id) => change((next) => next.delete(keyOf(id))),
    list: async () => [...secrets.values()].map(({ id, secret }) => structuredClone(metadataOf(id, secret))),
    async close() {
      await last;
      secrets = new Map();
      identity = null;
    },
  };
};

const readSealed = async (file: string): Promise<Uint8Array | null> => {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw unavailable(
      `${file} cannot be read (${codeOf(error)}).`,
      'Give the user read permission on it.',
      error,
    );
  }
};

const unseal = async (file: string, sealed: Uint8Array, identity: string): Promise<Secrets> => {
  const { Decrypter } = await import('age-encryption');
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const { secrets } = fileSchema.parse(JSON.parse(await decrypter.decrypt(sealed, 'text')));
    return new Map(secrets.map(({ secret, ...id }) => [keyOf(id), { id, secret }]));
  } catch {
    // What went wrong may quote what was read.
    throw unavailable(
      `${file} cannot be opened with its key: one of the two is damaged, or they do not belong together.`,
      'Restore both from the same backup.',
    );
  }
};
