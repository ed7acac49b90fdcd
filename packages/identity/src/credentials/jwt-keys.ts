import type { Clock, NewId } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import type { CryptoKey, JWK } from 'jose';
import type { Db } from '../database/schema.ts';
import type { Box } from '../secrets.ts';

export const algorithm = 'EdDSA';

/** How long a key signs. It verifies longer than the longest access token lives. */
const signsMs = 30 * 86_400_000;
const verifiesMs = signsMs + 86_400_000;

/** Keys that sign access tokens; a new one takes over every thirty days. */
export interface JwtKeys {
  signing(): Promise<{ kid: string; key: CryptoKey }>;
  /** Null for a key that is not ours or no longer is. */
  verifying(kid: string): Promise<CryptoKey | null>;
  published(): Promise<Record<string, Json>[]>;
}

interface Key {
  kid: string;
  publicJwk: JWK;
  sealed: string;
  createdAt: number;
}

export const createJwtKeys = (deps: { db: Db; clock: Clock; newId: NewId; box: Box }): JwtKeys => {
  const { db, clock, box } = deps;
  let keys: Promise<Key[]> | undefined;
  const parsed = new Map<string, CryptoKey>();

  const read = async (): Promise<Key[]> => {
    await db
      .deleteFrom('reeve_jwt_key')
      .where('created_at', '<', clock.now() - verifiesMs)
      .execute();
    const rows = await db.selectFrom('reeve_jwt_key').selectAll().orderBy('created_at', 'desc').execute();
    return rows.map((row) => ({
      kid: row.kid,
      publicJwk: JSON.parse(row.public_jwk) as JWK,
      sealed: row.private_sealed,
      createdAt: row.created_at,
    }));
  };
  const known = () => (keys ??= read());

  const add = async (): Promise<Key> => {
    const { exportJWK, generateKeyPair } = await import('jose');
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const kid = deps.newId('key_');
    const row = {
      kid,
      public_jwk: JSON.stringify({ ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' }),
      private_sealed: box.seal(JSON.stringify(await exportJWK(pair.privateKey))),
      created_at: clock.now(),
    };
    await db.insertInto('reeve_jwt_key').values(row).execute();
    keys = read();
    return (await keys)[0]!;
  };
  let adding: Promise<Key> | undefined;
  const newest = async (): Promise<Key> => {
    const [first] = await known();
    if (first && clock.now() - first.createdAt < signsMs) return first;
    // One at a time: whoever comes meanwhile takes the same.
    adding ??= add().finally(() => {
      adding = undefined;
    });
    return adding;
  };
  const parse = async (name: string, jwk: () => JWK): Promise<CryptoKey> => {
    const hit = parsed.get(name);
    if (hit) return hit;
    const { importJWK } = await import('jose');
    const key = (await importJWK(jwk(), algorithm)) as CryptoKey;
    parsed.set(name, key);
    return key;
  };

  return {
    async signing() {
      const { kid, sealed } = await newest();
      return { kid, key: await parse(`private ${kid}`, () => JSON.parse(box.open(sealed)) as JWK) };
    },
    async verifying(kid) {
      const found = (await known()).find((key) => key.kid === kid);
      if (!found || clock.now() - found.createdAt > verifiesMs) return null;
      return parse(`public ${kid}`, () => found.publicJwk);
    },
    published: async () =>
      (await known())
        .filter(({ createdAt }) => clock.now() - createdAt <= verifiesMs)
        .map(({ publicJwk }) => publicJwk as Record<string, Json>),
  };
};
