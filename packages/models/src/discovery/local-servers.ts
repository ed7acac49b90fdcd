import { z } from 'zod';
import { requestJson } from '../http/request-json.ts';
import { type Vendor, vendorOf } from '../vendors/index.ts';

/** Where a server may be: a vendor of {@link localKinds} and `host:port`. */
export interface LocalPlace {
  vendor: LocalKind;
  host: string;
}

export interface FoundServer {
  vendor: Vendor;
  baseUrl: string;
  /** What the server says of itself, where it does. */
  contextTokens?: number;
}

/** A server on this machine answers in a few milliseconds; one that is busy is found at the next look. */
const limitMs = 300;

type Ask = (path: string) => Promise<unknown>;
interface Recognition {
  /** Path of its API behind the origin. */
  api: string;
  /** Whether it is this kind of server, by what it answers; rejects when it is not. */
  recognise(ask: Ask): Promise<{ contextTokens?: number }>;
}

const isOllama = z.object({ version: z.string() });
const isLlamaCpp = z.object({
  default_generation_settings: z.object({ n_ctx: z.int().positive().optional() }),
});
const listOf = (owner: string) =>
  z.object({ data: z.array(z.object({ owned_by: z.literal(owner) })).min(1) });

/** An open port alone says nothing: 8000 and 8080 are everybody's. */
const kinds = {
  ollama: {
    api: '/api',
    async recognise(ask) {
      isOllama.parse(await ask('/api/version'));
      return {};
    },
  },
  lmstudio: {
    api: '/v1',
    async recognise(ask) {
      listOf('organization_owner').parse(await ask('/v1/models'));
      return {};
    },
  },
  llamacpp: {
    api: '/v1',
    async recognise(ask) {
      const { n_ctx: contextTokens } = isLlamaCpp.parse(await ask('/props')).default_generation_settings;
      return contextTokens === undefined ? {} : { contextTokens };
    },
  },
  vllm: {
    api: '/v1',
    async recognise(ask) {
      listOf('vllm').parse(await ask('/v1/models'));
      return {};
    },
  },
} satisfies Record<string, Recognition>;

export type LocalKind = keyof typeof kinds;
export const localKinds = Object.keys(kinds) as LocalKind[];

type Env = Record<string, string | undefined>;

/** The usual ports of this machine; Ollama's is where its own variable OLLAMA_HOST says. */
export const usualPlaces = (env: Env): LocalPlace[] =>
  localKinds.map((vendor) => ({
    vendor,
    host:
      (vendor === 'ollama' && hostOf(env['OLLAMA_HOST'] ?? '')) || new URL(vendorOf(vendor)!.baseUrl).host,
  }));

/** `host`, `:port`, `host:port` or an address, as Ollama reads it. An address to listen on everywhere is this machine. */
function hostOf(text: string): string | null {
  const bare = text.trim().replace(/^[a-z]+:\/\//i, '');
  if (bare === '') return null;
  const address = `http://${bare.startsWith(':') ? `127.0.0.1${bare}` : bare}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const host = ['0.0.0.0', '[::]'].includes(url.hostname) ? '127.0.0.1' : url.hostname;
  return `${host}:${url.port || '11434'}`;
}

/**
 * The model servers at the given places, all asked at once and each for 300 ms at the most. Never rejects: what does
 * not answer as its kind does is not there.
 */
export async function findLocalServers(
  places: readonly LocalPlace[],
  { fetch = globalThis.fetch, signal }: { fetch?: typeof globalThis.fetch; signal?: AbortSignal } = {},
): Promise<FoundServer[]> {
  const found = await Promise.allSettled(
    places.map(async ({ vendor, host }): Promise<FoundServer> => {
      const limit = AbortSignal.timeout(limitMs);
      const until = signal ? AbortSignal.any([signal, limit]) : limit;
      const { api, recognise } = kinds[vendor];
      // Whoever answers may not send us elsewhere.
      const straight: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' });
      const said = await recognise((path) =>
        requestJson(straight, `http://${host}${path}`, { signal: until }),
      );
      return { vendor: vendorOf(vendor)!, baseUrl: `http://${host}${api}`, ...said };
    }),
  );
  return found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
