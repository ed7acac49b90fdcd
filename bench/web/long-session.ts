import { importSession, streamUntil } from '../../tests/page/support/load.ts';
import { signIn } from '../../tests/page/support/steps.ts';
import type { Watched } from '../../tests/support/chromium.ts';
import { quantile } from '../process-stats.ts';
import { report, say } from '../report.ts';
import { durationsOf, interact, noteInteractions, readInteractions } from './interactions.ts';
import type { Stage } from './stage.ts';

type Page = Watched['page'];
const here = 'Ten thousand messages';
const other = 'Being written';

/** Goes to the first message, so that the page has all of them, and back. */
const loadAll = async (page: Page): Promise<void> => {
  const first = page.getByRole('log').getByText('Question 0', { exact: true });
  const history = page.getByRole('log').locator('..');
  while ((await first.count()) === 0) {
    await history.evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.waitForTimeout(50);
  }
  await history.focus();
  await page.keyboard.press('End');
  await page.waitForTimeout(500);
};

/** Pixels a second: 25 screens, as when the wheel is let run. */
const speed = 20_000;

/** Scrolls from the end to the first message: times between frames, ms. */
const scrollThrough = (page: Page): Promise<number[]> =>
  page.evaluate(
    (pixels) =>
      new Promise<number[]>((resolve) => {
        const element = document.querySelector('[role=log]')!.parentElement!;
        const deltas: number[] = [];
        let last = performance.now();
        const step = (): void => {
          const now = performance.now();
          const delta = now - last;
          deltas.push(delta);
          last = now;
          if (element.scrollTop <= 0) {
            resolve(deltas.slice(1));
            return;
          }
          // A frame that is late goes on where it would have been; the reader loses what was between.
          element.scrollTop -= (pixels * Math.min(delta, 100)) / 1_000;
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    speed,
  );

/** `web.inpP95Ms` and `web.messages10000Fps`: in a session of 10,000 messages, all of them loaded, while another is written. */
export const measureLongSession = async (
  { gateway, model, browser }: Stage,
  { isSmoke }: { isSmoke: boolean },
): Promise<string> => {
  const { client } = gateway;
  const id = await importSession(gateway, isSmoke ? 600 : 10_000);
  await client.sessions.update({ id, title: here });
  const { id: otherId } = await client.sessions.create({ title: other });
  const stop = await streamUntil(gateway, model, otherId);
  const { page } = await signIn(browser, gateway, {}, noteInteractions);
  try {
    await page.goto(`${gateway.url}/s/${id}`);
    await page.getByRole('log').waitFor();
    await loadAll(page);
    const deltas = await scrollThrough(page);
    const elapsed = deltas.reduce((sum, delta) => sum + delta, 0);
    report('web.messages10000Fps', (deltas.length * 1000) / elapsed, 'frames/s');
    say(
      `${(elapsed / 1000).toFixed(0)} s; frame p50 ${quantile(deltas, 0.5).toFixed(1)} ms, p95 ${quantile(deltas, 0.95).toFixed(1)} ms, longest ${Math.max(...deltas).toFixed(0)} ms`,
    );
    await page.keyboard.press('End');
    const wanted = isSmoke ? 30 : 200;
    let read = await readInteractions(page);
    while (read.count < wanted) {
      await interact(page, { here, other });
      read = await readInteractions(page);
    }
    report('web.inpP95Ms', quantile(durationsOf(read), 0.95), 'ms');
    say(`${read.count} interactions, p50 ${quantile(durationsOf(read), 0.5)} ms; the slowest:`);
    for (const { name, durationMs } of read.slow.sort((a, b) => b.durationMs - a.durationMs).slice(0, 12))
      say(`  ${durationMs} ms ${name}`);
  } finally {
    await page.context().close();
    await stop();
  }
  return id;
};
