import { type Authority, type Clock, deviceTokenPrefix, type Identity, type Principal } from '@reeve/core';
import { fault, isFaultError } from '@reeve/protocol';
import {
  type ConnectParams,
  closeCodes,
  dialectOf,
  negotiate,
  type OperatorScope,
  operatorScopes,
  type WireDialect,
  type WireError,
  type WireProtocol,
} from '@reeve/protocol/wire';
import type { Attempts, CredentialClass } from '../identity/attempts.ts';
import type { Entrance } from '../identity/entrance.ts';
import { authorityOf, grant } from './authority.ts';
import { checkDevice } from './device.ts';
import { invalidRequest, toWireError } from './faults.ts';

/** What is known of a caller before it says anything: from the connection and the headers of the upgrade. */
export interface Caller {
  address: string;
  /** Of the Authorization header. */
  bearer?: string | undefined;
  /** Only when the page that opened the socket is our own. */
  cookie?: string | undefined;
  /** The other end of the connection itself. */
  peer: string | undefined;
  header: (name: string) => string | undefined;
  /** False for a page that is not ours: what a proxy or this machine says of it counts for nothing. */
  isSameSite: boolean;
}

export interface Admitted {
  ok: true;
  protocol: WireProtocol;
  dialect: WireDialect;
  principal: Principal;
  scopes: OperatorScope[];
  /** For a device that proved its key and was let in by another credential. */
  deviceToken: string | null;
}

export interface Refused {
  ok: false;
  error: WireError;
  closeCode: number;
}

/** `watch` is called before the last look at the credential: one that is revoked meanwhile does not get in. */
export type Handshake = (
  params: ConnectParams,
  caller: Caller,
  nonce: string,
  watch: (principal: Principal) => void,
) => Promise<Admitted | Refused>;

interface Proof {
  principal: Principal;
  /** The most it may do. */
  allowed: readonly string[];
}

/** Proves who connects, and decides what they may do. Nothing that is said in `params` about either is believed. */
export const createHandshake = (deps: {
  identity: Identity;
  authority: Authority;
  entrance: Entrance;
  attempts: Attempts;
  clock: Clock;
}): Handshake => {
  const { identity, entrance, attempts, clock } = deps;
  const authority = (principal: Principal) => authorityOf(principal, deps.authority);

  const admit = async (
    { address, peer, header, isSameSite }: Caller,
    bearer: string | undefined,
    cookie: string | undefined,
  ): Promise<Principal | null> => {
    const principal = await entrance.admit({
      bearer,
      cookie,
      channel: 'ws',
      peer,
      header,
      lockedMs: () => attempts.lockedFor('shared', address),
    });
    const isAmbient = principal?.by === 'proxy' || principal?.by === 'none';
    return isAmbient && !isSameSite ? null : principal;
  };

  const proveBy = async (
    secret: string,
    deviceId: string | undefined,
    caller: Caller,
  ): Promise<Proof | null> => {
    if (secret.startsWith(deviceTokenPrefix)) {
      const device = deviceId === undefined ? null : await identity.devices.authenticate(secret, deviceId);
      return (
        device && {
          principal: device.principal,
          allowed: authority(device.principal).filter((scope) => device.scopes.includes(scope)),
        }
      );
    }
    const principal = await admit(caller, secret, undefined);
    if (!principal) return null;
    const bound = deviceId === undefined ? principal : { ...principal, deviceId };
    return { principal: bound, allowed: authority(principal) };
  };

  const prove = async (
    secrets: readonly string[],
    deviceId: string | undefined,
    caller: Caller,
  ): Promise<Proof | null> => {
    for (const secret of secrets) {
      const proof = await proveBy(secret, deviceId, caller);
      if (proof) return proof;
    }
    if (secrets.length > 0) return null;
    const principal = await admit(caller, undefined, caller.cookie);
    return principal && { principal, allowed: authority(principal) };
  };

  const shakeHands: Handshake = async (params, caller, nonce, watch) => {
    const protocol = negotiate(params);
    if (protocol === null)
      return refused(
        invalidRequest('protocol mismatch', 'PROTOCOL_ERROR', {
          code: 'PROTOCOL_MISMATCH',
          expectedProtocol: 4,
        }),
        closeCodes.protocolMismatch,
      );
    if (params.role !== undefined && params.role !== 'operator')
      return refused(invalidRequest('only the role operator is served', 'UNSUPPORTED'));

    const secrets = secretsOf(params, caller);
    const kinds = new Set(secrets.map(classOf)).add(params.device ? 'device' : 'shared');
    const lockedMs = Math.max(...[...kinds].map((kind) => attempts.lockedFor(kind, caller.address)));
    if (lockedMs > 0)
      return refused(
        toWireError(
          fault('RATE_LIMIT', 'Too many wrong credentials from this address.', { retryAfterMs: lockedMs }),
          'AUTH_RATE_LIMITED',
        ),
      );
    if (secrets.length === 0 && caller.cookie === undefined && !mayComeWithout.has(entrance.mode))
      return refused(unauthorized('AUTH_TOKEN_MISSING'));

    if (params.device) {
      const why = checkDevice(params, params.device, { nonce, now: clock.now() });
      if (why !== null) {
        attempts.failed('device', caller.address);
        return refused(invalidRequest('device signature refused', 'AUTH_FAILED', { code: why }));
      }
    }
    const deviceId = params.device?.id;
    const proof = await prove(secrets, deviceId, caller);
    if (!proof) {
      for (const secret of secrets) attempts.failed(classOf(secret), caller.address);
      return refused(unauthorized(mismatchOf(params, secrets)));
    }
    const { principal, allowed } = proof;
    // This machine's own command line and our own page have no key of their own.
    if (
      entrance.needsDevice &&
      deviceId === undefined &&
      principal.by !== 'local' &&
      principal.by !== 'cookie'
    )
      return refused(unauthorized('DEVICE_IDENTITY_REQUIRED'));
    watch(principal);
    if (!(await prove(secrets, deviceId, caller))) return refused(unauthorized(mismatchOf(params, secrets)));

    const dialect = dialectOf(params);
    const scopes = grant(params.scopes, allowed, dialect === 'older' ? operatorScopes : ['operator.read']);
    const deviceToken =
      deviceId !== undefined && (principal.by === 'token' || principal.by === 'local')
        ? await identity.devices.issue(principal, deviceId, scopes)
        : null;
    return { ok: true, protocol, dialect, principal, scopes, deviceToken };
  };
  return async (...args) => {
    try {
      await deps.authority.ready();
      return await shakeHands(...args);
    } catch (error) {
      if (!isFaultError(error)) throw error;
      return refused(toWireError(error.fault, 'AUTH_RATE_LIMITED'));
    }
  };
};

/** Modes in which somebody may get in who sends no credential. */
const mayComeWithout: ReadonlySet<string> = new Set(['none', 'trusted-proxy']);

const refused = (error: WireError, closeCode: number = closeCodes.refused): Refused => ({
  ok: false,
  error,
  closeCode,
});

const secretsOf = ({ auth = {} }: ConnectParams, { bearer }: Caller): string[] => {
  const said = [auth.token, auth.password, auth.deviceToken, auth.device_token].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
  return [...new Set(said.length === 0 && bearer !== undefined ? [bearer] : said)];
};

const classOf = (secret: string): CredentialClass =>
  secret.startsWith(deviceTokenPrefix) ? 'device' : 'shared';

const mismatchOf = ({ auth }: ConnectParams, secrets: readonly string[]): string => {
  if (secrets.every((secret) => classOf(secret) === 'device') && secrets.length > 0)
    return 'AUTH_DEVICE_TOKEN_MISMATCH';
  return auth?.token === undefined && auth?.password !== undefined
    ? 'AUTH_PASSWORD_MISMATCH'
    : 'AUTH_TOKEN_MISMATCH';
};

const unauthorized = (code: string): WireError =>
  invalidRequest('unauthorized: the token is missing or not valid', 'AUTH_FAILED', {
    code,
    next: fault('AUTH_FAILED').next,
    recommendedNextStep: 'update_auth_credentials',
  });
