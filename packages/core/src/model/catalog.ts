import { FaultError, type ModelAttempt, type ModelInfo, type ProviderStatus } from '@reeve/protocol';
import type { Log } from '../ports/log.ts';
import type { ModelProvider } from '../ports/model.ts';
import type { Slot } from './slots.ts';

export interface CatalogEntry {
  provider: ModelProvider;
  /** Why it is in use, for the owner. */
  reason: string;
  contextTokens: number;
  maxOutputTokens: number;
  isLanguageModel: boolean;
  /** Used when nothing else is chosen and this is the first entry; null asks the server for its list. */
  preferredModel: string | null;
}

export interface CatalogSetup {
  /** The built-in steward is the last one. */
  entries: CatalogEntry[];
  /** `provider/model`, or empty to choose. */
  defaultModel: string;
  fallbacks: string[];
}

/** The models of this Reeve: which exist, which answers, and why. */
export interface ModelCatalog {
  configure(setup: CatalogSetup): void;
  /** Cached for an hour. A provider that does not answer within three seconds contributes its configured models. */
  list(options?: { refresh?: boolean }): Promise<ModelInfo[]>;
  default(): Promise<{ id: string; reason: string }>;
  /** The same as it was last found, at once: for health probes. */
  current(): { id: string; reason: string };
  /** Throws FaultError NOT_FOUND for a model of no known provider. */
  resolve(ref: string): Promise<Slot>;
  /** The chain for a request: the model asked for, or the default; then the fallbacks; then the steward. */
  slots(ref: string | null): Promise<Slot[]>;
  status(): ProviderStatus[];
  /** Learns from what happened. */
  record(attempts: readonly ModelAttempt[]): void;
}

const listTimeoutMs = 3_000;
const listTtlMs = 60 * 60 * 1000;
/** A server that is down is asked again after this. */
const failedListTtlMs = 30_000;

/** Models in a server's list that cannot hold a conversation. */
const notForChat =
  /embed|whisper|tts|dall-e|image|moderation|babbage|davinci|realtime|audio|transcribe|rerank|guard/i;

export const createModelCatalog = (deps: { now: () => number; log: Log }): ModelCatalog => {
  let setup: CatalogSetup = { entries: [], defaultModel: '', fallbacks: [] };
  let lists = new Map<string, { until: number; models: Promise<ModelInfo[]> }>();
  let current = { id: '', reason: '' };
  let health = new Map<string, { state: ProviderStatus['state']; lastError: string | null }>();

  const listOf = (entry: CatalogEntry, refresh = false): Promise<ModelInfo[]> => {
    const known = lists.get(entry.provider.id);
    if (known && !refresh && deps.now() < known.until) return known.models;
    const list = { until: deps.now() + listTtlMs, models: Promise.resolve<ModelInfo[]>([]) };
    list.models = entry.provider.listModels(AbortSignal.timeout(listTimeoutMs)).catch((error: Error) => {
      deps.log.warn(
        { provider: entry.provider.id, reason: error.message },
        'the models of a provider could not be listed',
      );
      list.until = deps.now() + failedListTtlMs;
      return [];
    });
    lists.set(entry.provider.id, list);
    return list.models;
  };

  const slot = (entry: CatalogEntry, model: string, why: string, info?: ModelInfo): Slot => ({
    provider: entry.provider,
    model,
    why,
    isLanguageModel: entry.isLanguageModel,
    contextTokens: info?.contextTokens ?? entry.contextTokens,
    maxOutputTokens: info?.maxOutputTokens ?? entry.maxOutputTokens,
  });

  /** `provider/model`, a provider alone, or the bare name of a listed model. */
  const find = async (ref: string, why: string): Promise<Slot> => {
    const [head, ...rest] = ref.split('/');
    const entry = setup.entries.find((candidate) => candidate.provider.id === head);
    if (entry && rest.length > 0) {
      const model = rest.join('/');
      const known = await lists.get(entry.provider.id)?.models;
      return slot(
        entry,
        model,
        why,
        known?.find((info) => info.model === model),
      );
    }
    if (entry) return slot(entry, await firstModel(entry), why);
    for (const candidate of setup.entries) {
      const info = (await listOf(candidate)).find((listed) => listed.model === ref);
      if (info) return slot(candidate, ref, why, info);
    }
    throw new FaultError('NOT_FOUND', `There is no model ${ref}.`, {
      next: 'See `reeve models` for what is on offer.',
    });
  };

  const firstModel = async (entry: CatalogEntry): Promise<string> =>
    entry.preferredModel ?? (await listOf(entry)).find((info) => !notForChat.test(info.model))?.model ?? '';

  const chooseDefault = async (): Promise<{ slot: Slot; reason: string }> => {
    if (setup.defaultModel !== '')
      return { slot: await find(setup.defaultModel, 'default'), reason: 'agent.model in the configuration' };
    for (const entry of setup.entries) {
      const model = await firstModel(entry);
      if (model !== '') return { slot: slot(entry, model, 'default'), reason: entry.reason };
    }
    throw new FaultError('LLM_ERROR', 'No model is configured.');
  };

  return {
    configure(next) {
      setup = next;
      lists = new Map();
      health = new Map();
      const [first] = setup.entries;
      current = {
        id: setup.defaultModel || `${first?.provider.id ?? ''}/${first?.preferredModel ?? ''}`,
        reason: first?.reason ?? '',
      };
    },
    list: async ({ refresh = false } = {}) =>
      (await Promise.all(setup.entries.map((entry) => listOf(entry, refresh)))).flat(),
    async default() {
      const { slot: chosen, reason } = await chooseDefault();
      current = { id: `${chosen.provider.id}/${chosen.model}`, reason };
      return current;
    },
    current: () => current,
    resolve: (ref) => find(ref, 'asked for'),
    async slots(ref) {
      const first = ref === null ? (await chooseDefault()).slot : await find(ref, 'chosen');
      const chain = [first];
      for (const fallback of setup.fallbacks) chain.push(await find(fallback, 'fallback'));
      const last = setup.entries.at(-1);
      if (last) chain.push(slot(last, await firstModel(last), 'always there'));
      return chain.filter(
        (one, index) =>
          chain.findIndex((other) => other.provider === one.provider && other.model === one.model) === index,
      );
    },
    status: () =>
      setup.entries.map(({ provider, reason }) => ({
        id: provider.id,
        name: provider.name,
        baseUrl: provider.baseUrl,
        hasKey: provider.hasKey,
        reason,
        state: health.get(provider.id)?.state ?? 'unknown',
        lastError: health.get(provider.id)?.lastError ?? null,
      })),
    record(attempts) {
      for (const attempt of attempts) {
        const isOk = attempt.outcome === 'answered';
        health.set(attempt.provider, {
          state: isOk ? 'ok' : stateOf(attempt.why),
          lastError: isOk ? null : attempt.why,
        });
      }
    },
  };
};

const stateOf = (why: string): ProviderStatus['state'] =>
  why.startsWith('rate_limited') ? 'rate_limited' : why.startsWith('auth') ? 'auth_expired' : 'down';
