import type { CatalogEntry, CatalogSetup, ModelProvider } from '@reeve/core';
import {
  createProvider,
  createSteward,
  type FoundServer,
  findKeys,
  type ModelKnowledge,
  type ProviderOptions,
} from '@reeve/models';
import { type Config, type ConfigValue, type ProviderConfig, providerConfigSchema } from '@reeve/protocol';
import { type ResolvedProvider, resolveProvider } from './providers/resolve.ts';

type Env = Record<string, string | undefined>;

export interface Surroundings {
  env: Env;
  /** Model servers that answered on this machine. */
  found: readonly FoundServer[];
  factsOf: ModelKnowledge;
  secrets: {
    /** The key that a setting means: itself, or what is asked for at each request. */
    key(text: string, purpose: string): string | (() => Promise<string>);
    /** The provider whose answers hold no secret. */
    provider(provider: ModelProvider): ModelProvider;
  };
}

/**
 * The models of a configuration and its surroundings, in the order in which one is chosen when the owner says
 * nothing: configured, keys in the environment, servers on this machine, the steward. Throws FaultError CONFIG_ERROR.
 */
export const catalogSetup = (
  config: Config,
  values: readonly ConfigValue[],
  { env, found, factsOf, secrets }: Surroundings,
): CatalogSetup => {
  const configured = Object.entries(config.providers).flatMap(([id, provider]) =>
    entriesOf(id, provider, resolveProvider(id, provider), originOf(values, id), { env, factsOf, secrets }),
  );
  const { discover } = config.models;
  const discovered = discover
    ? [...fromKeys({ env, factsOf, secrets }), ...fromServers(found, { env, factsOf, secrets })]
    : [];
  const taken = new Set(configured.map((entry) => entry.vendor));
  const servers = new Set(configured.map((entry) => hostOf(entry.provider.baseUrl)));
  const entries = [
    ...configured,
    ...discovered.filter(
      (entry) =>
        !taken.has(entry.vendor) &&
        !taken.has(entry.provider.id) &&
        !servers.has(hostOf(entry.provider.baseUrl)),
    ),
  ];
  return {
    entries: [...entries, stewardEntry(entries.length === 0)],
    defaultModel: config.agent.model,
    fallbacks: config.agent.fallbacks,
    routing: config.agent.routing,
    allow: config.models.allow,
    deny: config.models.deny,
    factsOf,
  };
};

/** One entry per key: the provider's own, then the accounts by name. */
const entriesOf = (
  id: string,
  provider: ProviderConfig,
  { kind, baseUrl, vendor, isVendorsOwn }: ResolvedProvider,
  reason: string,
  { env, factsOf, secrets }: Omit<Surroundings, 'found'>,
): CatalogEntry[] => {
  const vendorId = vendor?.id ?? id;
  const keyOf = ({ apiKey, apiKeyEnv }: Pick<ProviderConfig, 'apiKey' | 'apiKeyEnv'>) =>
    apiKey || (apiKeyEnv && env[apiKeyEnv]) || '';
  const ownKey = keyOf(provider) || (isVendorsOwn && !provider.apiKeyEnv ? keyInEnv(env, vendorId) : '');
  const accounts = Object.entries(provider.accounts).map(([name, keys]) => [name, keyOf(keys)] as const);
  const keys =
    ownKey !== '' || accounts.length === 0 ? [['default', ownKey] as const, ...accounts] : accounts;
  const options: Omit<ProviderOptions, 'account' | 'apiKey'> = {
    id,
    // A server elsewhere is not the vendor, whatever its table is called.
    name: vendor && isVendorsOwn ? vendor.name : id,
    baseUrl,
    models: provider.models,
    contextTokens: provider.contextTokens,
    maxOutputTokens: provider.maxOutputTokens,
    connectTimeoutMs: provider.connectTimeoutMs,
    factsOf: (model) => factsOf(vendorId, model),
    ...(vendor?.quirks && { quirks: vendor.quirks }),
    ...(vendor?.preferredModels && { preferredModels: vendor.preferredModels }),
  };
  return keys.map(([account, apiKey]) => ({
    provider: secrets.provider(
      createProvider(kind, { ...options, account, apiKey: secrets.key(apiKey, `provider ${id}`) }),
    ),
    vendor: vendorId,
    reason,
    ...(provider.contextTokens !== undefined && { contextTokens: provider.contextTokens }),
    ...(provider.maxOutputTokens !== undefined && { maxOutputTokens: provider.maxOutputTokens }),
    timeouts: { firstTokenMs: provider.firstTokenTimeoutMs, idleMs: provider.idleTimeoutMs },
    maxRetries: provider.maxRetries,
    isLanguageModel: true,
    preferredModel: provider.models[0] ?? null,
  }));
};

const keyInEnv = (env: Env, vendorId: string): string => {
  const key = findKeys(env).find(({ vendor }) => vendor.id === vendorId);
  return key ? env[key.variable]!.trim() : '';
};

/** A provider with the default of every setting. */
const defaults = providerConfigSchema.parse({});

const fromKeys = (rest: Omit<Surroundings, 'found'>): CatalogEntry[] =>
  findKeys(rest.env).flatMap(({ vendor, variable }) => {
    const reason = `${variable} is set in the environment`;
    return entriesOf(vendor.id, defaults, resolveProvider(vendor.id, defaults), reason, rest);
  });

const fromServers = (found: readonly FoundServer[], rest: Omit<Surroundings, 'found'>): CatalogEntry[] =>
  found.flatMap(({ vendor, baseUrl, contextTokens }) =>
    entriesOf(
      vendor.id,
      { ...defaults, ...(contextTokens !== undefined && { contextTokens }) },
      { ...resolveProvider(vendor.id, defaults), baseUrl, isVendorsOwn: true },
      `${vendor.name} answers at ${new URL(baseUrl).origin}`,
      rest,
    ),
  );

const stewardEntry = (isAlone: boolean): CatalogEntry => ({
  provider: createSteward(),
  vendor: 'steward',
  timeouts: { firstTokenMs: 60_000, idleMs: 60_000 },
  maxRetries: 0,
  reason: isAlone ? 'no model is configured; it follows rules and works offline' : 'always there',
  contextTokens: 200_000,
  maxOutputTokens: 4_000,
  isLanguageModel: false,
  preferredModel: 'steward',
});

const originOf = (values: readonly ConfigValue[], id: string): string => {
  const value = values.find(({ key, source }) => key.startsWith(`providers.${id}.`) && source !== 'default');
  return value?.source === 'env'
    ? `${value.origin} is set in the environment`
    : `[providers.${id}] in ${value?.origin ?? 'the configuration'}`;
};

/** Two names of this machine are one. */
const hostOf = (baseUrl: string | null): string =>
  baseUrl === null ? '' : new URL(baseUrl).host.replace('localhost', '127.0.0.1');
