import { builtPage } from '../tests/page/support/steps.ts';
import { hasChromium } from '../tests/support/chromium.ts';
import { say } from './report.ts';
import { measureFirstLoad } from './web/first-load.ts';
import { measureLighthouse } from './web/lighthouse.ts';
import { measureLongSession } from './web/long-session.ts';
import { setStage } from './web/stage.ts';
import { measureStates } from './web/states.ts';

/** `web.*`: the page in a real browser, without the network. */
export const benchWeb = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  if (!hasChromium) {
    say('SKIPPED: chromium is not installed; apt-get install chromium');
    return;
  }
  builtPage();
  await using stage = await setStage();
  await measureStates(stage, { isSmoke });
  const sessionId = await measureLongSession(stage, { isSmoke });
  await measureFirstLoad(stage, sessionId);
  await measureLighthouse(stage, sessionId, { isSmoke });
};
