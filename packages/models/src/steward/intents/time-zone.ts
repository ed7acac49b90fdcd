import { formatDate } from '../format.ts';
import { firstMatch, phrase, phraseOf } from '../phrase.ts';
import { callPlan, type Intent, type Plan } from '../plan.ts';
import { readResult, resultShapes } from '../results.ts';
import { clockText, findClock } from '../time/clock.ts';
import { normalise } from '../time/dates.ts';
import type { Utterance } from '../utterance.ts';

const nowPatterns = [
  phrase`^(?:what(?:'s| is) the (?:current )?(?:local )?time|what time (?:is it|do (?:we|they) have)|current time|(?:tell|show|give)(?: me)? the (?:current )?time|the time|time)(?: (?:right )?now| currently)?(?: (?:in|at|for) (?<place>.+?))?(?: (?:right )?now| currently)?$`,
  phrase`^(?:how late is it)(?: in (?<place>.+))?$`,
  phrase`^(?:wie spät (?:ist|haben wir) es|wie spät|wie ?viel uhr (?:ist|haben wir)(?: es)?|(?:welche|die|aktuelle) uhrzeit(?: (?:haben wir|ist es|ist))?|was ist die uhrzeit|uhrzeit|(?:sage?|zeige?|nenne?)(?: mir)?(?: bitte)? die (?:uhrzeit|zeit)|wie spät es ist|wie ?viel uhr es ist)(?: (?:jetzt|gerade|aktuell))?(?: in (?<place>.+?))?(?: (?:jetzt|gerade|aktuell))?$`,
  phrase`^wie spät es (?:jetzt |gerade )?in (?<place>.+) ist$`,
  phrase`^what time it is(?: in (?<place>.+))?$`,
];

const place = String.raw`(?!(?:remind|tell|show|erinnere?|sage?|zeige?)\b)[\p{L}][\p{L}\p{M} .'/_-]{0,50}?`;
const time = String.raw`(?:at |um )?(?<time>\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?|uhr(?:\s?\d{2})?)|\d{1,2}[:.]\d{2}|noon|midnight|mittag|mitternacht)`;
const build = (source: string) => phraseOf(source.replaceAll('TIME', time).replaceAll('PLACE', place));

const convertPatterns = [
  build(
    `^(?:(?:convert|what is|what's|was ist|wann ist|when is|wie spät ist) )?TIME (?:in |at )?(?<from>PLACE) (?:in|to|into|nach|is what(?: time)? in) (?<to>PLACE)(?: time)?$`,
  ),
  build(`^what time is it in (?<to>PLACE),? (?:when|if) (?:it is|it's) TIME in (?<from>PLACE)$`),
  build(`^when (?:it is|it's) TIME in (?<from>PLACE),? what time is it in (?<to>PLACE)$`),
  build(`^(?:wie spät|wie ?viel uhr) ist es in (?<to>PLACE),? wenn es in (?<from>PLACE) TIME ist$`),
  build(`^wenn es in (?<from>PLACE) TIME ist,? (?:wie spät|wie ?viel uhr) ist es (?:dann )?in (?<to>PLACE)$`),
  build(`^(?:(?:convert|what is|what's|was ist|wie spät ist) )?TIME (?:in|to) (?<to>PLACE)(?: time)?$`),
];

export const timeZone: Intent = {
  id: 'time-zone',
  kind: 'read',
  match: (utterance) => {
    const { text } = utterance;
    const conversion = firstMatch(convertPatterns, text);
    if (conversion !== null) return convertPlan(conversion, utterance);
    const now = firstMatch(nowPatterns, text);
    return now === null ? null : nowPlan(now['place'], utterance);
  },
};

const nowPlan = (place: string | undefined, { t, language }: Utterance): Plan =>
  callPlan(
    'date_time',
    place === undefined ? { op: 'now' } : { op: 'now', timeZone: place },
    (result) => {
      const { time, date } = readResult(result, resultShapes.moment);
      const day = formatDate(date, language);
      return place === undefined ? t.time.now(time, day) : t.time.nowIn(nice(place), time, day);
    },
    (result) => t.time.unknownPlace(result.text.slice(0, 300)),
  );

const convertPlan = (
  { time = '', from, to = '' }: Record<string, string | undefined>,
  utterance: Utterance,
): Plan | null => {
  const { t } = utterance;
  const clock = findClock(normalise(time, utterance));
  if (clock === null) return null;
  const date = clockText(clock.hour, clock.minute);
  return callPlan(
    'date_time',
    { op: 'convert', date, ...(from === undefined ? {} : { timeZone: from }), toTimeZone: to },
    (result) => {
      const { from: start, to: end } = readResult(result, resultShapes.moments);
      const shift = Math.sign(Date.parse(end.date) - Date.parse(start.date));
      return t.time.convert(
        start.time,
        from === undefined ? t.time.here : nice(from),
        end.time,
        nice(to),
        shift,
      );
    },
    (result) => t.time.unknownPlace(result.text.slice(0, 300)),
  );
};

/** Places as they are written: `tokyo` gets its capital letter. */
const nice = (place: string): string =>
  place.trim().replace(/(?<![\p{L}\p{N}])\p{Ll}/gu, (letter) => letter.toUpperCase());
