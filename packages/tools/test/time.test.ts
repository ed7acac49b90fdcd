import { describe, expect, test } from 'vitest';
import { bench } from './fakes.ts';

const { run } = bench();

describe('date_time', () => {
  test('now, here and elsewhere', async () => {
    expect((await run('date_time', {})).json).toEqual({
      date: '2026-05-03',
      weekday: 'Sunday',
      isoWeek: 18,
      time: '12:00',
      timeZone: 'Europe/Berlin',
      utcOffset: '+02:00',
    });
    expect((await run('date_time', { timeZone: 'Tokyo' })).json).toMatchObject({
      time: '19:00',
      timeZone: 'Asia/Tokyo',
    });
  });

  test.each([
    ['asia/tokyo', 'Asia/Tokyo'],
    ['Tokio', 'Asia/Tokyo'],
    ['japan', 'Asia/Tokyo'],
    ['Deutschland', 'Europe/Berlin'],
    ['München', 'Europe/Berlin'],
    ['muenchen', 'Europe/Berlin'],
    ['Zürich', 'Europe/Zurich'],
    ['New York', 'America/New_York'],
    ['San Francisco', 'America/Los_Angeles'],
    ['São Paulo', 'America/Sao_Paulo'],
    ['UK', 'Europe/London'],
    ['UTC', 'UTC'],
    ['EST', 'America/New_York'],
    ['Buenos Aires', 'America/Argentina/Buenos_Aires'],
  ])('%s is in %s', async (name, zone) => {
    const { json } = await run('date_time', { timeZone: name });
    expect(json.timeZone.replace('America/Buenos_Aires', 'America/Argentina/Buenos_Aires')).toBe(zone);
  });

  test('a country with several zones and an unknown place are refused with a reason', async () => {
    expect(await run('date_time', { timeZone: 'USA' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('several'),
    });
    expect(await run('date_time', { timeZone: 'Atlantis' })).toMatchObject({ isError: true });
  });

  test('differences, over a clock change too', async () => {
    expect((await run('date_time', { op: 'difference', to: '2026-12-24' })).json).toMatchObject({
      days: 235,
      hours: null,
    });
    const night = { op: 'difference', date: '2026-03-28T12:00', to: '2026-03-29T12:00' };
    expect((await run('date_time', night)).json).toMatchObject({ days: 1, hours: 23 });
  });

  test('weekday of a date', async () => {
    expect((await run('date_time', { op: 'weekday', date: '2027-05-03' })).json).toMatchObject({
      weekday: 'Monday',
    });
    expect((await run('date_time', { op: 'weekday', date: '3rd of may' })).isError).toBe(true);
  });

  test('a time between zones', async () => {
    const args = { op: 'convert', date: '15:00', timeZone: 'Berlin', toTimeZone: 'New York' };
    expect((await run('date_time', args)).json.to).toMatchObject({ time: '09:00', date: '2026-05-03' });
    expect((await run('date_time', { ...args, date: '9:05' })).json.to).toMatchObject({ time: '03:05' });
  });
});

describe('set_reminder', () => {
  const set = async (args: Record<string, string | number>) =>
    run('set_reminder', { text: 'call Ann', ...args });

  test('once, in the local time of the zone', async () => {
    expect((await set({ at: '2026-05-04T09:00' })).json).toMatchObject({
      next: '2026-05-04T09:00:00+02:00',
      action: 'say',
    });
    expect((await set({ at: '2026-05-04T09:00', timeZone: 'Tokyo' })).json.next).toBe(
      '2026-05-04T09:00:00+09:00',
    );
    expect((await set({ at: '2026-12-04T09:00' })).json.next).toBe('2026-12-04T09:00:00+01:00');
  });

  test('a time that the clock change skips moves forward', async () => {
    expect((await set({ at: '2027-03-28T02:30' })).json.next).toBe('2027-03-28T03:30:00+02:00');
  });

  test('after a while', async () => {
    expect((await set({ inSeconds: 90 })).json.next).toBe('2026-05-03T12:01:30+02:00');
  });

  test('by cron', async () => {
    const { json } = await set({ cron: '0 8 * * 1-5', action: 'ask' });
    expect(json).toMatchObject({ cron: '0 8 * * 1-5', timeZone: 'Europe/Berlin', action: 'ask' });
  });

  test.each([
    [{}, 'exactly one'],
    [{ at: '2026-05-04T09:00', inSeconds: 5 }, 'exactly one'],
    [{ at: '2026-05-03T11:59' }, 'passed'],
    [{ at: '2026-05-04' }, 'not an ISO'],
    [{ at: 'tomorrow' }, 'not an ISO'],
    [{ at: '2046-05-04T09:00' }, 'ten years'],
    [{ cron: '* * * * * *' }, 'five fields'],
    [{ cron: 'a b c d e' }, 'not a cron'],
    [{ cron: '0 0 31 2 *' }, 'never comes'],
  ])('%j is refused', async (args, reason) => {
    expect(await set(args as Record<string, string>)).toMatchObject({
      isError: true,
      text: expect.stringContaining(reason),
    });
  });

  test('is keyed, listed and cancelled', async () => {
    const one = bench();
    await one.run('set_reminder', { text: 'a', inSeconds: 60 }, { key: 'k' });
    await one.run('set_reminder', { text: 'a', inSeconds: 60 }, { key: 'k' });
    const { reminders } = (await one.run('list_reminders', {})).json;
    expect(reminders).toHaveLength(1);
    expect((await one.run('cancel_reminder', { id: reminders[0].id })).json).toEqual({ cancelled: true });
    expect((await one.run('list_reminders', {})).json.reminders).toEqual([]);
  });
});
