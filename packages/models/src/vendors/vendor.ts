import type { GenerationParams, ProviderConfig } from '@reeve/protocol';
import type { Effort } from '../thinking.ts';

export type ProviderKind = Exclude<ProviderConfig['kind'], 'auto'>;

/** Where a vendor departs from its protocol, as data. */
export interface VendorQuirks {
  /** How the longest answer is called; `max_tokens` when absent. */
  maxTokensName?: 'max_completion_tokens';
  /**
   * How a model is asked to think: `effort` = reasoning_effort, `type` = thinking.type, `switch` = enable_thinking
   * with a budget, `template` = a variable of the chat template, `nested` = reasoning.effort.
   */
  thinking?: 'effort' | 'type' | 'switch' | 'template' | 'nested';
  /** What reasoning_effort takes; low, medium and high when absent. */
  efforts?: readonly Effort[];
  /** Thinking must come back with the calls of the same run. */
  keepsThinking?: boolean;
  /** Refuses `stream_options`, so that there is no usage. */
  hasNoStreamOptions?: boolean;
  /** Takes ids of calls of exactly nine letters and digits. */
  hasShortCallIds?: boolean;
  /** Takes a JSON schema for its answer; without, it is only told to answer in JSON. */
  takesSchema?: boolean;
  /** Parameters that none of its models takes. */
  refusedParams?: readonly (keyof GenerationParams)[];
  /** Vendors whose models it sells at their price. */
  atCostOf?: readonly string[];
  /** The context it gives a model unless told otherwise: at the most, and to a model nobody knows. */
  window?: { most: number; unknown: number };
  /** Tokens of its models for one of ours, from above; 1 where the vocabulary is OpenAI's. */
  tokenScale?: number;
}

/** A row of the vendor table. */
export interface Vendor {
  id: string;
  /** Other names under which people know it. */
  aliases?: readonly string[];
  name: string;
  kind: ProviderKind;
  /** What servers elsewhere speak that are set up under this vendor's name; `kind` when absent. */
  kindElsewhere?: ProviderKind;
  /** Up to and including the version. */
  baseUrl: string;
  /**
   * Environment variables that may hold the key, the first that is set counts. None that people also set for other
   * ends (HF_TOKEN, GITHUB_TOKEN, GOOGLE_API_KEY): a conversation goes nowhere by accident.
   */
  keyEnv: readonly string[];
  /** Runs on the owner's machine: needs no key and costs nothing. */
  isLocal: boolean;
  /** What answers when the owner names no model and the vendor lists many: the first of these that it lists. */
  preferredModels?: readonly string[];
  /** Where keys are made, or how it is started. */
  note: string;
  quirks?: VendorQuirks;
}
