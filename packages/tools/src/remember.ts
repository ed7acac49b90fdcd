import { type Facts, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { isoIn } from './time/local-time.ts';

export const createRemember = (facts: Facts): Tool =>
  defineTool({
    name: 'remember',
    description: 'Store a fact for the user for good. Only on their request.',
    input: z.object({ text: z.string().trim().min(1).max(4000) }),
    risk: 'low',
    level: 'chat-safe',
    effect: 'keyed',
    async execute({ text }, ctx) {
      const fact = await facts.remember(ctx.actor, {
        text,
        sessionId: ctx.sessionId,
        at: ctx.now,
        key: ctx.key,
      });
      return jsonOutput({
        id: fact.id,
        text: fact.text,
        rememberedAt: isoIn(fact.rememberedAt, ctx.timeZone),
      });
    },
  });
