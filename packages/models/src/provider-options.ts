import type { ModelFacts } from '@reeve/core';
import type { VendorQuirks } from './vendors/vendor.ts';

/** What every provider is made of, whatever protocol it speaks. */
export interface ProviderOptions {
  /** Names the provider in model ids: `id/model`. */
  id: string;
  name: string;
  /** Which of the owner's keys; `default` when there is but one. */
  account?: string;
  /** Up to and including the version, for example `https://api.openai.com/v1`. */
  baseUrl: string;
  /** The key, or who knows it at the moment: asked before each request, so that a new key is used by the next one. */
  apiKey?: string | (() => Promise<string>);
  /** Ids that `listModels` falls back to when the server does not list its own. */
  models: readonly string[];
  /** Listed first, with their dated versions. */
  preferredModels?: readonly string[];
  /** What the owner says of its models; it wins over what the server and the table of models say. */
  contextTokens?: number | undefined;
  maxOutputTokens?: number | undefined;
  /** What is known about its models. */
  factsOf?: (model: string) => ModelFacts | null;
  quirks?: VendorQuirks;
  connectTimeoutMs?: number;
  /** In place of a connection of its own. */
  fetch?: typeof globalThis.fetch;
  /** Unix time in ms. */
  now?: () => number;
}

/** The setting's default, for providers that are made without a configuration. */
export const defaultConnectTimeoutMs = 10_000;
