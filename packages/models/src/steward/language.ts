export type Language = 'en' | 'de';

/** Function words, and words of what the steward is asked, that only one of the two languages has. */
const functionWords: Record<Language, ReadonlySet<string>> = {
  en: new Set(
    `the is are were what whats when where who which how why my your our i im you me it its this that these to of and or not do does did
     have has can could would should will shall please pls for from with about at on by remind remember forget tomorrow today
     every thanks thank hello bye there any all run use show list cancel many much
     miles pounds feet degrees half root percent days weeks hours christmas easter date time reminder reminders note help weekday`.split(
      /\s+/,
    ),
  ),
  de: new Set(
    `der das den dem des ein eine einen einem einer ist sind wie wann wo wer welche welcher welches warum mein meine meinen
     meiner dein deine unser unsere ich du er wir ihr mich mir dir dich es und oder nicht kein keine habe hast haben kann kannst
     bitte für fuer mit von vom zu zum zur auf über ueber bei im um dass daß erinnere erinner merk merke dir vergiss morgen heute
     jeden jede jedes danke hallo tschüss tschuess guten uhr noch viel viele sag sage zeig zeige gibt spät spaet lösche loesche
     tag tage woche wochen stunden minuten mal nach bis seit meilen pfund zoll grad hälfte haelfte wurzel prozent hoch weihnachten ostern
     datum uhrzeit wochentag erinnerung erinnerungen notiz hilfe montag dienstag mittwoch donnerstag freitag samstag sonntag
     abend früh frueh halb`.split(/\s+/),
  ),
};

/** Counts function words; null when neither language has more. */
export const detectLanguage = (text: string): Language | null => {
  const score = { en: 0, de: 0 };
  const words = text.toLowerCase().match(/[\p{L}]+/gu) ?? [];
  for (const word of words.slice(0, 200)) {
    if (functionWords.en.has(word)) score.en += 1;
    if (functionWords.de.has(word)) score.de += 1;
    if (/[äöüß]/.test(word)) score.de += 1;
  }
  // "was" is a question word in German and a verb in English, so it counts only where a question starts.
  if (words[0] === 'was') score.de += 1;
  return score.en === score.de ? null : score.en > score.de ? 'en' : 'de';
};

/** The language to answer in: the configured one; else that of the message, of the messages before it, English. */
export const answerLanguage = (configured: string, message: string, earlier: readonly string[]): Language => {
  if (configured === 'en' || configured === 'de') return configured;
  for (const text of [message, ...earlier.toReversed().slice(0, 10)]) {
    const found = detectLanguage(text);
    if (found !== null) return found;
  }
  return 'en';
};
