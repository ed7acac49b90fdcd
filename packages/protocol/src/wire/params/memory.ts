import { z } from 'zod';
import { sessionKeySchema } from './common.ts';

const name = z.string().trim().min(1).max(200);
const where = { session_key: sessionKeySchema.default('main') };

export const memorySearchSchema = z.object({
  query: z.string().trim().min(1).max(500),
  limit: z.number().int().min(1).max(50).default(10),
  ...where,
});

/** `category`, `key` and `value`, or free `content`. `confidence` is taken and not kept: facts here are what the owner said. */
export const memoryLearnSchema = z.union([
  z.object({ category: name, key: name, value: z.string().trim().min(1).max(3000), ...where }),
  z.object({ content: z.string().trim().min(1).max(4000), ...where }),
]);

export const memoryForgetSchema = z.union([
  z.object({ category: name, key: name, ...where }),
  z.object({ id: z.string().min(1).max(100), ...where }),
]);
