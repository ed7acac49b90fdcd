import type { Watched } from '../../tests/support/chromium.ts';

type Page = Watched['page'];

interface Interaction {
  name: string;
  durationMs: number;
}

/** What the browser rounds durations to, and the least that it tells of, ms. Source: Event Timing API. */
const leastMs = 16;

/** Begins to note how long each interaction takes until its effect is painted. To be called before the page opens. */
export const noteInteractions = (page: Page): Promise<unknown> =>
  page.addInitScript((threshold) => {
    const slowest = new Map<number, { name: string; durationMs: number }>();
    Object.assign(globalThis, { interactions: slowest });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId: number })[]) {
        const { interactionId: id, duration: durationMs, name, target } = entry;
        if (id === 0 || durationMs <= (slowest.get(id)?.durationMs ?? 0)) continue;
        const waits = entry.processingStart - entry.startTime;
        const works = entry.processingEnd - entry.processingStart;
        const at = target instanceof Element ? `${target.tagName} ${target.getAttribute('aria-label')}` : '';
        slowest.set(id, {
          name: `${name} ${at} waits ${waits.toFixed(0)} works ${works.toFixed(0)}`,
          durationMs,
        });
      }
    }).observe({ type: 'event', durationThreshold: threshold, buffered: true } as PerformanceObserverInit);
  }, leastMs);

/** How many there were, and those that took longer than the least. */
export const readInteractions = (page: Page): Promise<{ count: number; slow: Interaction[] }> =>
  page.evaluate(() => ({
    count: (performance as Performance & { interactionCount?: number }).interactionCount ?? Number.NaN,
    slow: [...(globalThis as unknown as { interactions: Map<number, Interaction> }).interactions.values()],
  }));

/** All durations: an interaction that the browser does not tell of took less than the least. */
export const durationsOf = ({ count, slow }: { count: number; slow: Interaction[] }): number[] => [
  ...slow.map(({ durationMs }) => durationMs),
  ...Array.from({ length: Math.max(0, count - slow.length) }, () => leastMs),
];

/** What a person does in a minute: writes, opens menus and the palette, reads by keyboard, looks at another session. */
export const interact = async (
  page: Page,
  { here, other }: { here: string; other: string },
): Promise<void> => {
  const pause = () => page.waitForTimeout(60);
  const press = async (key: string, times = 1) => {
    for (let time = 0; time < times; time += 1) {
      await page.keyboard.press(key);
      await pause();
    }
  };
  const area = page.locator('main form textarea');
  await area.click();
  await page.keyboard.type('What was said of it?', { delay: 60 });
  await press('Control+a');
  await press('Delete');
  for (const name of [/^Choose the model/, /^Actions for/]) {
    await page.getByRole('main').getByRole('button', { name }).first().click();
    await page.getByRole('menu').waitFor();
    await press('ArrowDown', 2);
    await press('Escape');
  }
  await press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('question', { delay: 60 });
  await press('ArrowDown', 2);
  await press('Escape');
  await page.getByRole('log').locator('..').focus();
  await press('PageUp', 6);
  await press('PageDown', 3);
  await press('ArrowUp', 3);
  await press('End');
  for (const title of [other, here]) {
    await page.locator(`nav a[title="${title}"]`).click();
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByRole('log').waitFor();
    await pause();
  }
};
