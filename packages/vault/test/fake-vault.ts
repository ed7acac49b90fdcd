import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Token {
  ttlSeconds: number;
  isRenewable: boolean;
}

/**
 * HashiCorp Vault as far as its HTTP API is documented: KV version 2 with soft deletion, tokens that end and are
 * renewed, namespaces, the seal. Time is the test's.
 */
export const startFakeVault = async (now: () => number) => {
  /** Path below `data/` -> fields; by namespace. */
  const entries = new Map<string, Record<string, unknown>>();
  const tokens = new Map<string, Token & { endsAt: number }>();
  const requests: { method: string; path: string; namespace: string; token: string }[] = [];
  let isSealed = false;

  const addToken = (
    token: string,
    { ttlSeconds, isRenewable }: Token = { ttlSeconds: 0, isRenewable: false },
  ) =>
    tokens.set(token, {
      ttlSeconds,
      isRenewable,
      endsAt: ttlSeconds === 0 ? Infinity : now() + ttlSeconds * 1000,
    });

  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    const url = new URL(request.url!, 'http://vault');
    const path = url.pathname.replace('/v1/', '');
    const header = (name: string) => String(request.headers[name] ?? '');
    const namespace = header('x-vault-namespace');
    const method = url.searchParams.get('list') === 'true' ? 'LIST' : request.method!;
    requests.push({ method, path, namespace, token: header('x-vault-token') });
    if (header('x-vault-request') !== 'true') return [412, { errors: ['missing X-Vault-Request'] }];
    if (isSealed) return [503, { errors: ['Vault is sealed'] }];
    const token = tokens.get(header('x-vault-token'));
    if (!token || token.endsAt <= now()) return [403, { errors: ['permission denied'] }];
    let text = '';
    for await (const chunk of request) text += chunk;
    const ttl = token.endsAt === Infinity ? 0 : Math.floor((token.endsAt - now()) / 1000);
    if (path === 'auth/token/lookup-self') return [200, { data: { ttl, renewable: token.isRenewable } }];
    if (path === 'auth/token/renew-self') {
      if (!token.isRenewable) return [400, { errors: ['token is not renewable'] }];
      token.endsAt = now() + token.ttlSeconds * 1000;
      return [200, { auth: { lease_duration: token.ttlSeconds, renewable: true } }];
    }
    const kv = /^secret\/(data|metadata)\/(.*)$/.exec(path);
    if (!kv) return [403, { errors: ['permission denied'] }];
    const key = `${namespace}|${decodeURIComponent(kv[2]!)}`;
    if (method === 'LIST') {
      const under = `${key.replace(/\/$/, '')}/`;
      const keys = new Set(
        [...entries.keys()]
          .filter((one) => one.startsWith(under))
          .map((one) => /^[^/]*\/?/.exec(one.slice(under.length))![0]),
      );
      return keys.size === 0 ? [404, { errors: [] }] : [200, { data: { keys: [...keys].sort() } }];
    }
    if (kv[1] === 'metadata' && method === 'DELETE') {
      entries.delete(key);
      return [204, null];
    }
    if (method === 'POST') {
      entries.set(key, (JSON.parse(text) as { data: Record<string, unknown> }).data);
      return [200, { data: { version: 1 } }];
    }
    const data = entries.get(key);
    return data
      ? [200, { data: { data, metadata: { version: 1, destroyed: false } } }]
      : [404, { errors: [] }];
  };

  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === null ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries,
    requests,
    addToken,
    endToken: (token: string) => tokens.delete(token),
    tokenEndsAt: (token: string) => tokens.get(token)?.endsAt,
    seal: (sealed: boolean) => {
      isSealed = sealed;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
