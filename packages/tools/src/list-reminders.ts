import { jsonOutput, type Reminders, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { reminderView } from './reminder-view.ts';

export const createListReminders = (reminders: Reminders): Tool =>
  defineTool({
    name: 'list_reminders',
    description: 'List reminders and schedules still to come.',
    input: z.object({}),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute(_input, ctx) {
      const due = await reminders.list(ctx.actor);
      return jsonOutput({ reminders: due.map((reminder) => reminderView(reminder, ctx.timeZone)) });
    },
  });
