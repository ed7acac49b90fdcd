import { phrase } from '../phrase.ts';

const heads: RegExp[] = [
  phrase`^(?:remind|ping|notify|nudge) me\b(?! (?:what|who|where|when|how|which|why)\b)\s*(?<rest>.*)$`,
  phrase`^(?:set|create|add|make)(?: up)?(?: me)? an? reminder(?: for me)?\b\s*(?<rest>.*)$`,
  phrase`^(?:a )?reminder\b\s*[:,–-]?\s*(?<rest>.+)$`,
  phrase`^(?:don't let me forget|(?:don't forget|remember)(?= to\b))\s*(?<rest>.+)$`,
  phrase`^(?<timer>(?:set|start) (?:an?|the|my) (?:timer|alarm)|timer|alarm)\b\s*(?<rest>.*)$`,
  phrase`^(?<timer>(?:set|start) an? )(?<span>\d+ (?:second|minute|hour)s?) timer\b\s*(?<rest>.*)$`,
  phrase`^(?<wake>wake me(?: up)?)\b\s*(?<rest>.*)$`,
  phrase`^erinnere?(?: du)?(?: bitte)? mich\b(?! nicht mehr)(?: bitte| mal| doch)*\s*(?<rest>.*)$`,
  phrase`^(?:denke?(?: bitte)? (?:daran|dran)|vergiss(?: bitte)? nicht)\s*,? mich\b\s*(?<rest>.*?)\s*\bzu erinnern$`,
  phrase`^mich\b(?: bitte| mal)*\s*(?<rest>.*?)\s*\b(?:(?:daran|dran) )?erinnern\b\s*,?\s*(?<more>.*)$`,
  phrase`^(?:setze?|erstelle?|mache?|stelle?)(?: mir)?(?: bitte)?(?: eine)? erinnerung\b(?: ein\b)?\s*(?<rest>.*)$`,
  phrase`^(?:eine )?erinnerung\b\s*[:,–-]?\s*(?<rest>.+)$`,
  phrase`^(?:denke?(?: bitte)? (?:daran|dran)|vergiss(?: bitte)? nicht)\b\s*,?\s*(?<rest>(?!dass\b).+(?: zu \p{L}+n|\p{L}zu\p{L}+n)\b.*)$`,
  phrase`^(?<timer>(?:stelle?|starte?)(?: mir)?(?: bitte)?(?: einen?| den)? (?:timer|wecker)|timer|wecker)\b\s*(?<rest>.*)$`,
  phrase`^(?<wake>wecke? mich)\b(?: bitte)?\s*(?<rest>.*)$`,
];

export interface Head {
  rest: string;
  /** What to say when there are no words of the user's own. */
  standard: 'timer' | 'wake' | null;
}

/** What is left of a command after the words that make it one, or null when it is no reminder. */
export const headOf = (text: string): Head | null => {
  for (const pattern of heads) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const { rest = '', more = '', span, timer, wake } = groups;
    const words = `${span === undefined ? '' : `in ${span} `}${rest} ${more}`.trim();
    const standard = timer !== undefined ? 'timer' : wake !== undefined ? 'wake' : null;
    return { rest: standard === null ? words : alarmTime(words), standard };
  }
  return null;
};

/** Alarms say `for 7`, and mean the seven of the clock with 24 hours. */
const alarmTime = (words: string): string =>
  words
    .replace(/^for (?=\d{1,2}(?::|\s*(?:[ap]\.?m|$)))/i, 'at ')
    .replace(/(?<!\p{L})(at|um) (\d{1,2})(?!\s*(?:[\d:.]|[ap]\.?m|uhr))/giu, '$1 $2:00');
