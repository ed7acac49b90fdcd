import type { Texts } from './en.ts';

const tage = (count: number): string => `${count} ${count === 1 ? 'Tag' : 'Tage'}`;

/** Ein „dass“-Satz folgt nach Komma, alles andere nach Doppelpunkt. */
const afterVerb = (text: string): string => (/^da(?:ss|ß) /i.test(text) ? ',' : ':');

/** Was der Steward auf Deutsch sagt. */
export const de: Texts = {
  chat: {
    greet: 'Hallo! Was kann ich für dich tun? Mit „Hilfe“ siehst du, was ich verstehe.',
    howAreYou: 'Hier ist alles in Ordnung, danke. Was kann ich für dich tun?',
    thanks: 'Gern geschehen.',
    bye: 'Bis bald! Erinnerungen kommen auch, während du weg bist.',
    fine: 'In Ordnung.',
    identity:
      'Ich bin der eingebaute Steward von Reeve. Ich bin kein Sprachmodell: Ich folge festen Regeln, arbeite ohne Internet und tue genau das, was ich verstehe. Mit „Hilfe“ siehst du, was das ist.',
    help: [
      'Ich folge Regeln, deshalb gehen klare Sätze am besten. Zum Beispiel:',
      '- Merken: „merk dir, dass der Boilercode 4711 ist“, „was ist der Boilercode?“, „was hast du dir gemerkt?“, „vergiss den Boilercode“',
      '- Erinnerungen: „erinnere mich morgen um 9 daran, Ann anzurufen“, „erinnere mich jeden Montag um 7:30 an den Müll“, „zeig meine Erinnerungen“, „lösche die Erinnerung an den Müll“',
      '- Zeitpläne: „sag mir jeden Werktag um 8 das Datum“',
      '- Zahlen: „wie viel sind 17 % von 2.340“, „5 Meilen in km“',
      '- Datum und Uhrzeit: „wie viele Tage bis Weihnachten“, „wie spät ist es in Tokio“, „15 Uhr Berlin in New York“',
      '- Reeve selbst: „wie füge ich ein Modell hinzu?“',
      '- Werkzeuge beim Namen: „benutze calculate mit 2+2“',
    ].join('\n'),
  },
  memory: {
    remembered: (text) => `Ich merke mir${afterVerb(text)} „${text}“.`,
    told: (date, text) => `Du hast mir am ${date} gesagt${afterVerb(text)} „${text}“.`,
    several: 'Das hast du mir gesagt:',
    line: (date, text) => `„${text}“ (${date})`,
    unknown: (subject) => `Über „${subject}“ hast du mir noch nichts gesagt.`,
    list: 'Das habe ich mir gemerkt:',
    empty: 'Ich habe mir noch nichts gemerkt. Sag mir etwas mit „merk dir, dass …“.',
    forgotten: (text) => `Vergessen: „${text}“.`,
    notThere: 'Das war schon vergessen.',
    which: 'Was davon soll ich vergessen? Antworte mit der Nummer.',
    notAll:
      'Ich vergesse immer nur eines, damit nichts aus Versehen verloren geht. Mit „was hast du dir gemerkt?“ siehst du die Liste, dann „vergiss …“ für jedes.',
  },
  numbers: {
    equals: (question, result) => `${question} = ${result}`,
    failed: (reason) => `Das konnte ich nicht ausrechnen. (${reason})`,
    unitsFailed: (reason) => `Das konnte ich nicht umrechnen. (${reason})`,
  },
  time: {
    today: (date) => `Heute ist ${date}.`,
    now: (time, date) => `Es ist ${time} Uhr, ${date}.`,
    nowIn: (place, time, date) => `In ${place} ist es ${time} Uhr, ${date}.`,
    todayIn: (place, date) => `In ${place} ist ${date}.`,
    week: (week) => `Wir haben Kalenderwoche ${week}.`,
    weekday: (date) => `Das ist ${date}.`,
    days: (days, from, to) => `${tage(days)} von ${from} bis ${to}.`,
    until: (days, to) => (days === 0 ? `Das ist heute, ${to}.` : `Noch ${tage(days)} bis ${to}.`),
    weeksUntil: (weeks, days, to) =>
      `Noch ${weeks} ${weeks === 1 ? 'Woche' : 'Wochen'}${days === 0 ? '' : ` und ${tage(days)}`} bis ${to}.`,
    since: (days, from) => `${tage(days)} seit ${from}.`,
    convert: (fromTime, from, toTime, to, shift) =>
      `${fromTime} Uhr in ${from} ist ${toTime} Uhr in ${to}${shift === 0 ? '' : shift > 0 ? ' am nächsten Tag' : ' am Tag davor'}.`,
    here: 'deiner Zeitzone',
    unknownDate: (text) =>
      `„${text}“ verstehe ich nicht als Datum. Versuch es so: „24. Dezember“ oder „2026-12-24“.`,
    unknownPlace: (reason) => `Die Zeit dort kann ich nicht sagen. (${reason})`,
  },
  reminder: {
    set: (when, text) => `Ich erinnere dich am ${when}: „${text}“.`,
    setAsk: (when, text) => `Am ${when} mache ich das: „${text}“.`,
    setCron: (rhythm, text, next) => `Ich erinnere dich ${rhythm}: „${text}“. Das nächste Mal am ${next}.`,
    setCronAsk: (rhythm, text, next) => `Das mache ich ${rhythm}: „${text}“. Das nächste Mal am ${next}.`,
    askWhen: 'Wann soll ich dich erinnern?',
    askTime: 'Um wie viel Uhr?',
    askText: 'Woran soll ich dich erinnern?',
    unsayable:
      'Diesen Rhythmus kann ich nicht genau einhalten. Ich kann jeden Tag, Werktag, bestimmte Wochentage, einen Tag im Monat oder im Jahr und alle paar Minuten oder Stunden.',
    past: 'Diese Zeit ist schon vorbei. Wann soll ich dich erinnern?',
    failed: (reason) => `Das konnte ich nicht einrichten. (${reason})`,
    list: 'Das steht noch an:',
    line: (text, when) => `„${text}“ – ${when}`,
    lineAsk: (text, when) => `„${text}“ (wird dann beantwortet) – ${when}`,
    nextLine: (rhythm, next) => `${rhythm}, das nächste Mal am ${next}`,
    none: 'Es gibt keine Erinnerungen.',
    noneLike: (text) =>
      `Es gibt keine Erinnerung zu „${text}“. Mit „zeig meine Erinnerungen“ siehst du alle.`,
    cancelled: (text) => `Gelöscht: „${text}“.`,
    notThere: 'Diese Erinnerung gab es nicht mehr.',
    which: 'Welche soll ich löschen? Antworte mit der Nummer.',
    notAll:
      'Ich lösche immer nur eine Erinnerung, damit keine aus Versehen verloren geht. Sag „zeig meine Erinnerungen“ und dann „lösche die Erinnerung …“ für jede.',
    timer: 'Die Zeit ist um',
    wake: 'Zeit zum Aufstehen',
  },
  rhythm: {
    minutes: (count) => (count === 1 ? 'jede Minute' : `alle ${count} Minuten`),
    hours: (count) => (count === 1 ? 'jede Stunde' : `alle ${count} Stunden`),
    daily: (time) => `jeden Tag um ${time} Uhr`,
    weekdays: (time) => `jeden Werktag um ${time} Uhr`,
    weekend: (time) => `jeden Samstag und Sonntag um ${time} Uhr`,
    days: (days, time) => `jeden ${days} um ${time} Uhr`,
    monthly: (day, time) => `am ${day}. jedes Monats um ${time} Uhr`,
    yearly: (day, month, time) => `jedes Jahr am ${day}. ${month} um ${time} Uhr`,
    other: (cron) => `nach dem Plan ${cron}`,
    and: ' und ',
  },
  tools: {
    missing: (name) => `Dafür brauche ich das Werkzeug „${name}“, und das steht hier nicht zur Verfügung.`,
    unknown: (name, known) => `Ein Werkzeug „${name}“ steht hier nicht zur Verfügung. Es gibt: ${known}.`,
    none: 'keine',
    ran: (name, result) => `${name}: ${result}`,
    failed: (reason) => `Das hat nicht geklappt: ${reason}`,
    unreadable: (name) => `Das Werkzeug „${name}“ hat etwas geantwortet, das ich nicht lesen kann.`,
  },
  refused: {
    GOV_DENIED: () =>
      'Die Regeln dieses Reeve erlauben mir das nicht. Frag, wem es gehört, welche Regel gilt.',
    APPROVAL_DENIED: (note) =>
      `Dazu hat jemand Nein gesagt, deshalb habe ich es nicht getan.${note === '' ? '' : ` Dazu hieß es: „${note}“`}`,
    APPROVAL_EXPIRED: () =>
      'Niemand hat das rechtzeitig erlaubt, und das heißt Nein: Ich habe es nicht getan. Sag es noch einmal, wenn du es noch willst.',
    APPROVAL_VOID: () =>
      'Was erlaubt wurde, hat sich inzwischen geändert, deshalb habe ich es nicht getan. Sag es noch einmal, dann wird neu gefragt.',
  },
  docs: {
    found: (title, path, quote) => `Aus dem Handbuch, Seite „${title}“ (${path}):\n„${quote}“`,
    nothing: (subject) => `Im Handbuch steht nichts über „${subject}“.`,
  },
  fallback: {
    unknown:
      'Das verstehe ich nicht: Ich folge Regeln, und ohne Sprachmodell kann ich nicht frei schreiben, erklären oder plaudern.',
    unanswered: (subject) =>
      `Über „${subject}“ habe ich weder in dem, was du mir gesagt hast, noch in Reeves Handbuch etwas gefunden, und ohne Sprachmodell weiß ich sonst nichts.`,
    addModel:
      'Ein Modell fügst du so hinzu: Setze den Schlüssel eines Anbieters (ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY und viele andere), oder starte Ollama, LM Studio, llama.cpp oder vLLM auf diesem Rechner, oder zeige mit REEVE_OPENAI_BASE_URL auf einen OpenAI-kompatiblen Server, oder trage eine Tabelle [providers.NAME] in reeve.toml ein; dann starte Reeve neu.',
    statement: (text) => `Soll ich mir das merken? Dann sag „merk dir: ${text}“.`,
    examples:
      'Das kann ich: „erinnere mich morgen um 9 daran, Ann anzurufen“ oder „wie viel sind 17 % von 2.340“.',
  },
};
