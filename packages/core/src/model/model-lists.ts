import type { ModelInfo } from '@reeve/protocol';
import type { Log } from '../ports/log.ts';
import type { ModelProvider } from '../ports/model.ts';

const listTimeoutMs = 3_000;
const listTtlMs = 60 * 60 * 1000;
/** A server that is down is asked again after this. */
const failedListTtlMs = 30_000;

/** What each provider lists, kept for an hour (F043). One that does not answer in three seconds lists what it did before, and is asked again after half a minute. */
export const createModelLists = (deps: { now: () => number; log: Log }) => {
  const lists = new Map<string, { until: number; models: Promise<ModelInfo[]>; lastGood: ModelInfo[] }>();
  return {
    of(provider: ModelProvider, refresh = false): Promise<ModelInfo[]> {
      const known = lists.get(provider.id);
      if (known && !refresh && deps.now() < known.until) return known.models;
      const before = known?.lastGood ?? [];
      const list = { until: deps.now() + listTtlMs, models: Promise.resolve(before), lastGood: before };
      list.models = provider.listModels(AbortSignal.timeout(listTimeoutMs)).then(
        (models) => {
          list.lastGood = models;
          return models;
        },
        (error: Error) => {
          deps.log.warn(
            { provider: provider.id, reason: error.message },
            'the models of a provider could not be listed',
          );
          list.until = deps.now() + failedListTtlMs;
          return before;
        },
      );
      lists.set(provider.id, list);
      return list.models;
    },
    /** Only what was listed before: asks nobody. */
    known: (providerId: string): Promise<ModelInfo[]> | undefined => lists.get(providerId)?.models,
  };
};
