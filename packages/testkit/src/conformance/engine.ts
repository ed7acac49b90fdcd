import { afterEach, beforeEach, describe, test } from 'vitest';
import { settle } from '../fake-clock.ts';
import { cancelCases } from './engine/cancel-cases.ts';
import { drainCases } from './engine/drain-cases.ts';
import { laneCases } from './engine/lane-cases.ts';
import { recoveryCases } from './engine/recovery-cases.ts';
import { scheduleCases } from './engine/schedule-cases.ts';
import { stepCases } from './engine/step-cases.ts';
import { waitCases } from './engine/wait-cases.ts';
import { createWorld, type EngineHost, type World } from './engine/world.ts';

export type { EngineHost, EngineOpenOptions, EngineProcess } from './engine/world.ts';

const cases = {
  ...laneCases,
  ...stepCases,
  ...waitCases,
  ...cancelCases,
  ...scheduleCases,
  ...drainCases,
  ...recoveryCases,
} satisfies Record<string, (world: World) => Promise<void>>;

export type EngineCase = keyof typeof cases;

export interface EngineSuite<State> extends EngineHost<State> {
  name: string;
  /** Lets everything happen that can happen without time passing; turns of the event loop by default. */
  settle?: () => Promise<void>;
  /** Case name -> why it does not apply to this engine. */
  skip?: Partial<Record<EngineCase, string>>;
}

/** Registers what the contract of the Engine port demands, as vitest cases. */
export function engineConformance<State>({ name, skip = {}, ...suite }: EngineSuite<State>): void {
  describe(`Engine: ${name}`, () => {
    let world: World;
    beforeEach(async () => {
      world = await createWorld(suite, suite.settle ?? settle);
    });
    afterEach(() => world.close());
    for (const [title, run] of Object.entries(cases)) {
      const reason = skip[title as EngineCase];
      if (reason === undefined) test(title, () => run(world));
      else test.skip(`${title} (${reason})`, () => {});
    }
  });
}
