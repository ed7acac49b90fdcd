import { z } from 'zod';
import type { StreamItem } from './events.ts';

export const activitySchema = z
  .object({
    phase: z.enum(['queued', 'thinking', 'writing', 'tool', 'asking', 'compacting']),
    detail: z
      .string()
      .nullable()
      .describe('For a tool, its name; for asking, that of the tool a person is asked about.'),
  })
  .describe('What a running answer does.');
export type Activity = z.infer<typeof activitySchema>;

const thinking: Activity = { phase: 'thinking', detail: null };
const writing: Activity = { phase: 'writing', detail: null };

/** What a running answer does from this item of its stream on; undefined for an item that does not tell. */
export const activityOf = (item: StreamItem): Activity | undefined => {
  switch (item.type) {
    case 'approval.requested':
      return { phase: 'asking', detail: item.data.calls[0]?.tool ?? null };
    case 'approval.settled':
    case 'run.started':
    case 'tool.finished':
    case 'reasoning.delta':
      return thinking;
    case 'message.delta':
    case 'message.replaced':
      return writing;
    case 'model.answered': {
      const [call] = item.data.toolCalls;
      return call && { phase: 'tool', detail: call.name };
    }
    case 'tool.started':
      return { phase: 'tool', detail: item.data.tool };
    case 'run.progressed':
      return { phase: item.data.phase, detail: item.data.detail ?? null };
    default:
      return undefined;
  }
};
