import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';

/**
 * The body that the SDK would send for a call, sent nowhere: for a vendor's token count, which takes the same
 * request. Rejects with what kept the SDK from making one.
 */
export async function requestBody(
  createModel: (fetch: typeof globalThis.fetch) => Promise<LanguageModelV4>,
  options: LanguageModelV4CallOptions,
): Promise<Record<string, unknown>> {
  let sent: string | undefined;
  const model = await createModel(async (_url, init) => {
    sent = String(init?.body);
    throw new Error('kept back');
  });
  try {
    await model.doStream(options);
  } catch (error) {
    if (sent === undefined) throw error;
  }
  return JSON.parse(sent ?? '{}') as Record<string, unknown>;
}
