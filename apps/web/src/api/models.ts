import type { ModelInfo } from '@reeve/protocol';
import { useEffect } from 'react';
import { createStore, useStore } from '../lib/store.ts';
import { client, faultOf } from './client.ts';

export interface ModelList {
  models: ModelInfo[];
  /** The model that answers where none is chosen, and why that one. */
  default: string;
  reason: string;
}

const modelList = createStore<ModelList | null>(null);
let isAsked = false;

/** Asks for the models anew: after a setting was changed, or a provider tested. */
export const reloadModels = async (): Promise<void> => {
  isAsked = true;
  try {
    modelList.set(await client.models.list({}));
  } catch (error) {
    // Asked again by whoever needs them next; why it failed is shown by the connection's banner.
    isAsked = false;
    faultOf(error);
  }
};

export const useModels = (): ModelList | null => {
  useEffect(() => {
    if (!isAsked) void reloadModels();
  }, []);
  return useStore(modelList);
};
