import type { Json } from '@reeve/protocol';
import { describe, expect, test } from 'vitest';
import { en } from '../../src/steward/texts/en.ts';
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

describe('what an English message first asks of the tools', () => {
  test.each<[string, [string, Json] | [string, Json][]]>([
    ['remember that the boiler code is 4711', remember('the boiler code is 4711')],
    ['  REMEMBER THAT the boiler code is 4711!!  ', remember('the boiler code is 4711')],
    [
      'pls remember that Ann is allergic to nuts. She carries an EpiPen.',
      remember('Ann is allergic to nuts. She carries an EpiPen'),
    ],
    ['Remember: my wife’s birthday is 3 May', remember("my wife's birthday is 3 May")],
    ['note: bins go out on Tuesday', remember('bins go out on Tuesday')],
    ['Could you please note that Bob likes tea and cake?', remember('Bob likes tea and cake')],
    ["don't forget that the key is under the mat", remember('the key is under the mat')],
    ['keep in mind that I hate olives, thanks', remember('I hate olives')],
    ['remember my shoe size is 43', remember('my shoe size is 43')],
    ['what is the boiler code?', ask('boiler code')],
    ["What's the boiler code", ask('boiler code')],
    ['tell me what the boiler code is', ask('boiler code')],
    ['who is Ann?', ask('Ann')],
    ['do you remember the boiler code?', ['recall', { query: 'boiler code' }]],
    ['what did I tell you about Ann', ['recall', { query: 'Ann' }]],
    ['remind me what the boiler code is', ['recall', { query: 'boiler code' }]],
    ['what do you remember?', ['list_facts', {}]],
    ['what do you know about me', ['list_facts', {}]],
    ['forget the boiler code', ['recall', { query: 'boiler code' }]],
    ['what is 17% of 2,340', sum('(17/100*2340)')],
    ["what's 17 percent of 2,340?", sum('(17/100*2340)')],
    ['12*7+3', sum('12*7+3')],
    ['2 + 2 =', sum('2 + 2')],
    ['How much is 3 times 4?', sum('3 * 4')],
    ['twelve times seven', sum('12 * 7')],
    ['200 + 10%', sum('200*(1+10/100)')],
    ['square root of 144', sum('sqrt(144)')],
    ['5!', sum('5!')],
    ['calculate 2^10', sum('2^10')],
    ['5 miles in km', units(5, 'mi', 'km')],
    ['100 °F in Celsius', units(100, 'degF', 'degC')],
    ['convert 3 pounds to kg', units(3, 'lbm', 'kg')],
    ['how many minutes are in 2 hours', units(2, 'hour', 'minute')],
    ['how many feet is 1,500 metres?', units(1500, 'm', 'ft')],
    ['what day is it', now],
    ['tell me the date', now],
    ["what's the date today?", now],
    ['What time is it?', now],
    ['what time is it in Tokyo', ['date_time', { op: 'now', timeZone: 'Tokyo' }]],
    [
      '3pm Berlin in New York',
      ['date_time', { op: 'convert', date: '15:00', timeZone: 'Berlin', toTimeZone: 'New York' }],
    ],
    [
      "what time is it in London when it's 9:30 am in Tokyo?",
      ['date_time', { op: 'convert', date: '09:30', timeZone: 'Tokyo', toTimeZone: 'London' }],
    ],
    ['how many days until Christmas', ['date_time', { op: 'difference', to: '2026-12-25' }]],
    ['how many days until 24 December', ['date_time', { op: 'difference', to: '2026-12-24' }]],
    [
      'days between 3 May and 10 June',
      ['date_time', { op: 'difference', date: '2026-05-03', to: '2026-06-10' }],
    ],
    ['how many days since 1 January?', ['date_time', { op: 'difference', date: '2026-01-01' }]],
    ['what weekday is 3 May 2027', ['date_time', { op: 'weekday', date: '2027-05-03' }]],
    ['when is Easter?', ['date_time', { op: 'weekday', date: '2027-03-28' }]],
    ['remind me tomorrow at 9 to call Ann', say('call Ann', '2026-05-04T09:00')],
    ['Remind me to call Ann tomorrow at 9.', say('call Ann', '2026-05-04T09:00')],
    ['remind me at 9 tomorrow about the dentist', say('the dentist', '2026-05-04T09:00')],
    ['can you remind me tomorrow to call Ann at 9, please?', say('call Ann', '2026-05-04T09:00')],
    [
      'remind me on Friday at half past three that the plumber comes',
      say('the plumber comes', '2026-05-08T15:30'),
    ],
    ['remind me at 5 to pick up the kids', say('pick up the kids', '2026-05-03T17:00')],
    ['set a reminder for 24 December 2026 at 6pm: presents', say('presents', '2026-12-24T18:00')],
    ['remember to call Ann tomorrow at 9', say('call Ann', '2026-05-04T09:00')],
    ['remind me in 20 minutes that the pasta is ready', inSeconds('the pasta is ready', 1200)],
    ['remind me in an hour and a half to stretch', inSeconds('stretch', 5400)],
    ['set a timer for 10 minutes', inSeconds(en.reminder.timer, 600)],
    ['every weekday at 8 tell me the date', cron('tell me the date', '0 8 * * 1-5', 'ask')],
    ['tell me the date every weekday at 8', cron('tell me the date', '0 8 * * 1-5', 'ask')],
    ['every Monday at 7:30 remind me to take out the bins', cron('take out the bins', '30 7 * * 1')],
    ['remind me every Monday and Thursday at 7pm to do yoga', cron('do yoga', '0 19 * * 1,4')],
    ['on the 1st of every month at 10 remind me to pay rent', cron('pay rent', '0 10 1 * *')],
    ['remind me every 15 minutes to blink', cron('blink', '*/15 * * * *')],
    ['remind me to take pills every day at 8am and 8pm', cron('take pills', '0 8,20 * * *')],
    [
      'every Monday and Thursday at 7:00, 12:00 and 18:00 remind me to walk',
      cron('walk', '0 7,12,18 * * 1,4'),
    ],
    ['remind me next week Wednesday at 10 to vote', say('vote', '2026-05-06T10:00')],
    ['remember I parked on level 3', remember('I parked on level 3')],
    ["what's my name?", ask('name')],
    ['how tall is 6 feet in cm', units(6, 'ft', 'cm')],
    ['every day at 9 drink water', cron('drink water', '0 9 * * *')],
    [
      'tomorrow at 9 tell me the date',
      ['set_reminder', { text: 'tell me the date', action: 'ask', at: '2026-05-04T09:00' }],
    ],
    ['list my reminders', ['list_reminders', {}]],
    ['do I have any reminders?', ['list_reminders', {}]],
    ['cancel the reminder to call Ann', ['list_reminders', {}]],
    ['stop reminding me to take out the bins', ['list_reminders', {}]],
    ['run calculate with 2+2', sum('2+2')],
    ['use tool date_time zone=Asia/Tokyo', ['date_time', { timeZone: 'Asia/Tokyo' }]],
    ['run convert_units {"value": 5, "from": "mi", "to": "km"}', units(5, 'mi', 'km')],
    ['call convert_units value=5, from=mi, to=km', units(5, 'mi', 'km')],
    ['how do I add a model?', ask('add model')],
    ['search the docs for backups', ['search_docs', { query: 'backups' }]],
    ['Hi, what’s 17% of 2,340?', sum('(17/100*2340)')],
    ['Long day today. What time is it in Tokyo?', ['date_time', { op: 'now', timeZone: 'Tokyo' }]],
  ])('%s', async (message, calls) => {
    expect(await firstReply(message)).toEqual(Array.isArray(calls[0]) ? calls : [calls]);
  });
});

describe('what is answered in English at once', () => {
  test.each<[string, string]>([
    ['hi', en.chat.greet],
    ['Hello, Reeve!', en.chat.greet],
    ['good morning', en.chat.greet],
    ['thx!', en.chat.thanks],
    ['Thanks a lot :)', en.chat.thanks],
    ['bye', en.chat.bye],
    ['who are you?', en.chat.identity],
    ['are you an AI?', en.chat.identity],
    ['HELP', en.chat.help],
    ['what can you do?', en.chat.help],
    ['forget it', en.chat.fine],
    ['never mind', en.chat.fine],
    ['forget everything', en.memory.notAll],
    ['cancel all my reminders', en.reminder.notAll],
    ['remind me to call Ann', en.reminder.askWhen],
    ['remind me tomorrow to call Ann', en.reminder.askTime],
    ['remind me tomorrow at 9', en.reminder.askText],
    ['remind me yesterday at 9 to call Ann', en.reminder.past],
    ['every other day at 8 remind me to run', `${en.reminder.unsayable} ${en.reminder.askWhen}`],
  ])('%s', async (message, text) => {
    expect(await firstReply(message)).toBe(text);
  });

  test.each([
    'I remember when we were young',
    'My colleagues forget everything they hear',
    'remember the milk',
    'write me a poem about spring',
    'we met every Monday in school and it was fun',
    '2026-05-03',
    '+49 171 1234567',
    'my number is 0171-1234567',
    'run a mile with me',
    'asdf',
    '???',
  ])('%s is not understood, and how to add a model is said', async (message) => {
    const text = await firstReply(message);
    expect(text).toContain(en.fallback.unknown);
    expect(text).toContain('OPENAI_API_KEY');
  });
});

test('a text that is too long for a command is not searched for one', async () => {
  expect(await firstReply(`remember that ${'x '.repeat(2500)}`)).toContain(en.fallback.unknown);
});

test('a plain statement is not kept unasked', async () => {
  expect(await firstReply('my name is Tom')).toContain(en.fallback.statement('my name is Tom'));
});

test('two clear commands in one message are both done, in order', async () => {
  expect(
    await firstReply('remember that the wifi is hunter2 and remind me tomorrow at 8 to change it'),
  ).toEqual([remember('the wifi is hunter2')]);
  expect(await firstReply('what is 2+2 and what time is it in Tokyo?')).toEqual([sum('2+2')]);
  expect(await firstReply('remind me tomorrow at 8 to buy bread and butter')).toEqual([
    say('buy bread and butter', '2026-05-04T08:00'),
  ]);
});
