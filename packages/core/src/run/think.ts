import { FaultError, type ModelAttempt, type ToolCall, type Usage } from '@reeve/protocol';
import { withCost } from '../model/cost.ts';
import { estimatedUsage } from '../model/estimated-usage.ts';
import { type Slot, type SlotDeps, streamFromSlots } from '../model/slots.ts';
import type { Continuation, ModelRequest } from '../ports/model.ts';
import type { AnswerGuard } from '../safety/answer-guard.ts';
import type { LiveText } from './live-text.ts';

/** What a model said, as it is journalled. A type and not an interface, so that it counts as Json. */
export type Answer = {
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
  provider: string;
  model: string;
  finishReason: string;
  usage: Usage;
  attempts: ModelAttempt[];
  durationMs: number;
  firstTokenMs: number | null;
  continuation?: Continuation;
};

/** A model's window was too small, or would be. */
export class ContextOverflow extends Error {
  readonly slot: Slot | null;
  readonly attempts: ModelAttempt[];

  constructor(message: string, slot: Slot | null, attempts: ModelAttempt[] = []) {
    super(message);
    this.slot = slot;
    this.attempts = attempts;
  }
}

/** Runs one model call to its end. Throws FaultError LLM_ERROR when no slot answered, ContextOverflow when the window was too small. */
export const think = async (
  slots: readonly Slot[],
  request: Omit<ModelRequest, 'model'>,
  deps: SlotDeps & { guard?: AnswerGuard | null },
  live: LiveText,
  signal: AbortSignal,
  isCancelled: () => boolean = () => false,
): Promise<Answer> => {
  const startedAt = deps.clock.now();
  let firstTokenMs: number | null = null;
  let text = '';
  let reasoning = '';
  let toolCalls: ToolCall[] = [];
  const ended = (
    by: { provider: string; model: string },
    finishReason: string,
    usage: Usage,
    attempts: ModelAttempt[],
  ): Answer => ({
    text,
    reasoning,
    toolCalls: finishReason === 'aborted' ? [] : withUniqueIds(toolCalls),
    provider: by.provider,
    model: by.model,
    finishReason,
    usage,
    attempts,
    durationMs: deps.clock.now() - startedAt,
    firstTokenMs,
  });
  const events = streamFromSlots(slots, request, deps, signal);
  for await (const event of deps.guard?.(events) ?? events) {
    if (event.type === 'text' || event.type === 'reasoning' || event.type === 'toolCall')
      firstTokenMs ??= deps.clock.now() - startedAt;
    switch (event.type) {
      case 'text':
        text += event.delta;
        live.add(event.delta);
        break;
      case 'reasoning':
        reasoning += event.delta;
        live.addReasoning(event.delta);
        break;
      case 'toolCall':
        toolCalls.push(event.call);
        break;
      case 'restarted':
        text = '';
        reasoning = '';
        toolCalls = [];
        live.restart();
        break;
      case 'error':
        // What the user saw before stopping it was said; only an answer that goes on later is thrown away.
        if (isCancelled() && text !== '')
          return ended(
            lastOf(event.attempts),
            'aborted',
            withCost(estimatedUsage(request, text.length), event.slot?.facts?.price),
            event.attempts,
          );
        signal.throwIfAborted();
        if (event.error.class === 'context_overflow')
          throw new ContextOverflow(event.error.message, event.slot, event.attempts);
        throw new FaultError('LLM_ERROR', `No model could answer: ${event.error.message}`, {
          details: { attempts: event.attempts },
        });
      case 'finish':
        // A message cut off by its token limit may hold half a thought; its calls are not carried out.
        if (event.reason === 'length') toolCalls = [];
        return {
          ...ended(
            { provider: event.slot.provider.id, model: event.slot.model },
            event.reason,
            withCost(event.usage ?? estimatedUsage(request, text.length), event.slot.facts?.price),
            event.attempts,
          ),
          ...(event.continuation !== undefined && {
            continuation: { provider: event.slot.provider.id, data: event.continuation },
          }),
        };
    }
  }
  throw new Error('the slots ended without an end');
};

const lastOf = (attempts: ModelAttempt[]) => attempts.at(-1) ?? { provider: '', model: '' };

/** Some servers repeat or leave out ids; results could then not be told apart. */
const withUniqueIds = (calls: ToolCall[]): ToolCall[] => {
  const seen = new Set<string>();
  return calls.map((call, index) => {
    const id = call.id === '' || seen.has(call.id) ? `${call.id || 'call'}_${index + 1}` : call.id;
    seen.add(id);
    return { ...call, id };
  });
};
