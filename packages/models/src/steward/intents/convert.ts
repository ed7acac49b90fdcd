import { formatNumber } from '../format.ts';
import { readNumbers } from '../numbers/expression.ts';
import { phrase, phraseOf } from '../phrase.ts';
import { callPlan, type Intent } from '../plan.ts';
import { readResult, resultShapes } from '../results.ts';
import { unitOf } from '../unit-words.ts';

const number = String.raw`(?<value>-?(?:\d[\d.,]*|an?\b|eine?n?\b|one\b))`;
const unit = String.raw`[\p{L}°℃℉²³/"0-9 ]{1,30}?`;
const build = (source: string) => phraseOf(source.replaceAll('NUMBER', number).replaceAll('UNIT', unit));

const patterns = [
  build(
    String.raw`^(?:(?:convert|what is|what's|what are|how much is|how much are|how (?:tall|far|long|heavy|big|hot|cold|warm|fast) is|was ist|was sind|wie ?viel (?:ist|sind)|rechne|wandle) )?NUMBER\s*(?<from>UNIT) (?:in|to|into|as|nach|zu|=)(?: den| die| das)? (?<to>UNIT)(?: um| umrechnen| umwandeln)?$`,
  ),
  build(
    String.raw`^(?:how (?:many|much)) (?<to>UNIT) (?:is|are|in|are (?:there )?in|is in|make|fit in) NUMBER\s*(?<from>UNIT)$`,
  ),
  build(
    String.raw`^(?:wie ?viele?) (?<to>UNIT) (?:sind|ist|ergeben|entsprechen|hat|haben) NUMBER\s*(?<from>UNIT)$`,
  ),
];

export const convert: Intent = {
  id: 'convert',
  kind: 'read',
  match: ({ text, spoken, language, t }) => {
    for (const pattern of patterns) {
      const { value, from, to } = pattern.exec(text.replace(/\b(?:degrees)\b\s*°/i, '°'))?.groups ?? {};
      const source = from === undefined ? null : unitOf(from);
      const target = to === undefined ? null : unitOf(to);
      if (value === undefined || source === null || target === null || phraseOnly.test(text)) continue;
      const amount = /^\p{L}/u.test(value) ? 1 : Number(readNumbers(value, spoken));
      if (!Number.isFinite(amount)) continue;
      return callPlan(
        'convert_units',
        { value: amount, from: source, to: target },
        (result) => {
          const converted = readResult(result, resultShapes.converted).result;
          const shown = formatNumber(plainText(converted), language);
          return t.numbers.equals(
            `${formatNumber(plainText(amount), language)} ${from!.trim()}`,
            `${shown} ${to!.trim()}`,
          );
        },
        (result) => t.numbers.unitsFailed(result.text.slice(0, 300)),
      );
    }
    return null;
  },
};

/** "in 5 minutes in …" and the like name a time, not a measure. */
const phraseOnly = phrase`^in \d`;

const plainText = (value: number): string => {
  const short = Number(value.toPrecision(8));
  return Number.isInteger(short) ? String(short) : short.toString();
};
