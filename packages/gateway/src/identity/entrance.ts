import { BlockList, isIP } from 'node:net';
import { type Identity, type Owner, ownerActor, type Principal } from '@reeve/core';
import { type Config, FaultError } from '@reeve/protocol';
import { plainAddress } from './address.ts';

/** What is known of a caller from the connection and the headers. */
export interface Caller {
  bearer: string | undefined;
  /** Absent unless it may count, see {@link isSameSite}. */
  cookie: string | undefined;
  channel: string;
  /** The other end of the connection itself, whatever headers say. */
  peer: string | undefined;
  header(name: string): string | undefined;
  /** How long the address has to wait after wrong credentials, ms. */
  lockedMs(): number;
}

/** Who gets in, by the mode of the gateway. Credentials of a person count in every mode; a mode adds a way in. */
export interface Entrance {
  readonly mode: Config['gateway']['auth']['mode'];
  /** Null when nothing is proven. Throws FaultError RATE_LIMIT after too many wrong shared passwords. */
  admit(caller: Caller): Promise<Principal | null>;
  /** Whom the shared password signs in; null when it is wrong, or the mode knows none. Throws as `admit`. */
  bySharedPassword(given: string): Promise<Owner | null>;
  /** Sockets must prove a key of their own beside their credential. */
  readonly needsDevice: boolean;
}

/** Credentials of ours begin so: whoever sends one did not mean the shared password. */
const ownCredential = /^(rv[a-z0-9]?_|ey)/;

type GatewayAuth = Pick<Config['gateway'], 'host' | 'auth'>;

/** Throws FaultError CONFIG_ERROR for a mode that would be open to everybody or to nobody. */
export const checkAuthMode = ({ host, auth }: GatewayAuth): void => {
  const { mode, password, proxy } = auth;
  const refuse = (message: string, next: string) => {
    throw new FaultError('CONFIG_ERROR', message, { next });
  };
  if (mode === 'none' && !isLoopback(host))
    refuse(
      `gateway.auth.mode = none lets everybody in who can reach ${host}.`,
      'Listen on 127.0.0.1 (gateway.host), or choose another mode.',
    );
  if (mode === 'password' && password === '')
    refuse(
      'gateway.auth.mode = password needs a password.',
      'Make its hash with `reeve token hash-password` and set it as gateway.auth.password.',
    );
  if (mode === 'trusted-proxy' && proxy.addresses.length === 0)
    refuse(
      'gateway.auth.mode = trusted-proxy needs the addresses of the proxy.',
      'Set gateway.auth.proxy.addresses.',
    );
  const wrong = proxy.addresses.find((address) => !isAddressOrNetwork(address));
  if (wrong !== undefined)
    refuse(
      `gateway.auth.proxy.addresses: ${wrong} is no address and no network.`,
      'Write 192.0.2.7 or 192.0.2.0/24.',
    );
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const isAddressOrNetwork = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

export const createEntrance = (identity: Identity, settings: GatewayAuth): Entrance => {
  const { mode, password, proxy } = settings.auth;
  const owner = ownerActor('');
  const proxies = new BlockList();
  for (const entry of proxy.addresses) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isProxy = (peer: string | undefined): boolean => {
    const address = plainAddress(peer ?? '');
    return isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  };
  const namedByProxy = async ({ peer, header, channel }: Caller): Promise<Principal | null> => {
    const name = header(proxy.userHeader)?.trim();
    if (!name || !isProxy(peer)) return null;
    // Never by an id: whoever may choose a name at the proxy could choose that of the owner.
    const known = identity.findByEmail(name);
    if (known) return identity.assume(known, 'proxy', channel);
    if (proxy.unknown === 'refuse') return null;
    const guest = await identity.guest(name);
    return guest && identity.assume(guest, 'proxy', channel);
  };

  return {
    mode,
    needsDevice: mode === 'device-token',
    bySharedPassword: async (given) =>
      mode === 'password' && (await identity.isSharedPassword(password, given)) ? owner : null,
    async admit(caller) {
      const { bearer, cookie, channel } = caller;
      const principal = await identity.authenticate({ bearer, cookie, channel });
      if (principal) return principal;
      if (mode === 'none') return identity.assume(owner, 'none', channel);
      if (mode === 'trusted-proxy' && bearer === undefined) return namedByProxy(caller);
      if (mode === 'password' && bearer !== undefined && !ownCredential.test(bearer)) {
        const retryAfterMs = caller.lockedMs();
        if (retryAfterMs > 0)
          throw new FaultError('RATE_LIMIT', 'Too many wrong credentials from this address.', {
            retryAfterMs,
          });
        return (await identity.isSharedPassword(password, bearer))
          ? identity.assume(owner, 'shared-password', channel)
          : null;
      }
      return null;
    },
  };
};

/**
 * Whether what a browser sends on its own may count: a request that a page of another site made must not. Programs
 * say nothing of a site.
 */
export const isSameSite = (headers: { 'sec-fetch-site'?: unknown; 'sec-fetch-mode'?: unknown }): boolean => {
  const site = headers['sec-fetch-site'];
  return (
    site === undefined ||
    site === 'same-origin' ||
    site === 'none' ||
    headers['sec-fetch-mode'] === 'navigate'
  );
};
