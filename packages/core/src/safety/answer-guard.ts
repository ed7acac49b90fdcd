import type { Owner } from '../gate/actor.ts';
import type { SlotEvent } from '../model/slots.ts';
import type { AuditEntry } from '../ports/audit.ts';
import type { People } from '../ports/people.ts';
import { createContentFilter } from './content-filter.ts';
import type { UnsafeCategory } from './pattern.ts';

/** Stands between the models and whoever reads: lets through what is fit for that person. */
export type AnswerGuard = (events: AsyncIterable<SlotEvent>) => AsyncGenerator<SlotEvent, void>;

/** What answers are audited with, beside whose they are. */
export type AnswerPlace = Pick<AuditEntry, 'sessionId' | 'correlationId' | 'channel'>;

export interface AnswerGuards {
  /** Null for people whose filter is off, as their flags are now. */
  for(owner: Owner, place: AnswerPlace): AnswerGuard | null;
}

/** Child-safe answers (F246). The audit learns that something was replaced and what it was about, never the text. */
export const createAnswerGuards = (deps: {
  people: People;
  /** Language of people who said none; `auto` = none in particular. */
  language: () => string;
  /** Must not throw. */
  audit: (entry: AuditEntry) => void;
}): AnswerGuards => ({
  for(owner, place) {
    const person = deps.people.find(owner);
    const level = person?.flags.contentFilter ?? 'off';
    if (level === 'off') return null;
    return (events) =>
      guarded(
        events,
        () => createContentFilter(level, person?.language ?? deps.language()),
        (category) =>
          deps.audit({
            ...place,
            tenantId: owner.tenantId,
            actor: owner.userId,
            type: 'answer.filtered',
            outcome: 'deny',
            target: category,
            data: { level },
          }),
      );
  },
});

/**
 * The same events with text that was looked at, a sentence behind the model. What a model thinks to itself is left
 * out: nobody looked at it. After something unsafe the whole answer is taken back and a refusal stands in its place;
 * the rest is read to its end, for it has to be paid for, and thrown away with its tool calls.
 */
async function* guarded(
  events: AsyncIterable<SlotEvent>,
  newFilter: () => ReturnType<typeof createContentFilter>,
  onBlocked: (category: UnsafeCategory) => void,
): AsyncGenerator<SlotEvent, void> {
  let filter = newFilter();
  let hasShown = false;
  /** What may be shown of a piece of text, or what takes its place. */
  function* shown(text: string): Generator<SlotEvent> {
    if (filter.blocked) {
      if (hasShown) yield { type: 'restarted' };
      yield { type: 'text', delta: filter.refusal };
      onBlocked(filter.blocked);
    } else if (text !== '') {
      hasShown = true;
      yield { type: 'text', delta: text };
    }
  }
  for await (const event of events) {
    switch (event.type) {
      case 'text':
        if (filter.blocked) break;
        yield* shown(filter.push(event.delta));
        break;
      case 'toolCall':
        if (filter.blocked) break;
        hasShown = true;
        yield event;
        break;
      case 'reasoning':
        // A sign of life, so that the answer does not count as idle.
        yield { type: 'progress' };
        break;
      case 'restarted':
        filter = newFilter();
        hasShown = false;
        yield event;
        break;
      case 'finish': {
        if (!filter.blocked) yield* shown(filter.end());
        if (!filter.blocked) {
          yield event;
          break;
        }
        // What the provider wants back with the next request repeats what was taken out.
        const { continuation: _, ...rest } = event;
        yield { ...rest, reason: 'content-filter' };
        break;
      }
      default:
        yield event;
    }
  }
}
