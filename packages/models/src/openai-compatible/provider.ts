import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelProvider, ModelRequest } from '@reeve/core';
import type { ThinkingLevel } from '@reeve/protocol';
import { createAiSdkProvider } from '../ai-sdk/provider.ts';
import { isStrictSchema } from '../openai/strict-schema.ts';
import type { ProviderOptions } from '../provider-options.ts';
import { nearestEffort, thinkingBudgets } from '../thinking.ts';
import { openAiTiles } from '../tokens/image-tokens.ts';
import { defaultTokenScale } from '../tokens/scale.ts';
import type { VendorQuirks } from '../vendors/vendor.ts';
import { readList } from './list-models.ts';
import { shortenCallIds } from './short-call-ids.ts';

/** Key of what goes into the body as it is. */
const namespace = 'vendor';

/** Any server that speaks OpenAI chat completions. Retries nothing itself; loads the SDK on the first request. */
export function createOpenAiCompatibleProvider(options: ProviderOptions): ModelProvider {
  const { quirks = {} } = options;
  return createAiSdkProvider(options, {
    protocol: {
      ...(quirks.keepsThinking && { continues: { namespace, fields: [], keepsPlainThinking: true } }),
      adapt: (call, { params }) => {
        const { responseFormat: format } = call;
        if (format?.type === 'json' && format.schema)
          call.providerOptions = { openaiCompatible: { strictJsonSchema: isStrictSchema(format.schema) } };
        if (quirks.hasShortCallIds) shortenCallIds(call);
        addThinking(call, params, quirks);
      },
    },
    tokens: { scale: quirks.tokenScale ?? defaultTokenScale, image: openAiTiles },
    createModel: async (model, { baseUrl, apiKey, fetch }) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const sdk = createOpenAICompatible({
        name: namespace,
        baseURL: baseUrl,
        includeUsage: quirks.hasNoStreamOptions !== true,
        supportsStructuredOutputs: quirks.takesSchema === true,
        ...(apiKey !== '' && { apiKey }),
        ...(quirks.maxTokensName && { transformRequestBody: renameMaxTokens }),
        fetch,
      });
      return sdk.languageModel(model);
    },
    readList,
  });
}

function renameMaxTokens({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens };
}

const usualEfforts = ['low', 'medium', 'high'] as const;

/** Says how much to think in the vendor's words; a vendor of which none are known is told nothing. */
function addThinking(
  call: LanguageModelV4CallOptions,
  { thinking }: ModelRequest['params'],
  quirks: VendorQuirks,
): void {
  delete call.reasoning;
  if (thinking === undefined) return;
  const body = inWordsOf(quirks, thinking);
  if (body !== null) call.providerOptions = { ...call.providerOptions, [namespace]: body };
}

function inWordsOf(quirks: VendorQuirks, level: ThinkingLevel): SharedV4ProviderOptions[string] | null {
  const isOn = level !== 'off';
  const effort = nearestEffort(level, quirks.efforts ?? usualEfforts);
  switch (quirks.thinking) {
    case 'effort':
      return { reasoning_effort: effort };
    case 'nested':
      return { reasoning: isOn ? { effort } : { enabled: false } };
    case 'type':
      return { thinking: { type: isOn ? 'enabled' : 'disabled' } };
    case 'switch':
      return { enable_thinking: isOn, ...(isOn && { thinking_budget: thinkingBudgets[level] }) };
    case 'template':
      return { chat_template_kwargs: { enable_thinking: isOn, thinking: isOn } };
    default:
      return null;
  }
}
