import { FaultError } from '@reeve/protocol';
import { z } from 'zod';
import { type ModelRow, type ModelTable, parseModelTable } from './model-table.ts';

/** LiteLLM's names of vendors by ours. Those that are missing are not in the vendor table. */
const vendorNames: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  baseten: 'baseten',
  cerebras: 'cerebras',
  cohere_chat: 'cohere',
  dashscope: 'qwen',
  deepinfra: 'deepinfra',
  deepseek: 'deepseek',
  fireworks_ai: 'fireworks',
  gemini: 'google',
  groq: 'groq',
  hyperbolic: 'hyperbolic',
  minimax: 'minimax',
  mistral: 'mistral',
  moonshot: 'moonshot',
  nebius: 'nebius',
  novita: 'novita',
  nvidia_nim: 'nvidia',
  openai: 'openai',
  openrouter: 'openrouter',
  ovhcloud: 'ovh',
  perplexity: 'perplexity',
  sambanova: 'sambanova',
  together_ai: 'together',
  vercel_ai_gateway: 'vercel',
  volcengine: 'volcengine',
  xai: 'xai',
  zai: 'zai',
};

const cost = z.number().nonnegative().nullish().catch(undefined);
const limit = z.coerce.number().int().positive().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);

const entrySchema = z.object({
  litellm_provider: z.string(),
  mode: z.enum(['chat', 'responses']),
  input_cost_per_token: cost,
  output_cost_per_token: cost,
  cache_read_input_token_cost: cost,
  cache_creation_input_token_cost: cost,
  max_input_tokens: limit,
  max_output_tokens: limit,
  supports_vision: flag,
  supports_function_calling: flag,
  supports_reasoning: flag,
});

/**
 * LiteLLM's `model_prices_and_context_window.json` as a table of ours: its chat models at vendors that Reeve knows.
 * Throws FaultError CONFIG_ERROR when there is none.
 */
export function fromLiteLlm(value: object, today: string, origin: string): ModelTable {
  const models = Object.entries(value).flatMap(([name, entry]) => toRow(name, entry));
  if (models.length === 0)
    throw new FaultError('CONFIG_ERROR', `${origin} names no model at a vendor that Reeve knows.`, {
      next: 'Give a table in the form of Reeve or of LiteLLM; the one in use stays.',
    });
  return parseModelTable({ updated: today, source: `LiteLLM, ${origin}`, models }, origin);
}

function toRow(name: string, value: unknown): ModelRow[] {
  const parsed = entrySchema.safeParse(value);
  const vendor = parsed.success ? vendorNames[parsed.data.litellm_provider] : undefined;
  const pattern = name.slice(name.lastIndexOf('/') + 1);
  if (!parsed.success || vendor === undefined || pattern === '' || pattern.includes('*')) return [];
  const entry = parsed.data;
  const [input, output] = [perMillion(entry.input_cost_per_token), perMillion(entry.output_cost_per_token)];
  const cacheRead = perMillion(entry.cache_read_input_token_cost);
  const cacheWrite = perMillion(entry.cache_creation_input_token_cost);
  return [
    {
      pattern,
      vendor,
      ...(entry.max_input_tokens && { contextTokens: entry.max_input_tokens }),
      ...(entry.max_output_tokens && { maxOutputTokens: entry.max_output_tokens }),
      ...(entry.supports_vision !== undefined && { supportsImages: entry.supports_vision }),
      ...(entry.supports_function_calling !== undefined && {
        supportsTools: entry.supports_function_calling,
      }),
      ...(entry.supports_reasoning !== undefined && { supportsThinking: entry.supports_reasoning }),
      ...(input !== undefined &&
        output !== undefined && {
          price: {
            input,
            output,
            ...(cacheRead !== undefined && { cacheRead }),
            ...(cacheWrite !== undefined && { cacheWrite }),
          },
        }),
    },
  ];
}

/** Six digits are more than any price list has, and take out what binary fractions add. */
const perMillion = (perToken: number | null | undefined): number | undefined =>
  typeof perToken === 'number' ? Number((perToken * 1_000_000).toPrecision(6)) : undefined;
