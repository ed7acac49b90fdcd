import { type Facts, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { factView } from './fact-view.ts';

export const createRecall = (facts: Facts): Tool =>
  defineTool({
    name: 'recall',
    description: 'Find remembered facts by words. Best match first.',
    input: z.object({
      query: z.string().trim().min(1).max(500),
      limit: z.number().int().min(1).max(20).default(5),
    }),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute({ query, limit }, ctx) {
      const found = await facts.search(ctx.actor, query, limit);
      return jsonOutput({ facts: found.map((fact) => factView(fact, ctx.timeZone)) });
    },
  });
