import type { ModelEvent, ModelProvider } from '../ports/model.ts';
import type { Tool } from '../ports/tool.ts';
import type { Redactor } from './redactor.ts';

/** A provider whose answers hold no known secret: neither text nor thinking, calls or errors. */
export const guardProvider = (provider: ModelProvider, redactor: Redactor): ModelProvider => ({
  ...provider,
  stream: (request, signal) => guardEvents(provider.stream(request, signal), redactor),
});

async function* guardEvents(
  events: AsyncIterable<ModelEvent>,
  redactor: Redactor,
): AsyncGenerator<ModelEvent> {
  const text = redactor.stream();
  const reasoning = redactor.stream();
  for await (const event of events) {
    switch (event.type) {
      case 'text':
      case 'reasoning': {
        const delta = (event.type === 'text' ? text : reasoning).push(event.delta);
        // Kept back for a moment: still a sign of life.
        yield delta === '' ? { type: 'progress' } : { ...event, delta };
        break;
      }
      case 'toolCall':
        yield { ...event, call: redactor.deepKnown(event.call) };
        break;
      case 'progress':
        yield event;
        break;
      default: {
        const thought = reasoning.end();
        if (thought !== '') yield { type: 'reasoning', delta: thought };
        const rest = text.end();
        if (rest !== '') yield { type: 'text', delta: rest };
        yield event.type === 'error'
          ? { ...event, error: { ...event.error, message: redactor.text(event.error.message) } }
          : event;
      }
    }
  }
}

/**
 * A tool that is given secrets by their handles, and whose results hold none: `reveal` gives it the value of a handle
 * at the moment of use, and what comes back is looked through.
 */
export const guardTool = (
  tool: Tool,
  redactor: Redactor,
  reveal: (handle: string, reader: { tenantId: string; userId: string; purpose: string }) => Promise<string>,
): Tool => ({
  ...tool,
  execute: async (input, ctx) => {
    const { tenantId, userId } = ctx.actor;
    const secret = (handle: string) => reveal(handle, { tenantId, userId, purpose: `tool ${tool.name}` });
    const output = await tool.execute(input, { ...ctx, secret });
    return { ...output, text: redactor.known(output.text) };
  },
});
