import { formatDate } from '../format.ts';
import { firstMatch, phrase } from '../phrase.ts';
import { call, callPlan, type Intent, type Plan, say, sayPlan } from '../plan.ts';
import { readResult, resultShapes } from '../results.ts';
import { readDate } from '../time/dates.ts';
import type { Utterance } from '../utterance.ts';

const todayPatterns = [
  phrase`^(?:what(?:'s| is)|tell me|show me|give me)?\s*(?:the |today's |current )*date(?: today| now| is it| of today)?(?: (?:in|at) (?<place>.+))?$`,
  phrase`^what(?: day| date)? is (?:it )?today(?:'s date)?$`,
  phrase`^what(?:'s| is)? (?:the day|today|the date today|today's day)(?: today)?$`,
  phrase`^(?:what|which) (?:day|date|weekday|day of the week) (?:is it|is today|do we have|it is|today is)(?: today| now)?(?: (?:in|at) (?<place>.+))?$`,
  phrase`^(?:welcher|welchen|was für ein|was für einen) (?:tag|wochentag)(?: (?:ist|haben wir))?(?: heute| es)*(?: (?:ist|haben wir))?$`,
  phrase`^(?:welches|das|heutiges) datum(?: (?:ist|haben wir))?(?: heute| es)*(?: in (?<place>.+))?$`,
  phrase`^(?:was|welches datum) ist heute(?: für ein (?:tag|datum|wochentag))?$`,
  phrase`^(?:sage?|zeige?|nenne?)(?: mir)?(?: bitte)? (?:das|das heutige) datum(?: von heute)?$`,
  phrase`^(?:der wievielte|den wievielten) (?:ist heute|haben wir(?: heute)?)$`,
  phrase`^(?:datum|date)$`,
];
const weekPatterns = [
  phrase`^(?:what|which) (?:calendar )?week (?:is it|is this|do we have|of the year is it)(?: now)?$`,
  phrase`^(?:what(?:'s| is) the |the )?(?:current )?(?:calendar )?week number$`,
  phrase`^(?:welche|was für eine) (?:kw|kalenderwoche|woche) (?:ist|haben wir)(?: es| das)?(?: gerade| jetzt| heute)?$`,
];
const untilPatterns = [
  phrase`^how (?:many (?<unit>days|weeks)|long)(?: (?:is it|are there|are left|do we have|left|to go))*(?: still)? (?:until|till|til|to|before) (?<date>.+)$`,
  phrase`^(?:days|(?<unit>weeks)) (?:until|till|til|to) (?<date>.+)$`,
  phrase`^(?:wie ?viele? (?<unit>tage|wochen)|wie lange)(?: (?:sind|ist|dauert|noch|es|hin|bleiben))* (?:bis)(?: zum| zu| zur)? (?<date>.+)$`,
  phrase`^(?<unit>tage|wochen) bis(?: zum| zu| zur)? (?<date>.+)$`,
];
const sincePatterns = [
  phrase`^how many days (?:(?:have passed|is it|has it been|ago was|have gone by) )?(?:since )?(?<date>.+)$`,
  phrase`^wie ?viele? tage (?:(?:sind|ist|es|vergangen|her) )*seit(?: dem| der)? (?<date>.+?)(?: vergangen| her)?$`,
];
const betweenPatterns = [
  phrase`^(?:how many )?days (?:are (?:there )?)?(?:between|from) (?<from>.+?) (?:and|to|until) (?<date>.+)$`,
  phrase`^(?:wie ?viele? )?tage (?:sind (?:es )?|liegen )?(?:zwischen(?: dem)?|vom) (?<from>.+?) (?:und(?: dem)?|bis(?: zum)?) (?<date>.+)$`,
];
const weekdayPatterns = [
  phrase`^what(?:'s| is|s)? (?<date>tomorrow|yesterday)'s (?:date|day)$`,
  phrase`^was (?:ist|war|wird) (?<date>.+?) für ein (?:tag|datum|wochentag)$`,
  phrase`^(?:what|which) (?:week ?day|day of the week|day) (?:is|was|will be|does|will|did)(?: it)?(?: on)? (?<date>.+?)(?: fall on| fall| be| on)?$`,
  phrase`^on (?:what|which) (?:week ?day|day of the week|day) (?:is|was|does|will|did) (?<date>.+?)(?: fall| be)?(?: on)?$`,
  phrase`^(?:what|which) (?:date|day) (?:is|will it be|is it|was)(?: on)? (?<date>.+)$`,
  phrase`^(?:when is|what date is|when's) (?<date>.+)$`,
  phrase`^(?:welcher|was für ein|auf welchen) (?:wochentag|tag)(?: (?:ist|war|wird|fällt|es))*(?: der| am| den)? (?<date>.+?)(?: sein)?$`,
  phrase`^(?:welches datum|welcher tag) (?:ist|haben wir|war)(?: es| am)? (?<date>.+)$`,
  phrase`^wann (?:ist|war)(?: der| das| die)? (?<date>.+)$`,
];

/** Today, the weekday of a date, days until, since and between dates. */
export const dates: Intent = {
  id: 'dates',
  kind: 'read',
  match: async (utterance) => {
    const { text } = utterance;
    const today = firstMatch(todayPatterns, text);
    if (today !== null) return todayPlan(today['place'], utterance);
    if (firstMatch(weekPatterns, text) !== null) return weekPlan(utterance);
    const between = firstMatch(betweenPatterns, text);
    if (between !== null) return betweenPlan(between['from']!, between['date']!, utterance);
    const until = firstMatch(untilPatterns, text);
    if (until !== null) return untilPlan(until['date']!, /^w/i.test(until['unit'] ?? ''), utterance);
    const since = firstMatch(sincePatterns, text);
    if (since !== null) return sincePlan(since['date']!, utterance);
    const weekday = firstMatch(weekdayPatterns, text);
    return weekday === null ? null : weekdayPlan(weekday['date']!, utterance);
  },
};

const todayPlan = (place: string | undefined, { t, language }: Utterance): Plan =>
  callPlan('date_time', place === undefined ? { op: 'now' } : { op: 'now', timeZone: place }, (result) => {
    const day = formatDate(readResult(result, resultShapes.day).date, language);
    return place === undefined ? t.time.today(day) : t.time.todayIn(place, day);
  });

const weekPlan = ({ t }: Utterance): Plan =>
  callPlan('date_time', { op: 'now' }, (result) =>
    t.time.week(readResult(result, resultShapes.day).isoWeek ?? 0),
  );

const untilPlan = async (said: string, isInWeeks: boolean, utterance: Utterance): Promise<Plan> => {
  const { t, language } = utterance;
  const to = await readDate(said, utterance);
  if (to === null) return sayPlan(t.time.unknownDate(said));
  return callPlan('date_time', { op: 'difference', to }, (result) => {
    const { days } = readResult(result, resultShapes.difference);
    const day = formatDate(to, language);
    if (days < 0) return t.time.since(-days, day);
    return isInWeeks ? t.time.weeksUntil(Math.floor(days / 7), days % 7, day) : t.time.until(days, day);
  });
};

const sincePlan = async (said: string, utterance: Utterance): Promise<Plan | null> => {
  const { t, language } = utterance;
  const date = await readDate(said, utterance, 'last');
  if (date === null) return null;
  return callPlan('date_time', { op: 'difference', date }, (result) => {
    const { days } = readResult(result, resultShapes.difference);
    const day = formatDate(date, language);
    return days < 0 ? t.time.until(-days, day) : t.time.since(days, day);
  });
};

const betweenPlan = async (first: string, second: string, utterance: Utterance): Promise<Plan> => {
  const { t, language } = utterance;
  const date = await readDate(first, utterance);
  const to = await readDate(second, utterance);
  if (date === null || to === null) return sayPlan(t.time.unknownDate(date === null ? first : second));
  return {
    next: ([result]) => {
      if (result === undefined) return call('date_time', { op: 'difference', date, to });
      const { days } = readResult(result, resultShapes.difference);
      const [start, end] = days < 0 ? [to, date] : [date, to];
      return say(t.time.days(Math.abs(days), formatDate(start, language), formatDate(end, language)));
    },
  };
};

/** Null when there is no date in it: "when is Ann's birthday" is a question to memory. */
const weekdayPlan = async (said: string, utterance: Utterance): Promise<Plan | null> => {
  const date = await readDate(said, utterance);
  if (date === null) return null;
  return callPlan('date_time', { op: 'weekday', date }, (result) =>
    utterance.t.time.weekday(formatDate(readResult(result, resultShapes.day).date, utterance.language)),
  );
};
