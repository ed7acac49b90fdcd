import type { Clock } from '@reeve/core';
import { afterEach, beforeEach, describe, test } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { journalCases } from './store/journal-cases.ts';
import { messageCases } from './store/message-cases.ts';
import { modelCases } from './store/model-cases.ts';
import { ownerCases } from './store/owner-cases.ts';
import { readMarkCases } from './store/read-mark-cases.ts';
import { searchCases } from './store/search-cases.ts';
import type { StoreProcess, StoreWorld } from './store/world.ts';
import { writeCases } from './store/write-cases.ts';

export type { StoreProcess, Tamper } from './store/world.ts';

const cases = {
  ...writeCases,
  ...messageCases,
  ...modelCases,
  ...ownerCases,
  ...readMarkCases,
  ...searchCases,
  ...journalCases,
} satisfies Record<string, (world: StoreWorld) => Promise<void>>;

export type StoreCase = keyof typeof cases;

export interface StoreSuite<State> {
  name: string;
  /** An empty place for what the store keeps. */
  createState(): Promise<State>;
  removeState(state: State): Promise<void>;
  open(options: { clock: Clock; state: State }): Promise<StoreProcess>;
  /** Case name -> why it does not apply to this store. */
  skip?: Partial<Record<StoreCase, string>>;
}

/** Registers what the contract of the Store port demands, as vitest cases. */
export function storeConformance<State>({
  name,
  createState,
  removeState,
  open,
  skip = {},
}: StoreSuite<State>): void {
  describe(`Store: ${name}`, () => {
    let world: StoreWorld;
    let state: State;
    beforeEach(async () => {
      const clock = createFakeClock();
      state = await createState();
      world = {
        clock,
        ...(await open({ clock, state })),
        async reopen() {
          await world.close();
          Object.assign(world, await open({ clock, state }));
        },
      };
    });
    afterEach(async () => {
      await world.close();
      await removeState(state);
    });
    for (const [title, run] of Object.entries(cases)) {
      const reason = skip[title as StoreCase];
      if (reason === undefined) test(title, () => run(world));
      else test.skip(`${title} (${reason})`, () => {});
    }
  });
}
export * from './store/owners.ts';
