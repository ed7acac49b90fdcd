import { FaultError, generationParamsSchema } from '@reeve/protocol';
import { z } from 'zod';

const price = z.number().nonnegative();
const tokens = z.int().positive();

/** USD for a million tokens. */
const priceSchema = z.strictObject({
  input: price,
  output: price,
  cacheRead: price.optional(),
  cacheWrite: price.optional(),
});

const rowSchema = z.strictObject({
  /** Name of the model at its vendor, without a maker's prefix; `*` stands for anything. */
  pattern: z.string().min(1),
  /** Row of the vendor table whose model and price this is; absent = a family that many serve, without a price. */
  vendor: z.string().min(1).optional(),
  contextTokens: tokens.optional(),
  maxOutputTokens: tokens.optional(),
  supportsImages: z.boolean().optional(),
  supportsTools: z.boolean().optional(),
  supportsThinking: z.boolean().optional(),
  quality: z.int().min(1).max(5).optional(),
  refusedParams: z.array(generationParamsSchema.keyof()).optional(),
  price: priceSchema.optional(),
});
export type ModelRow = z.infer<typeof rowSchema>;

const tableSchema = z.strictObject({
  /** Day of the figures. */
  updated: z.iso.date(),
  source: z.string(),
  models: z.array(rowSchema).min(1),
});
/** What is known about models: `data/models.json`, and the owner's copy of it. */
export type ModelTable = z.infer<typeof tableSchema>;

/** A table of our own form. Throws FaultError CONFIG_ERROR that names the first mistakes. */
export function parseModelTable(value: unknown, origin: string): ModelTable {
  const parsed = tableSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new FaultError('CONFIG_ERROR', `${origin} is not a table of models. ${mistakes.join('; ')}`, {
    next: 'Give a table in the form of Reeve or of LiteLLM; the one in use stays.',
  });
}
