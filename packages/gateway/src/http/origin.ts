import { isIP } from 'node:net';

/**
 * Which host names and origins may reach the gateway. Two attacks end here: a name that was rebound to our address
 * (the browser then sends that foreign name as Host), and a page of another site that calls us (the browser then
 * says so in Origin). An IP address cannot be rebound, so addresses are always fine as Host.
 */
export const createOriginPolicy = (options: {
  allowedHosts: readonly string[];
  corsOrigins: readonly string[];
}) => {
  const names = new Set(['localhost', ...options.allowedHosts.map((name) => name.toLowerCase())]);
  const origins = new Set(options.corsOrigins.map((origin) => new URL(origin).origin));

  const hostNameOf = (host: string): string | null => {
    const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host);
    return match ? match[1]!.toLowerCase() : null;
  };

  return {
    isHostAllowed(host: string | undefined): boolean {
      const name = host === undefined ? null : hostNameOf(host);
      return name !== null && (names.has(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0);
    },
    /** `host` must have been found allowed. No Origin at all means that no page is behind the request. */
    isOriginAllowed(origin: string | undefined, host: string): boolean {
      if (origin === undefined) return true;
      return origins.has(origin) || origin === `http://${host}` || origin === `https://${host}`;
    },
    isCorsOrigin: (origin: string | undefined): boolean => origin !== undefined && origins.has(origin),
  };
};
