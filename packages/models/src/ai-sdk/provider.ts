import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ModelProvider } from '@reeve/core';
import { streamModel } from './stream-model.ts';

export interface AiSdkProviderOptions extends Omit<ModelProvider, 'stream'> {
  /** Loads the SDK package on its first call and makes the model; called once per model id. */
  createModel(model: string): Promise<LanguageModelV4>;
  /** Strings that no error message may show. */
  secrets: readonly string[];
  now?: () => number;
}

/** A ModelProvider over any package of the AI SDK's provider specification. */
export function createAiSdkProvider(options: AiSdkProviderOptions): ModelProvider {
  const { createModel, secrets, now = Date.now, ...provider } = options;
  // The SDK builds its schemas per model object, which costs more than a whole answer.
  const models = new Map<string, Promise<LanguageModelV4>>();
  const load = (id: string): Promise<LanguageModelV4> => {
    const known = models.get(id);
    if (known !== undefined) return known;
    const model = createModel(id);
    models.set(id, model);
    model.catch(() => models.delete(id));
    return model;
  };
  return {
    ...provider,
    stream: (request, signal) => streamModel(() => load(request.model), request, { signal, secrets, now }),
  };
}
