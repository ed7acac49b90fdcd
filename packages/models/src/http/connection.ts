/** Idle connections are kept this long, so that the next message of a conversation needs no handshake. */
const keepAliveMs = 60_000;

/** Node's own switch: only then does its `fetch` heed HTTP_PROXY and its like, and so do we. */
const usesProxy = (): boolean =>
  process.env['NODE_USE_ENV_PROXY'] === '1' || process.execArgv.includes('--use-env-proxy');

/**
 * `fetch` over connections of its own, whose opening (TCP and TLS) may take `connectTimeoutMs` at the most; it then
 * rejects with code UND_ERR_CONNECT_TIMEOUT. There is no limit for what follows: the router watches the first token
 * and silence. Nothing is loaded or opened before the first call; idle connections do not keep the process alive.
 */
export function createConnection(connectTimeoutMs: number): typeof globalThis.fetch {
  let dispatcher: Promise<RequestInit> | undefined;
  const open = async (): Promise<RequestInit> => {
    const Agent = usesProxy()
      ? (await import('undici')).EnvHttpProxyAgent
      : (await import('undici/lib/dispatcher/agent.js')).default;
    const agent = new Agent({
      connect: { timeout: connectTimeoutMs },
      keepAliveTimeout: keepAliveMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    // The package and the one in Node are of the same version; only their types are declared twice.
    return { dispatcher: agent } as unknown as RequestInit;
  };
  return async (input, init) => {
    dispatcher ??= open();
    return globalThis.fetch(input, { ...init, ...(await dispatcher) });
  };
}
