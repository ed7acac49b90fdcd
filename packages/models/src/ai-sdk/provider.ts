import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelFacts, ModelProvider, ModelRequest, TokenRules } from '@reeve/core';
import { createConnection } from '../http/connection.ts';
import { type ListedModel, listModels } from '../http/list-models.ts';
import { defaultConnectTimeoutMs, type ProviderOptions } from '../provider-options.ts';
import { type Caller, type Protocol, toCallOptions } from './call-options.ts';
import { redact } from './errors.ts';
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
  const endpoint: Endpoint = {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    apiKey,
    fetch: options.fetch ?? createConnection(options.connectTimeoutMs ?? defaultConnectTimeoutMs),
  };
  const secrets = [apiKey];
  const { protocol, tokens, countTokens } = adapter;
  // The SDK builds its schemas per model object, which costs more than a whole answer.
  const models = new Map<string, Promise<LanguageModelV4>>();
  const load = (model: string): Promise<LanguageModelV4> => {
    const known = models.get(model);
    if (known !== undefined) return known;
    const made = adapter.createModel(model, endpoint);
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
    baseUrl: redact(endpoint.baseUrl, []),
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
      listModels((limit) => adapter.readList(endpoint, limit), { ...options, apiKey, factsOf, now }, signal),
    ...(countTokens && {
      countTokens: (request: ModelRequest, signal: AbortSignal) =>
        countTokens(request.model, toCallOptions(request, signal, callerOf(request.model)), endpoint, signal),
    }),
  };
}
