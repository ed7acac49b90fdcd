import { type Harness, type HarnessOptions, startHarness } from '@reeve/testkit';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { hasChromium, launchChromium, type Watched } from '../../support/chromium.ts';
import { builtPage, signIn } from './steps.ts';

export * from './steps.ts';

export interface World {
  harness: Harness;
  browser: Browser;
  /** A page of a person who was welcomed before and has signed in by a link. */
  signedIn(options?: BrowserContextOptions): Promise<Watched>;
}

/** One gateway and one browser for the tests of a file. */
export const useWorld = (options: HarnessOptions = {}): World => {
  const world = {} as World;
  beforeAll(async () => {
    builtPage();
    world.harness = await startHarness(options);
    if (hasChromium) world.browser = await launchChromium();
  });
  afterAll(async () => {
    await world.browser?.close();
    await world.harness[Symbol.asyncDispose]();
  });
  world.signedIn = (more) => signIn(world.browser, world.harness, more);
  return world;
};
