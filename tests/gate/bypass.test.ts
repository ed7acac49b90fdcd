import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tool } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { createFakeClock, type Harness, startHarness } from '@reeve/testkit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { journal } from '../support/collect.ts';
import { entries } from './entries.ts';

/** Arguments that each tool would take. A tool without a line here is called with none, and must be refused all the same. */
const args: Record<string, Json> = {
  remember: { text: 'the code is 4711' },
  recall: { query: 'code' },
  forget_fact: { id: 'fact_1' },
  calculate: { expression: '6*7' },
  convert_units: { value: 1, from: 'km', to: 'm' },
  set_reminder: { text: 'Tea', inSeconds: 3_600 },
  cancel_reminder: { id: 'rem_1' },
  search_docs: { query: 'install' },
  read_artifact: { id: 'art_1' },
  submit_plan: { steps: [{ tool: 'calculate', args: { expression: '1+1' } }] },
};

const recorder = () => {
  let calls = 0;
  const tool: Tool = {
    name: 'record',
    description: 'Counts how often it was called.',
    input: z.looseObject({}),
    risk: 'low',
    effect: 'idempotent',
    level: 'read-only',
    async execute() {
      calls += 1;
      return { text: String(calls) };
    },
  };
  return { tool, calls: () => calls };
};

const everySession = async (harness: Harness) => {
  const { sessions } = await harness.client.sessions.list({ limit: 100 });
  return (await Promise.all(sessions.map(({ id }) => journal(harness, id)))).flat();
};

const deny = (harness: Harness, text = 'forbid (principal, action == Action::"call", resource);') =>
  harness.client.policies.save({ tier: 'admin', name: 'nothing', text });

describe.each(entries)('F187 $name', (entry) => {
  const walk = async (isDenied: boolean) => {
    const clock = createFakeClock();
    const counter = recorder();
    // Only what waits for its time needs a clock of the test's own.
    const harness = await startHarness({ ...(entry.prepare && { clock }), extraTools: [counter.tool] });
    const prepared = (await entry.prepare?.(harness)) ?? '';
    const { tools } = await harness.client.system.tools();
    const names = tools.map(({ name }) => name);
    const { entries: before } = await harness.client.audit.list({ limit: 1 });
    if (isDenied) await deny(harness);
    await entry.call(
      harness,
      clock,
      Object.fromEntries(names.map((name) => [name, args[name] ?? {}])),
      prepared,
    );
    return { harness, counter, names, since: before[0]?.seq ?? 0 };
  };

  test('F187 a denied call leaves no effect, and an entry in the audit, for every tool', async () => {
    const { harness, counter, names, since } = await walk(true);
    await using _ = harness;
    expect(names.length).toBeGreaterThan(12);
    expect(counter.calls()).toBe(0);
    const { entries: told } = await harness.client.audit.list({ type: 'tool.called', limit: 1_000 });
    const fresh = told.filter(({ seq }) => seq > since);
    expect(new Map(fresh.map(({ target, outcome }) => [target!, outcome!]))).toEqual(
      new Map(names.map((name) => [name, 'denied'])),
    );
    for (const { data } of fresh) expect(data!.decision).toBe('deny: admin/nothing#1');
    const started = (await everySession(harness)).filter((event) => event.type === 'tool.started');
    // Before the rule stood, the schedule was set by hand.
    expect(started.map(({ data }) => data.tool)).toEqual(entry.prepare ? ['set_reminder'] : []);
    expect(await harness.client.audit.verify()).toMatchObject({ isIntact: true });
  });

  test('F187 the same calls do happen when they are allowed', async () => {
    const { harness, counter } = await walk(false);
    await using _ = harness;
    expect(counter.calls()).toBe(1);
  });
});

/** Sources of packages and apps, without tests. */
const sources = (): { path: string; text: string }[] => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return ['packages', 'apps'].flatMap((top) =>
    readdirSync(join(root, top)).flatMap((name) => {
      const folder = join(root, top, name, 'src');
      if (!existsSync(folder)) return [];
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.tsx?$/.test(path))
        .map((path) => ({
          path: `${top}/${name}/src/${path}`,
          text: readFileSync(join(folder, path), 'utf8'),
        }));
    }),
  );
};

test('F187 nothing but the gate runs a tool, and only the run and the call by hand reach the gate', () => {
  const inProduct = sources().filter(({ path }) => !path.startsWith('packages/testkit/'));
  const holding = (pattern: RegExp) =>
    inProduct.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
  expect(holding(/\btool\.execute\(/)).toEqual(expect.arrayContaining(['packages/core/src/gate/gate.ts']));
  expect(
    holding(/\btool\.execute\(/).filter(
      // Wraps a tool to take secrets out of what it says; still a tool, and behind the gate.
      (path) => path !== 'packages/core/src/gate/gate.ts' && !path.includes('secrets'),
    ),
  ).toEqual([]);
  expect(holding(/\bgate\.call\(/).sort()).toEqual([
    'packages/core/src/gate/direct-calls.ts',
    'packages/core/src/run/turn.ts',
  ]);
});
