import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelFacts, ModelProvider, ModelRequest, TokenRules } from '@reeve/core';
import { createConnection } from '../http/connection.ts';
import { type ListedModel, listModels } from '../http/list-models.ts';
import { defaultConnectTimeoutMs, type ProviderOptions } from '../provider-options.ts';
import { type Caller, type Protocol, toCallOptions } from './call-options.ts';
import { streamModel } from './stream-model.ts';

/** The same for every request to one server. */
export interface Endpoint {
  /** Without a slash at its end. */
  baseUrl: string;
  apiKey: string;
  fetch: typeof globalThis.fetch;
}

/** What a protocol brings along; the rest is the same for all. */
export interface AiSdkAdapter {
  protocol: Protocol;
  tokens: TokenRules;
  /** Loads the SDK package on its first call and makes the model; called once per model id. */
  createModel(model: string, endpoint: Endpoint): Promise<LanguageModelV4>;
  /** The server's list as it is; may reject. */
  readList(endpoint: Endpoint, signal: AbortSignal): Promise<ListedModel[]>;
  /** The vendor's own count of a call. */
  countTokens?(
    model: string,
    call: LanguageModelV4CallOptions,
    endpoint: Endpoint,
    signal: AbortSignal,
  ): Promise<number>;
}

/** What is known about a model, with what its vendor refuses for all. */
function factsFrom({ factsOf = () => null, quirks }: ProviderOptions): (model: string) => ModelFacts | null {
  const refused = quirks?.refusedParams ?? [];
  if (refused.length === 0) return factsOf;
  return (model) => {
    const facts = factsOf(model);
    return { ...facts, refusedParams: [...(facts?.refusedParams ?? []), ...refused] };
  };
}

/** A ModelProvider over any package of the AI SDK's provider specification. */
export function createAiSdkProvider(options: ProviderOptions, adapter: AiSdkAdapter): ModelProvider {
  const { id, apiKey = '', now = Date.now } = options;
  const factsOf = factsFrom(options);
  const fetch = options.fetch ?? createConnection(options.connectTimeoutMs ?? defaultConnectTimeoutMs);
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  let endpoint: Endpoint = { baseUrl, apiKey: typeof apiKey === 'string' ? apiKey : '', fetch };
  const secrets = [endpoint.apiKey];
  const { protocol, tokens, countTokens } = adapter;
  // The SDK builds its schemas per model object, which costs more than a whole answer.
  const models = new Map<string, Promise<LanguageModelV4>>();
  const endpointNow = async (): Promise<Endpoint> => {
    if (typeof apiKey === 'string') return endpoint;
    const key = await apiKey();
    if (key !== endpoint.apiKey) {
      endpoint = { ...endpoint, apiKey: key };
      secrets[0] = key;
      models.clear();
    }
    return endpoint;
  };
  const load = async (model: string): Promise<LanguageModelV4> => {
    const place = await endpointNow();
    const known = models.get(model);
    if (known !== undefined) return known;
    const made = adapter.createModel(model, place);
    models.set(model, made);
    made.catch(() => models.delete(model));
    return made;
  };
  const account = options.account ?? 'default';
  const callerOf = (model: string): Caller => ({ providerId: id, account, protocol, facts: factsOf(model) });
  return {
    id,
    name: options.name,
    account,
    baseUrl: baseUrl.replace(/\/\/[^\s/@]+@/, '//'),
    hasKey: apiKey !== '',
    tokens,
    stream: (request, signal) =>
      streamModel(() => load(request.model), request, {
        signal,
        secrets,
        now,
        ...callerOf(request.model),
      }),
    listModels: (signal) =>
      listModels(
        async (limit) => adapter.readList(await endpointNow(), limit),
        { ...options, secrets, factsOf, now },
        signal,
      ),
    ...(countTokens && {
      countTokens: async (request: ModelRequest, signal: AbortSignal) => {
        const call = toCallOptions(request, signal, callerOf(request.model));
        return countTokens(request.model, call, await endpointNow(), signal);
      },
    }),
  };
}
