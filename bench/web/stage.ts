import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayProcess, type ModelServer, startModelServer } from '@reeve/testkit';
import { launchChromium } from '../../tests/support/chromium.ts';
import { startGateway } from '../gateway.ts';

/** What the figures of the page are measured on: a gateway as `npm start` runs it, a scripted model, a browser. */
export interface Stage extends AsyncDisposable {
  home: string;
  gateway: GatewayProcess;
  model: ModelServer;
  browser: Awaited<ReturnType<typeof launchChromium>>;
}

export const setStage = async (): Promise<Stage> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const model = await startModelServer();
  const gateway = await startGateway({
    home,
    env: {
      REEVE_OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'sk-test',
      REEVE_OPENAI_MODEL: 'test-model',
    },
  });
  const browser = await launchChromium();
  return {
    home,
    gateway,
    model,
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await gateway.kill();
      await model.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
