import type { ModelFacts } from '@reeve/core';
import { FaultError, type ModelInfo } from '@reeve/protocol';
import { toModelError } from '../ai-sdk/errors.ts';
import type { ProviderOptions } from '../provider-options.ts';

/** What a server says about one of its models. */
export interface ListedModel {
  model: string;
  name?: string | undefined;
  contextTokens?: number | undefined;
  maxOutputTokens?: number | undefined;
  supportsImages?: boolean | undefined;
  supportsThinking?: boolean | undefined;
}

/** For models of which neither the owner nor the server nor the table of models says anything. */
const unknownWindow = { contextTokens: 128_000, maxOutputTokens: 8_192 };

type Rules = ProviderOptions & {
  /** What no message may show. */
  secrets: readonly string[];
  now: () => number;
  factsOf: (model: string) => ModelFacts | null;
};

/**
 * The configured models, with what the server says of them; without any, those that the server lists; for a server
 * that has no list at all, those its vendor is known for. Rejects with PROVIDER_FAIL if there are none.
 */
export async function listModels(
  readList: (signal: AbortSignal) => Promise<ListedModel[]>,
  rules: Rules,
  signal: AbortSignal,
): Promise<ModelInfo[]> {
  try {
    return offered(await readList(signal), rules).map((one) => toInfo(one, rules));
  } catch (error) {
    if (rules.models.length === 0) {
      const { message, status } = toModelError(error, { signal, secrets: rules.secrets, now: rules.now });
      if (status === 404 && rules.preferredModels?.length)
        return rules.preferredModels.map((model) => toInfo({ model }, rules));
      throw new FaultError('PROVIDER_FAIL', `${rules.name} does not list its models. ${message}`);
    }
  }
  return rules.models.map((model) => toInfo({ model }, rules));
}

const offered = (listed: ListedModel[], rules: Rules): ListedModel[] =>
  rules.models.length === 0
    ? preferredFirst(listed, rules)
    : rules.models.map((model) => listed.find((one) => one.model === model) ?? { model });

/** What a vendor lists first is chance or its newest and dearest: whoever names no model gets a sensible one. */
function preferredFirst(listed: ListedModel[], { preferredModels = [] }: Rules): ListedModel[] {
  const rankOf = ({ model }: ListedModel): number => {
    const rank = preferredModels.findIndex((name) => model === name || model.startsWith(`${name}-20`));
    return rank < 0 ? preferredModels.length : rank;
  };
  return listed.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function toInfo(listed: ListedModel, rules: Rules): ModelInfo {
  const facts = rules.factsOf(listed.model);
  const contextTokens =
    rules.contextTokens ?? listed.contextTokens ?? facts?.contextTokens ?? unknownWindow.contextTokens;
  const maxOutputTokens =
    rules.maxOutputTokens ??
    listed.maxOutputTokens ??
    facts?.maxOutputTokens ??
    unknownWindow.maxOutputTokens;
  const supportsImages = listed.supportsImages ?? facts?.supportsImages;
  const supportsThinking = listed.supportsThinking ?? facts?.supportsThinking;
  return {
    id: `${rules.id}/${listed.model}`,
    provider: rules.id,
    model: listed.model,
    name: listed.name ?? listed.model,
    contextTokens,
    maxOutputTokens: Math.min(maxOutputTokens, contextTokens),
    isLanguageModel: true,
    ...(supportsImages !== undefined && { supportsImages }),
    ...(supportsThinking !== undefined && { supportsThinking }),
    ...(facts?.price && { price: facts.price }),
  };
}
