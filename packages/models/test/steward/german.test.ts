import type { Json } from '@reeve/protocol';
import { describe, expect, test } from 'vitest';
import { de } from '../../src/steward/texts/de.ts';
import { firstReply } from './talk.ts';

const say = (text: string, at: string): [string, Json] => ['set_reminder', { text, action: 'say', at }];
const inSeconds = (text: string, seconds: number): [string, Json] => [
  'set_reminder',
  { text, action: 'say', inSeconds: seconds },
];
const cron = (text: string, fields: string, action = 'say'): [string, Json] => [
  'set_reminder',
  { text, action, cron: fields },
];
const remember = (text: string): [string, Json] => ['remember', { text }];
const sum = (expression: string): [string, Json] => ['calculate', { expression }];
const units = (value: number, from: string, to: string): [string, Json] => [
  'convert_units',
  { value, from, to },
];
const now: [string, Json] = ['date_time', { op: 'now' }];
const ask = (query: string): [string, Json][] => [
  ['recall', { query }],
  ['search_docs', { query }],
];

describe('was eine deutsche Nachricht zuerst von den Werkzeugen will', () => {
  test.each<[string, [string, Json] | [string, Json][]]>([
    ['merk dir, dass der Boilercode 4711 ist', remember('dass der Boilercode 4711 ist')],
    ['Merke dir bitte, dass Ann keine Nüsse verträgt!', remember('dass Ann keine Nüsse verträgt')],
    ['Merk dir: das WLAN-Passwort ist geheim123', remember('das WLAN-Passwort ist geheim123')],
    ['MERK DIR mal: Müll ist dienstags', remember('Müll ist dienstags')],
    ['Notiz: Ann ist allergisch gegen Nüsse', remember('Ann ist allergisch gegen Nüsse')],
    ['kannst du dir bitte merken, dass Bob Tee mag?', remember('dass Bob Tee mag')],
    [
      'vergiss nicht, dass der Schlüssel unter der Matte liegt',
      remember('dass der Schlüssel unter der Matte liegt'),
    ],
    ['was ist der Code vom Boiler?', ask('Code Boiler')],
    ['Wie lautet der Boilercode', ask('Boilercode')],
    ['sag mir, was der Boilercode ist', ask('Boilercode')],
    ['wer ist Ann?', ask('Ann')],
    ['weißt du noch, wie der Boilercode ist?', ['recall', { query: 'Boilercode' }]],
    ['weisst du noch den Boilercode', ['recall', { query: 'Boilercode' }]],
    ['was habe ich dir über Ann gesagt?', ['recall', { query: 'Ann' }]],
    ['was hast du dir gemerkt?', ['list_facts', {}]],
    ['was weißt du über mich', ['list_facts', {}]],
    ['vergiss den Boilercode', ['recall', { query: 'Boilercode' }]],
    ['wie viel ist 3 mal 4', sum('3 * 4')],
    ['wieviel sind 17 % von 2.340?', sum('(17/100*2340)')],
    ['was ist zwölf mal sieben', sum('12 * 7')],
    ['was ist zwoelf plus einundzwanzig', sum('12 + 21')],
    ['rechne 2,5 * 4', sum('2.5 * 4')],
    ['die Hälfte von 300', sum('(300/2)')],
    ['Wurzel aus 144', sum('sqrt(144)')],
    ['2 hoch 10', sum('2 ^ 10')],
    ['100 geteilt durch 8', sum('100 / 8')],
    ['5 Meilen in km', units(5, 'mi', 'km')],
    ['wie viele Kilometer sind 5 Meilen?', units(5, 'mi', 'km')],
    ['100 Grad Fahrenheit in Celsius', units(100, 'degF', 'degC')],
    ['2,5 Stunden in Minuten', units(2.5, 'hour', 'minute')],
    ['6 Fuss in Meter', units(6, 'ft', 'm')],
    ['welcher Tag ist heute', now],
    ['Welches Datum haben wir heute?', now],
    ['sag mir das Datum', now],
    ['wie spät ist es?', now],
    ['wie spaet ist es', now],
    ['wie spat ist es in Tokio', ['date_time', { op: 'now', timeZone: 'Tokio' }]],
    ['wie viel Uhr ist es in New York?', ['date_time', { op: 'now', timeZone: 'New York' }]],
    [
      '15 Uhr Berlin in New York',
      ['date_time', { op: 'convert', date: '15:00', timeZone: 'Berlin', toTimeZone: 'New York' }],
    ],
    [
      'wie spät ist es in London, wenn es in Tokio 9:30 Uhr ist?',
      ['date_time', { op: 'convert', date: '09:30', timeZone: 'Tokio', toTimeZone: 'London' }],
    ],
    ['wie viele Tage bis Weihnachten', ['date_time', { op: 'difference', to: '2026-12-25' }]],
    [
      'wie viele Tage sind es noch bis zum 24. Dezember?',
      ['date_time', { op: 'difference', to: '2026-12-24' }],
    ],
    ['wie viele Tage seit dem 1. Januar', ['date_time', { op: 'difference', date: '2026-01-01' }]],
    [
      'Tage zwischen dem 3. Mai und dem 10. Juni',
      ['date_time', { op: 'difference', date: '2026-05-03', to: '2026-06-10' }],
    ],
    ['welcher Wochentag ist der 3. Mai 2027', ['date_time', { op: 'weekday', date: '2027-05-03' }]],
    ['was für ein Tag ist der 3.5.2027?', ['date_time', { op: 'weekday', date: '2027-05-03' }]],
    ['wann ist Ostern', ['date_time', { op: 'weekday', date: '2027-03-28' }]],
    ['erinnere mich morgen um 9 daran, Ann anzurufen', say('Ann anrufen', '2026-05-04T09:00')],
    ['Erinner mich bitte morgen um neun Uhr an den Zahnarzt', say('Zahnarzt', '2026-05-04T09:00')],
    [
      'kannst du mich morgen um 9 daran erinnern, den Müll rauszubringen?',
      say('den Müll rausbringen', '2026-05-04T09:00'),
    ],
    ['erinnere mich daran, morgen um 9 Ann anzurufen', say('Ann anrufen', '2026-05-04T09:00')],
    ['erinnere mich uebermorgen um 14:30 Uhr an den Friseur', say('Friseur', '2026-05-05T14:30')],
    ['erinnere mich am Freitag um halb acht an Yoga', say('Yoga', '2026-05-08T07:30')],
    ['erinnere mich heute Abend daran, die Blumen zu gießen', say('die Blumen gießen', '2026-05-03T18:00')],
    ['erinnere mich am 24.12. um 18 Uhr an die Geschenke', say('Geschenke', '2026-12-24T18:00')],
    ['Erinnerung: morgen um 9 Ann anrufen', say('Ann anrufen', '2026-05-04T09:00')],
    ['weck mich morgen um 7', say(de.reminder.wake, '2026-05-04T07:00')],
    ['erinnere mich nächste Woche Mittwoch um 10 an den Termin', say('Termin', '2026-05-06T10:00')],
    ['vergiss nicht, mich morgen um 9 an Ann zu erinnern', say('Ann', '2026-05-04T09:00')],
    ['erinnere mich täglich um 8 und 20 Uhr an die Tabletten', cron('Tabletten', '0 8,20 * * *')],
    ['was ist morgen für ein Tag', ['date_time', { op: 'weekday', date: '2026-05-04' }]],
    ['erinnere mich in 20 Minuten an die Pasta', inSeconds('Pasta', 1200)],
    [
      'erinnere mich in einer halben Stunde, dass die Pasta fertig ist',
      inSeconds('die Pasta ist fertig', 1800),
    ],
    ['stell einen Timer auf 10 Minuten', inSeconds(de.reminder.timer, 600)],
    ['jeden Werktag um 8 sag mir das Datum', cron('sag mir das Datum', '0 8 * * 1-5', 'ask')],
    ['Sag mir jeden Werktag um 8 das Datum', cron('Sag mir das Datum', '0 8 * * 1-5', 'ask')],
    [
      'erinnere mich jeden Montag um 7:30 daran, den Müll rauszubringen',
      cron('den Müll rausbringen', '30 7 * * 1'),
    ],
    ['montags und donnerstags um 19 Uhr erinnere mich an Yoga', cron('Yoga', '0 19 * * 1,4')],
    ['erinnere mich am 1. jedes Monats um 10 Uhr an die Miete', cron('Miete', '0 10 1 * *')],
    ['erinnere mich alle 15 Minuten ans Blinzeln', cron('Blinzeln', '*/15 * * * *')],
    ['täglich um 20 Uhr erinnere mich an die Tabletten', cron('Tabletten', '0 20 * * *')],
    ['taeglich um 20 Uhr erinnere mich an die Tabletten', cron('Tabletten', '0 20 * * *')],
    [
      'sag mir in 10 Minuten die Uhrzeit',
      ['set_reminder', { text: 'sag mir die Uhrzeit', action: 'ask', inSeconds: 600 }],
    ],
    ['zeig meine Erinnerungen', ['list_reminders', {}]],
    ['Welche Erinnerungen habe ich?', ['list_reminders', {}]],
    ['lösche die Erinnerung an den Zahnarzt', ['list_reminders', {}]],
    ['loesche die erinnerung an den zahnarzt', ['list_reminders', {}]],
    ['erinnere mich nicht mehr an den Müll', ['list_reminders', {}]],
    ['benutze calculate mit 2+2', sum('2+2')],
    ['führe calculate aus mit 3*3', sum('3*3')],
    ['nutze das Werkzeug date_time timeZone=Asia/Tokyo', ['date_time', { timeZone: 'Asia/Tokyo' }]],
    ['such im Handbuch nach Backups', ['search_docs', { query: 'Backups' }]],
    ['Hallo, wie viel ist 3 mal 4?', sum('3 * 4')],
  ])('%s', async (message, calls) => {
    expect(await firstReply(message)).toEqual(Array.isArray(calls[0]) ? calls : [calls]);
  });
});

describe('was auf Deutsch gleich beantwortet wird', () => {
  test.each<[string, string]>([
    ['Hallo', de.chat.greet],
    ['guten Morgen!', de.chat.greet],
    ['danke schön', de.chat.thanks],
    ['vielen Dank :-)', de.chat.thanks],
    ['tschüss', de.chat.bye],
    ['tschuess!', de.chat.bye],
    ['wer bist du?', de.chat.identity],
    ['Bist du ein Mensch?', de.chat.identity],
    ['HILFE', de.chat.help],
    ['was kannst du?', de.chat.help],
    ['vergiss es', de.chat.fine],
    ['schon gut', de.chat.fine],
    ['vergiss alles', de.memory.notAll],
    ['lösche alle Erinnerungen', de.reminder.notAll],
    ['erinnere mich an Ann', de.reminder.askWhen],
    ['erinnere mich morgen an Ann', de.reminder.askTime],
    ['erinnere mich morgen um 9', de.reminder.askText],
    ['erinnere mich jeden zweiten Tag an Yoga', `${de.reminder.unsayable} ${de.reminder.askWhen}`],
  ])('%s', async (message, text) => {
    expect(await firstReply(message, { language: 'de' })).toBe(text);
  });

  test.each([
    'Ich erinnere mich gern an früher',
    'schreib mir ein Gedicht',
    'jeden Montag war ich mit dir im Kino',
    'starte bitte mal durch',
  ])('%s wird nicht verstanden, und wie ein Modell dazukommt, wird gesagt', async (message) => {
    const text = await firstReply(message);
    expect(text).toContain(de.fallback.unknown);
    expect(text).toContain('REEVE_OPENAI_BASE_URL');
  });
});

test('zwei klare Befehle werden beide ausgeführt', async () => {
  expect(await firstReply('merk dir, dass Bob Tee mag, und erinnere mich morgen um 9 an Bob')).toEqual([
    remember('dass Bob Tee mag'),
  ]);
  expect(await firstReply('erinnere mich morgen um 9 an Brot und Butter')).toEqual([
    say('Brot und Butter', '2026-05-04T09:00'),
  ]);
});
