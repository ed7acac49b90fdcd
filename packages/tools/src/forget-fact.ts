import { type Facts, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const createForgetFact = (facts: Facts): Tool =>
  defineTool({
    name: 'forget_fact',
    description: 'Delete one remembered fact by its id from recall.',
    input: z.object({ id: z.string().min(1).max(100) }),
    risk: 'medium',
    level: 'chat-safe',
    effect: 'idempotent',
    async execute({ id }, ctx) {
      return jsonOutput({ forgotten: await facts.forget(ctx.actor, id) });
    },
  });
