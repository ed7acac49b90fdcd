import { BoundedMap, type Client, type Clock, type NewId, type Owner } from '@reeve/core';
import { FaultError, type TokenPair } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db } from '../database/schema.ts';
import { digest, isSame, type Mint } from '../secrets.ts';
import { algorithm, type JwtKeys } from './jwt-keys.ts';
import type { Credential, Lookup } from './lookup.ts';
import type { Holds, SessionRows } from './sessions.ts';

const accessSeconds = 30 * 60;
const refreshMs = 7 * 86_400_000;
const issuer = 'reeve';
const remembered = 10_000;

/**
 * Access tokens that say who, for half an hour, and refresh tokens that renew them, each good once. One that comes a
 * second time was stolen, by whichever of the two: the session ends for both. One that we never gave out ends nothing:
 * the name of the session in it is no secret.
 */
export interface AccessTokens {
  open(owner: Owner, role: string, client: Client, holds: Holds): Promise<TokenPair>;
  /** Throws FaultError AUTH_FAILED. */
  refresh(refreshToken: string, roleOf: (owner: Owner) => string | null): Promise<TokenPair>;
  /** The session behind an access token; null when it is none, too old, or its session ended. */
  verify(token: string): Promise<Credential | null>;
}

/** Access tokens have three parts, which no other credential of ours has. */
export const looksLikeJwt = (token: string): boolean =>
  token.startsWith('ey') && token.split('.').length === 3;

export const createAccessTokens = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  keys: JwtKeys;
  lookup: Lookup;
  sessions: SessionRows;
  mint: Mint;
  audit: Audit;
}): AccessTokens => {
  const { db, clock, keys, lookup, sessions, mint, audit } = deps;
  /** Tokens whose signature was checked, by hash: to when they are good and of which session. */
  const verified = new BoundedMap<string, { sessionId: string; until: number }>(remembered);

  const access = async (sessionId: string, owner: Owner, role: string): Promise<string> => {
    const { SignJWT } = await import('jose');
    const { kid, key } = await keys.signing();
    const seconds = Math.floor(clock.now() / 1000);
    return new SignJWT({ sid: sessionId, tid: owner.tenantId, role })
      .setProtectedHeader({ alg: algorithm, kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(issuer)
      .setSubject(owner.userId)
      .setJti(deps.newId('jti_'))
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + accessSeconds)
      .sign(key);
  };
  const newRefresh = (sessionId: string) => `rvr_${sessionId}.${mint.make(sessionId)}`;
  const refused = () =>
    new FaultError('AUTH_FAILED', 'The refresh token is not valid any more.', { next: 'Sign in again.' });

  const check = async (token: string): Promise<{ sessionId: string; until: number } | null> => {
    const { decodeProtectedHeader, jwtVerify } = await import('jose');
    try {
      const { kid, alg } = decodeProtectedHeader(token);
      const key = alg === algorithm && kid !== undefined ? await keys.verifying(kid) : null;
      if (!key) return null;
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer,
        audience: issuer,
        typ: 'at+jwt',
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub', 'sid'],
      });
      return { sessionId: String(payload['sid']), until: payload.exp! * 1000 };
    } catch {
      return null;
    }
  };

  return {
    async open(owner, role, client, holds) {
      const id = deps.newId('sgn_');
      const refreshToken = newRefresh(id);
      const expiresAt = clock.now() + refreshMs;
      const hash = digest(refreshToken);
      await sessions.open({ owner, kind: 'tokens', hash, expiresAt, client, id, holds });
      return { accessToken: await access(id, owner, role), refreshToken, expiresIn: accessSeconds };
    },

    async refresh(refreshToken, roleOf) {
      const parts = /^rvr_(sgn_[A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$/.exec(refreshToken);
      const [, id, word] = parts ?? [];
      const row =
        id === undefined
          ? undefined
          : await db
              .selectFrom('reeve_session')
              .selectAll()
              .where('id', '=', id)
              .where('kind', '=', 'tokens')
              .executeTakeFirst();
      if (!row || row.expires_at <= clock.now()) throw refused();
      const owner = { tenantId: row.tenant_id, userId: row.user_id };
      const role = roleOf(owner);
      if (role === null) throw refused();
      const next = newRefresh(row.id);
      const isCurrent = isSame(row.hash, digest(refreshToken));
      if (!isCurrent && !mint.isOurs(row.id, word!)) throw refused();
      // Of two that come with the same token at once, the second finds that it was used.
      const { numUpdatedRows } = await db
        .updateTable('reeve_session')
        .set({ hash: digest(next), expires_at: clock.now() + refreshMs, last_used_at: clock.now() })
        .where('id', '=', row.id)
        .where('hash', '=', isCurrent ? row.hash : '')
        .executeTakeFirst();
      if (numUpdatedRows === 0n) {
        await sessions.end(row.id);
        audit(owner, 'token.reused', { target: row.id });
        throw refused();
      }
      lookup.forget();
      return { accessToken: await access(row.id, owner, role), refreshToken: next, expiresIn: accessSeconds };
    },

    async verify(token) {
      const name = digest(token);
      let found = verified.get(name);
      if (!found) {
        const checked = await check(token);
        if (!checked) return null;
        found = checked;
        verified.set(name, found);
      }
      if (found.until <= clock.now()) {
        verified.delete(name);
        return null;
      }
      return lookup.session(found.sessionId);
    },
  };
};
