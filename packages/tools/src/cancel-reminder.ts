import { jsonOutput, type Reminders, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const createCancelReminder = (reminders: Reminders): Tool =>
  defineTool({
    name: 'cancel_reminder',
    description: 'Cancel one by its id from list_reminders.',
    input: z.object({ id: z.string().min(1).max(100) }),
    risk: 'medium',
    level: 'chat-safe',
    effect: 'idempotent',
    async execute({ id }, ctx) {
      return jsonOutput({ cancelled: await reminders.cancel(ctx.actor, id) });
    },
  });
