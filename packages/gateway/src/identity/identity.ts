import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Actor, type Clock, type NewId, type Owner, ownerActor, ownerKey } from '@reeve/core';
import { FaultError } from '@reeve/protocol';

/** What identity needs of the store: hashes of credentials, never the credentials. */
export interface CredentialStore {
  addToken(token: { id: string; name: string; hash: string; createdAt: number }): Promise<void>;
  tokens(): Promise<{ id: string; name: string; createdAt: number; lastUsedAt: number | null }[]>;
  tokenByHash(hash: string): Promise<{ id: string; lastUsedAt: number | null } | null>;
  touchToken(id: string, at: number): Promise<void>;
  removeToken(id: string): Promise<boolean>;
  addWebSession(session: { hash: string; createdAt: number; expiresAt: number }): Promise<void>;
  webSessionExpiry(hash: string): Promise<number | null>;
  removeWebSession(hash: string): Promise<void>;
  addDeviceToken(token: DeviceToken): Promise<void>;
  deviceTokenByHash(hash: string): Promise<DeviceToken | null>;
  deviceTokens(owner: Owner): Promise<DeviceToken[]>;
  removeDevice(owner: Owner, deviceId: string): Promise<boolean>;
}

/** A token of one device: good only together with a signature by the device's key. */
interface DeviceToken {
  id: string;
  owner: Owner;
  deviceId: string;
  /** What the device was admitted with; when that ends, the token does. */
  credential: string;
  /** The most it may be used for. */
  scopes: string[];
  hash: string;
  createdAt: number;
}

export interface Principal {
  actor: Actor;
  /** How it was proven. A cookie is sent by browsers on their own, so it needs proof of where the request began. */
  by: 'cookie' | 'token' | 'local' | 'device';
  /** What it was proven with, as a name for {@link Identity.onRevoked}. */
  credential: string;
  /** The device that proved its key, where one did. */
  deviceId?: string;
}

/**
 * The one owner account: a one-time login code makes a cookie session, bearer tokens serve programs, and the local
 * token (a file only its user can read) serves the command line of this machine. Secrets have 256 bits, so SHA-256
 * without salt or stretching is enough for what is stored.
 */
export interface Identity {
  /** From the values of a request's headers; null when they prove nothing. */
  authenticate(credentials: {
    bearer: string | undefined;
    cookie: string | undefined;
    channel: string;
  }): Promise<Principal | null>;
  /** A code for `/login#code=…`, good once, for an hour. */
  newLoginCode(): string;
  /** Throws FaultError LOGIN_EXPIRED. */
  login(code: string): Promise<{ cookie: string; maxAgeMs: number }>;
  logout(cookie: string): Promise<void>;
  createToken(
    name: string,
  ): Promise<{ id: string; name: string; token: string; createdAt: number; lastUsedAt: null }>;
  listTokens: CredentialStore['tokens'];
  /** Throws FaultError NOT_FOUND. */
  revokeToken(id: string): Promise<void>;
  /** `deviceId` must have been proven by its signature; null for a token that is not this device's. */
  authenticateDevice(
    token: string,
    deviceId: string,
  ): Promise<{ principal: Principal; scopes: string[] } | null>;
  /** A token for a device that proved its key, bound to it and to what it was admitted with. */
  issueDeviceToken(principal: Principal, deviceId: string, scopes: string[]): Promise<string>;
  listDevices(actor: Actor): Promise<{ deviceId: string; scopes: string[]; createdAt: number }[]>;
  /** Throws FaultError NOT_FOUND. */
  revokeDevice(actor: Actor, deviceId: string): Promise<void>;
  /** Calls `end` when the credential or the device behind a principal is taken back; the result stops that. */
  onRevoked(principal: Principal, end: () => void): () => void;
  readonly localToken: string;
}

const codeLifeMs = 60 * 60 * 1000;
const sessionLifeMs = 30 * 24 * 60 * 60 * 1000;
/** A token's last use is told to the minute, so that a busy client does not write at each request. */
const touchEveryMs = 60_000;

/** Tells a device's token from the others, so that it is never taken for one that needs no signature. */
export const deviceTokenPrefix = 'rvd_';
const deviceName = (owner: Owner, deviceId: string) => `device ${ownerKey(owner)} ${deviceId}`;

const secret = (prefix: string) => prefix + randomBytes(32).toString('base64url');
const digest = (value: string) => hash('sha256', value);
const equals = (a: string, b: string) => timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));

export const createIdentity = (credentials: CredentialStore, clock: Clock, newId: NewId): Identity => {
  const codes = new Map<string, number>();
  const localToken = secret('rvl_');
  const revocations = new Map<string, Set<() => void>>();
  const revoked = (credential: string) => {
    for (const end of [...(revocations.get(credential) ?? [])]) end();
  };
  return {
    localToken,

    async authenticate({ bearer, cookie, channel }) {
      if (bearer !== undefined) {
        if (equals(bearer, localToken))
          return { actor: ownerActor(channel), by: 'local', credential: 'local' };
        const token = await credentials.tokenByHash(digest(bearer));
        if (!token) return null;
        const now = clock.now();
        if (token.lastUsedAt === null || now - token.lastUsedAt > touchEveryMs)
          void credentials.touchToken(token.id, now).catch(() => {});
        return { actor: ownerActor(channel), by: 'token', credential: token.id };
      }
      if (cookie === undefined) return null;
      const credential = digest(cookie);
      const expiresAt = await credentials.webSessionExpiry(credential);
      return expiresAt !== null && expiresAt > clock.now()
        ? { actor: ownerActor('web'), by: 'cookie', credential }
        : null;
    },

    newLoginCode() {
      const code = secret('');
      for (const [known, expiresAt] of codes) if (expiresAt <= clock.now()) codes.delete(known);
      codes.set(digest(code), clock.now() + codeLifeMs);
      return code;
    },

    async login(code) {
      const key = digest(code);
      const expiresAt = codes.get(key);
      codes.delete(key);
      if (expiresAt === undefined || expiresAt <= clock.now()) throw new FaultError('LOGIN_EXPIRED');
      const cookie = secret('rvs_');
      await credentials.addWebSession({
        hash: digest(cookie),
        createdAt: clock.now(),
        expiresAt: clock.now() + sessionLifeMs,
      });
      return { cookie, maxAgeMs: sessionLifeMs };
    },

    async logout(cookie) {
      await credentials.removeWebSession(digest(cookie));
      revoked(digest(cookie));
    },

    async createToken(name) {
      const token = secret('rv_');
      const stored = { id: newId('tok_'), name, createdAt: clock.now() };
      await credentials.addToken({ ...stored, hash: digest(token) });
      return { ...stored, token, lastUsedAt: null };
    },

    listTokens: credentials.tokens,

    async revokeToken(id) {
      if (!(await credentials.removeToken(id))) throw new FaultError('NOT_FOUND', 'There is no such token.');
      revoked(id);
    },

    async authenticateDevice(token, deviceId) {
      const known = await credentials.deviceTokenByHash(digest(token));
      if (!known || known.deviceId !== deviceId) return null;
      const { owner, credential, scopes } = known;
      return {
        principal: { actor: { ...ownerActor('ws'), ...owner }, by: 'device', credential, deviceId },
        scopes,
      };
    },

    async issueDeviceToken({ actor, credential }, deviceId, scopes) {
      const token = secret(deviceTokenPrefix);
      await credentials.addDeviceToken({
        id: newId('dev_'),
        owner: { tenantId: actor.tenantId, userId: actor.userId },
        deviceId,
        credential,
        scopes,
        hash: digest(token),
        createdAt: clock.now(),
      });
      return token;
    },

    async listDevices(actor) {
      const devices = new Map<string, { deviceId: string; scopes: string[]; createdAt: number }>();
      for (const { deviceId, scopes, createdAt } of await credentials.deviceTokens(actor))
        if (!devices.has(deviceId)) devices.set(deviceId, { deviceId, scopes, createdAt });
      return [...devices.values()];
    },

    async revokeDevice(actor, deviceId) {
      if (!(await credentials.removeDevice(actor, deviceId)))
        throw new FaultError('NOT_FOUND', 'There is no such device.');
      revoked(deviceName(actor, deviceId));
    },

    onRevoked({ credential, deviceId, actor }, end) {
      const names = deviceId === undefined ? [credential] : [credential, deviceName(actor, deviceId)];
      for (const name of names) revocations.set(name, (revocations.get(name) ?? new Set()).add(end));
      return () => {
        for (const name of names) {
          const ends = revocations.get(name);
          if (ends?.delete(end) && ends.size === 0) revocations.delete(name);
        }
      };
    },
  };
};
