import { phrase } from '../phrase.ts';

const leading = phrase`^(?:[\s,:;–-]+|(?:to|that|about|of|for|daran|dran|wegen|and|und|bitte|then|dann)\b|ans\b|an (?:(?:den|die|das|dem) )?)\s*`;
const trailing = phrase`(?:[\s,:;–-]+|\s(?:at|on|um|am|daran|dran|please|bitte))$`;
const separable =
  /(?<!\p{L})(?<first>ab|an|auf|aus|ein|los|mit|nach|vor|weg|zu|zurück|zurueck|raus|rein|runter|rauf|hoch|her|hin|um|durch|unter|wieder|fertig|fest|bei|frei|heim|teil|weiter|zusammen|herunter|hinaus|vorbei)zu(?<second>\p{L}+n)(?!\p{L})/giu;

/** `dass die Pasta fertig ist` as `die Pasta ist fertig`, where the subject is a name or an article and its noun. */
const dassClause =
  /^da(?:ss|ß) (?<subject>(?:(?:der|die|das|mein|meine|ein|eine|unser|unsere) )?\p{Lu}[\p{L}-]+|ich|wir|er|sie|es) (?<rest>(?!(?:vom|von|des|der|im|am|für|aus)(?!\p{L})).+) (?<verb>ist|sind|hat|haben|wird|werden|muss|müssen|kommt|kommen|beginnt|endet)$/u;

/** `to call Ann` as `call Ann`, `daran, den Müll rauszubringen` as `den Müll rausbringen`. */
export const cleanText = (words: string): string => {
  let text = words.trim();
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(leading, '').replace(trailing, '').trim();
  }
  return text
    .replace(dassClause, '$<subject> $<verb> $<rest>')
    .replace(separable, '$<first>$<second>')
    .replace(/ zu (?=\p{Ll}+n(?!\p{L}|\s+\p{Lu}))/gu, ' ');
};
