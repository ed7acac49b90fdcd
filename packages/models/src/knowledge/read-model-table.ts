import { FaultError } from '@reeve/protocol';
import { fromLiteLlm } from './from-litellm.ts';
import { type ModelTable, parseModelTable } from './model-table.ts';

/**
 * A table of models from its text, in our form or in that of LiteLLM. `origin` names it in messages, `today` is the
 * day of figures that bring none (YYYY-MM-DD). Throws FaultError CONFIG_ERROR.
 */
export function readModelTable(text: string, origin: string, today: string): ModelTable {
  const value = parseJson(text, origin);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'models' in value)
    return parseModelTable(value, origin);
  return fromLiteLlm(value, today, origin);
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FaultError('CONFIG_ERROR', `${origin} is not JSON: ${(error as Error).message}.`, {
      next: 'Give a table in the form of Reeve or of LiteLLM; the one in use stays.',
      cause: error,
    });
  }
}
