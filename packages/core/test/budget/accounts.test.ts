import type { BookedCall, SpentQuery } from '@reeve/core';
import { expect, test } from 'vitest';
import { createAccounts } from '../../src/budget/accounts.ts';
import { sumOf } from '../../src/budget/calls.ts';

const day = 86_400_000;
const midnight = Date.UTC(2026, 2, 3);
const spender = { tenantId: 'home', userId: 'owner', sessionId: 's1', isSchedule: false };
const tokens = (amount: number) => ({ tokens: amount, usd: 0 });

/** Accounts over a journal in memory, where a day of the owner is bounded. */
const createWorld = () => {
  let now = midnight - 1_000;
  const journal: BookedCall[] = [];
  const zone = { name: 'UTC' };
  const world = {
    pass(ms: number) {
      now += ms;
    },
    zone,
    reads: 0,
    /** What happens while the journal is read. */
    meanwhile: () => {},
    write: (amount: number) => journal.push({ sessionId: spender.sessionId, at: now, ...tokens(amount) }),
    begin(amount: number) {
      const call = { spender, held: () => tokens(amount) };
      world.accounts.begin(call);
      return call;
    },
    async stands() {
      const [account] = await world.accounts.open(spender);
      return { spent: account!.spent, reserved: account!.reserved };
    },
    accounts: createAccounts({
      store: {
        budgets: async () => [
          { id: 'b', subject: 'user', subjectId: '*', period: 'day', unit: 'tokens', amount: 1_000 },
        ],
        save: async () => {},
        remove: async () => false,
        async spent({ since, until }: SpentQuery & { until: number }) {
          world.reads += 1;
          const sum = sumOf(journal.filter(({ at }) => at >= since && at < until));
          world.meanwhile();
          return sum;
        },
        calls: async ({ since }: SpentQuery) => journal.filter(({ at }) => at >= since),
      },
      clock: { now: () => now, at: () => () => {} },
      timeZone: () => zone.name,
      tokensPerDay: () => null,
      readyToCount: async () => {},
    }),
  };
  return world;
};

test('F197 after midnight an answer that began before is held by the new day and spent in it', async () => {
  const world = createWorld();
  world.write(100);
  expect(await world.stands()).toEqual({ spent: 100, reserved: 0 });
  const call = world.begin(400);
  world.pass(2_000);
  expect(await world.stands()).toEqual({ spent: 0, reserved: 400 });
  world.accounts.end(call, tokens(300));
  expect(await world.stands()).toEqual({ spent: 300, reserved: 0 });
  world.pass(day);
  expect(await world.stands()).toEqual({ spent: 0, reserved: 0 });
  expect(world.reads).toBe(1);
});

test('F197 another time zone keeps what is held, and what was spent in its own day', async () => {
  const world = createWorld();
  world.write(100);
  await world.stands();
  const call = world.begin(900);
  world.zone.name = 'Asia/Tokyo';
  expect(world.accounts.current(spender)).toBeNull();
  expect(await world.stands()).toEqual({ spent: 100, reserved: 900 });
  world.accounts.end(call, tokens(800));
  expect(await world.stands()).toEqual({ spent: 900, reserved: 0 });
});

test.each([
  ['before the journal has it', (_world: ReturnType<typeof createWorld>) => {}],
  ['when the journal has it', (world: ReturnType<typeof createWorld>) => void world.write(300)],
  ['when the journal has another estimate', (world: ReturnType<typeof createWorld>) => void world.write(290)],
])('F197 what ends while a budget is opened counts once: %s', async (_, write) => {
  const world = createWorld();
  world.write(50);
  world.pass(1);
  const [before, during, after] = [world.begin(400), world.begin(400), world.begin(400)];
  world.accounts.end(before, tokens(300));
  write(world);
  world.meanwhile = () => {
    world.accounts.end(during, tokens(200));
    world.write(200);
  };
  expect(await world.stands()).toEqual({ spent: 550, reserved: 400 });
  world.accounts.end(after, null);
  expect(await world.stands()).toEqual({ spent: 550, reserved: 0 });
});
