import type { Clock, SecretId, SecretStore, StoredSecret } from '@reeve/core';
import { secretNamePattern } from '@reeve/protocol';
import { z } from 'zod';
import { unavailable } from '../faults.ts';
import { keyOf, metadataOf, plainSecret, storedSecretSchema } from '../record.ts';
import type { VaultSession } from './token.ts';

export interface VaultPlace {
  /** Of the KV engine, version 2. */
  mount: string;
  /** Below the mount. */
  path: string;
}

/** How long an answer is good: somebody else may have written meanwhile. */
const freshMs = 30_000;

const readSchema = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()).nullable() }) });
const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });

/**
 * Secrets in HashiCorp Vault, KV version 2, under `path/TENANT/OWNER/NAME` with `-` as owner of what is everybody's.
 * Field `value` is the current value, for other programs to read; `reeve` holds the rest. A secret that another
 * program wrote has a `value` alone.
 */
export const createVaultStore = (session: VaultSession, place: VaultPlace, clock: Clock): SecretStore => {
  const cache = new Map<string, { secret: StoredSecret | null; until: number }>();
  const base = [place.mount, place.path].map((part) => part.replace(/^\/+|\/+$/g, ''));
  const at = (kind: 'data' | 'metadata', ...segments: string[]) =>
    [base[0], kind, base[1], ...segments].filter((part) => part !== '').join('/');
  const pathOf = ({ tenantId, userId, name }: SecretId) =>
    [encodeSegment(tenantId), userId === null ? everybody : encodeSegment(userId), name] as const;

  const keep = (id: SecretId, secret: StoredSecret | null) => {
    cache.set(keyOf(id), { secret, until: clock.now() + freshMs });
    return secret;
  };
  const read = async (id: SecretId): Promise<StoredSecret | null> => {
    if (!secretNamePattern.test(id.name)) return null;
    const cached = cache.get(keyOf(id));
    if (cached && cached.until > clock.now()) return cached.secret;
    const { status, body } = await session.call(at('data', ...pathOf(id)));
    return keep(id, status === 404 ? null : secretIn(body));
  };
  const keysUnder = async (...segments: string[]): Promise<string[]> => {
    const { status, body } = await session.call(`${at('metadata', ...segments)}?list=true`);
    if (status === 404) return [];
    return parsed(listSchema, body).data.keys;
  };
  const foldersUnder = async (...segments: string[]) =>
    (await keysUnder(...segments)).filter((key) => key.endsWith('/')).map((key) => key.slice(0, -1));

  return {
    canWrite: true,
    get: async (id) => structuredClone(await read(id)),
    async set(id, secret) {
      const value = secret.versions.find(({ version }) => version === secret.current)?.value ?? '';
      const body = { data: { value, reeve: JSON.stringify(secret) } };
      await session.call(at('data', ...pathOf(id)), { method: 'POST', body });
      keep(id, structuredClone(secret));
    },
    async delete(id) {
      if ((await read(id)) === null) return false;
      await session.call(at('metadata', ...pathOf(id)), { method: 'DELETE' });
      keep(id, null);
      return true;
    },
    async list() {
      const found = [];
      for (const tenant of await foldersUnder())
        for (const owner of await foldersUnder(tenant))
          for (const name of await keysUnder(tenant, owner)) {
            const userId = owner === everybody ? null : decodeSegment(owner);
            const id = { tenantId: decodeSegment(tenant), userId, name };
            const secret = await read(id);
            if (secret) found.push(metadataOf(id, secret));
          }
      return found;
    },
    async close() {
      session.close();
      cache.clear();
    },
  };
};

const everybody = '-';

/** Ids as parts of a path: those with other characters, and those that could be taken for one of these, in base64. */
const encodeSegment = (id: string): string =>
  /^(?!x-)[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id) ? id : `x-${Buffer.from(id).toString('base64url')}`;
const decodeSegment = (segment: string): string =>
  segment.startsWith('x-') ? Buffer.from(segment.slice(2), 'base64url').toString() : segment;

const parsed = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw unavailable(
    'HashiCorp Vault answers in a form that is not KV version 2.',
    'Check secrets.vaultMount.',
  );
};

const secretIn = (body: unknown): StoredSecret | null => {
  const { data } = parsed(readSchema, body).data;
  if (data === null) return null;
  if (typeof data['reeve'] === 'string') {
    try {
      return parsed(storedSecretSchema, JSON.parse(data['reeve']));
    } catch {
      throw unavailable('A secret in HashiCorp Vault has a field `reeve` that cannot be read.');
    }
  }
  return typeof data['value'] === 'string' ? plainSecret(data['value']) : null;
};
