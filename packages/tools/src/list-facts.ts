import { type Facts, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { factView } from './fact-view.ts';

export const createListFacts = (facts: Facts): Tool =>
  defineTool({
    name: 'list_facts',
    description: 'List remembered facts, newest first.',
    input: z.object({ limit: z.number().int().min(1).max(100).default(20) }),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute({ limit }, ctx) {
      const found = await facts.list(ctx.actor, limit);
      return jsonOutput({ facts: found.map((fact) => factView(fact, ctx.timeZone)) });
    },
  });
