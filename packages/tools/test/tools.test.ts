import { encode } from 'gpt-tokenizer';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bench } from './fakes.ts';

test('the tools keep their names and order, so that prompts stay the same bytes', () => {
  expect(bench().tools.map((tool) => tool.name)).toEqual([
    'remember',
    'recall',
    'list_facts',
    'forget_fact',
    'calculate',
    'convert_units',
    'date_time',
    'set_reminder',
    'list_reminders',
    'cancel_reminder',
    'search_docs',
    'read_artifact',
  ]);
  for (const { name } of bench().tools) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
});

test('all schemas together stay under 1,000 tokens and are objects', () => {
  const offers = bench().tools.map(({ name, description, input }) => {
    const { $schema: _, ...parameters } = z.toJSONSchema(input, { io: 'input' });
    expect(parameters.type).toBe('object');
    return { name, description, parameters };
  });
  expect(encode(JSON.stringify(offers)).length).toBeLessThan(1000);
});

test('remember is keyed: the same key stores once, and recall finds it with its date', async () => {
  const { run } = bench();
  await run('remember', { text: 'the boiler code is 4711' }, { key: 'same' });
  await run('remember', { text: 'the boiler code is 4711' }, { key: 'same' });
  expect((await run('list_facts', {})).json.facts).toHaveLength(1);
  expect((await run('recall', { query: 'boiler' })).json.facts).toEqual([
    { id: 'fact_1', text: 'the boiler code is 4711', rememberedAt: '2026-05-03T12:00:00+02:00' },
  ]);
});

test('forget_fact says whether the fact was there', async () => {
  const { run } = bench();
  await run('remember', { text: 'x' });
  expect((await run('forget_fact', { id: 'fact_1' })).json).toEqual({ forgotten: true });
  expect((await run('forget_fact', { id: 'fact_1' })).json).toEqual({ forgotten: false });
});

test('read_artifact pages to the end and stays in its session', async () => {
  const { run } = bench();
  expect((await run('read_artifact', { id: 'art_1', limit: 4 })).json).toMatchObject({
    text: '0123',
    next: 4,
    length: 10,
  });
  expect((await run('read_artifact', { id: 'art_1', offset: 8 })).json).toMatchObject({
    text: '89',
    next: null,
  });
  expect((await run('read_artifact', { id: 'art_1' }, { sessionId: 'other' })).isError).toBe(true);
});
