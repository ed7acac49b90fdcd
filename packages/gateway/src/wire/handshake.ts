import type { Clock } from '@reeve/core';
import { fault } from '@reeve/protocol';
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
import { deviceTokenPrefix, type Identity, type Principal } from '../identity/identity.ts';
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
  attempts: Attempts;
  clock: Clock;
}): Handshake => {
  const { identity, attempts, clock } = deps;

  const proveBy = async (secret: string, deviceId: string | undefined): Promise<Proof | null> => {
    if (secret.startsWith(deviceTokenPrefix)) {
      const device = deviceId === undefined ? null : await identity.authenticateDevice(secret, deviceId);
      return (
        device && {
          principal: device.principal,
          allowed: authorityOf(device.principal).filter((scope) => device.scopes.includes(scope)),
        }
      );
    }
    const principal = await identity.authenticate({ bearer: secret, cookie: undefined, channel: 'ws' });
    if (!principal) return null;
    const bound = deviceId === undefined ? principal : { ...principal, deviceId };
    return { principal: bound, allowed: authorityOf(principal) };
  };

  const prove = async (
    secrets: readonly string[],
    deviceId: string | undefined,
    cookie: string | undefined,
  ): Promise<Proof | null> => {
    for (const secret of secrets) {
      const proof = await proveBy(secret, deviceId);
      if (proof) return proof;
    }
    if (secrets.length > 0 || cookie === undefined) return null;
    const principal = await identity.authenticate({ bearer: undefined, cookie, channel: 'ws' });
    return principal && { principal, allowed: authorityOf(principal) };
  };

  return async (params, caller, nonce, watch) => {
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
    if (secrets.length === 0 && caller.cookie === undefined)
      return refused(unauthorized('AUTH_TOKEN_MISSING'));

    if (params.device) {
      const why = checkDevice(params, params.device, { nonce, now: clock.now() });
      if (why !== null) {
        attempts.failed('device', caller.address);
        return refused(invalidRequest('device signature refused', 'AUTH_FAILED', { code: why }));
      }
    }
    const deviceId = params.device?.id;
    const proof = await prove(secrets, deviceId, caller.cookie);
    if (!proof) {
      for (const secret of secrets) attempts.failed(classOf(secret), caller.address);
      return refused(unauthorized(mismatchOf(params, secrets)));
    }
    const { principal, allowed } = proof;
    watch(principal);
    if (!(await prove(secrets, deviceId, caller.cookie)))
      return refused(unauthorized(mismatchOf(params, secrets)));

    const dialect = dialectOf(params);
    const scopes = grant(params.scopes, allowed, dialect === 'older' ? operatorScopes : ['operator.read']);
    const deviceToken =
      deviceId !== undefined && (principal.by === 'token' || principal.by === 'local')
        ? await identity.issueDeviceToken(principal, deviceId, scopes)
        : null;
    return { ok: true, protocol, dialect, principal, scopes, deviceToken };
  };
};

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
