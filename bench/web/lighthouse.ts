import { join } from 'node:path';
import lighthouse, { type Config, desktopConfig, type Flags } from 'lighthouse';
import { launchProfile } from '../../tests/support/chromium.ts';
import { report, say } from '../report.ts';
import type { Stage } from './stage.ts';

/** SEO is left out: a page behind a sign-in is not to be found. */
const onlyCategories = ['accessibility', 'best-practices', 'performance'];

/** A phone in the house of its gateway: its screen and touch, the network and processor of the desktop's settings. */
const phoneConfig: Config = {
  extends: 'lighthouse:default',
  settings: { throttling: desktopConfig.settings?.throttling ?? {} },
};

/** `web.lighthouseMin`: the lowest of Lighthouse's scores for a conversation, with its settings for desktops and for phones. */
export const measureLighthouse = async (
  { gateway, home }: Stage,
  sessionId: string,
  { isSmoke }: { isSmoke: boolean },
): Promise<void> => {
  const { context, port } = await launchProfile(join(home, 'profile'));
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
    await page.goto((await gateway.client.auth.loginLink()).url);
    await page.locator('main form textarea').waitFor();
    await page.goto('about:blank');
    const flags: Flags = { port, onlyCategories, disableStorageReset: true, logLevel: 'error' };
    const scores: number[] = [];
    for (const path of isSmoke ? [`/s/${sessionId}`] : ['/', `/s/${sessionId}`])
      for (const config of isSmoke ? [desktopConfig] : [desktopConfig, phoneConfig]) {
        const result = await lighthouse(gateway.url + path, flags, config);
        if (!result) throw new Error('Lighthouse found nothing out');
        const { categories, audits, configSettings } = result.lhr;
        for (const { id, score, auditRefs } of Object.values(categories)) {
          scores.push((score ?? 0) * 100);
          say(`${configSettings.formFactor} ${path.slice(0, 3)} ${id}: ${((score ?? 0) * 100).toFixed(0)}`);
          for (const { id: audit, weight } of auditRefs) {
            const { score: part, title, displayValue = '' } = audits[audit]!;
            if (weight > 0 && part !== null && part < 1) say(`  ${audit} ${part}: ${title} ${displayValue}`);
          }
        }
      }
    report('web.lighthouseMin', Math.min(...scores), 'points');
  } finally {
    await context.close();
  }
};
