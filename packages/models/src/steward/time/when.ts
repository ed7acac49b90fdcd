import { type Found, findDates, normalise, type Reference } from './dates.ts';
import { findSpan } from './duration.ts';
import { findRecurrence } from './recurrence.ts';

/** When something is due; `day` and `days` still lack the time of day. `wall` is wall-clock time, see `wallNow`. */
export type When =
  | { kind: 'in'; seconds: number }
  | { kind: 'at'; wall: number; instant: number | null }
  | { kind: 'cron'; cron: string }
  | { kind: 'day'; wall: number }
  | { kind: 'days'; days: string };

export interface Timed {
  when: When | null;
  /** The text without the words for the time. */
  rest: string;
}

/** Takes the time out of a text: a rhythm, a span, or a date; one at the start or the end goes before one in the middle. */
export const takeWhen = async (text: string, reference: Reference): Promise<Timed | 'unsayable'> => {
  const normal = normalise(text, reference);
  const recurrence = findRecurrence(normal);
  if (recurrence === 'unsayable') return 'unsayable';
  if (recurrence !== null) {
    const { cron, days, rest } = recurrence;
    return { when: cron === null ? { kind: 'days', days } : { kind: 'cron', cron }, rest };
  }
  const span = findSpan(normal);
  if (span !== null) return { when: { kind: 'in', seconds: span.seconds }, rest: without(normal, span) };
  return takeDate(normal, reference);
};

const takeDate = async (text: string, reference: Reference): Promise<Timed> => {
  const found = await findDates(text, reference);
  const first = found[0];
  const last = found.at(-1);
  if (first === undefined || last === undefined) return { when: null, rest: text };
  if (first !== last && first.hasDate !== last.hasDate && first.hasTime !== last.hasTime) {
    const day = first.hasDate ? first : last;
    const time = day === first ? last : first;
    const said = `${text.slice(day.index, day.index + day.length)} ${text.slice(time.index, time.index + time.length)}`;
    const [both] = await findDates(said, reference);
    if (both?.hasDate === true && both.hasTime)
      return { when: toWhen(both), rest: without(without(text, last), first) };
  }
  const isAtEnd = /^[\s.,!?]*$/.test(text.slice(last.index + last.length));
  const chosen =
    /^[\s,:]*(?:(?:for|on|at|am|um|für)\s+)?$/iu.test(text.slice(0, first.index)) || !isAtEnd ? first : last;
  return { when: toWhen(chosen), rest: without(text, chosen) };
};

const toWhen = ({ wall, instant, hasTime }: Found): When =>
  hasTime ? { kind: 'at', wall, instant } : { kind: 'day', wall };

const without = (text: string, { index, length }: { index: number; length: number }): string =>
  `${text.slice(0, index).replace(/(?<!\p{L})(?:for|on|at|am|um|für|auf)\s*$/iu, '')} ${text.slice(index + length)}`
    .replace(/\s+/g, ' ')
    .trim();
