import { type IncomingMessage, request } from 'node:http';
import { report, say } from '../report.ts';
import type { Stage } from './stage.ts';

/** What the API answers is as long as what was said, and counted apart. */
const isPart = (path: string): boolean => !path.startsWith('/api/');

/** Bytes of a body as it travels to a browser that takes gzip and nothing else. */
const gzipBytes = async (url: string, cookie: string): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { headers: { 'accept-encoding': 'gzip', cookie } }, resolve)
    .on('error', reject)
    .end();
  let bytes = 0;
  for await (const chunk of await promise) bytes += (chunk as Buffer).length;
  return bytes;
};

/** Paths of what a browser that was never here fetches for a view, until nothing more comes for a while. */
const fetchedFor = async (
  { gateway, browser }: Stage,
  view: string,
): Promise<{ paths: string[]; cookie: string }> => {
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const signingIn = await context.newPage();
    await signingIn.goto((await gateway.client.auth.loginLink()).url);
    await signingIn.locator('main form textarea').waitFor();
    const cookies = await context.cookies();
    const visitor = await browser.newContext({ locale: 'en-GB' });
    await visitor.addCookies(cookies);
    const paths = new Set(['/manifest.webmanifest']);
    // The context's requests are those of the page and of its service worker.
    visitor.on('request', (one) => paths.add(new URL(one.url()).pathname));
    const page = await visitor.newPage();
    await page.addInitScript(() => localStorage.setItem('reeve.welcomed', 'true'));
    await page.goto(gateway.url + view);
    await page.locator('main form textarea').waitFor();
    for (let known = -1; known !== paths.size; await page.waitForTimeout(1_000)) known = paths.size;
    await visitor.close();
    return {
      paths: [...paths].filter(isPart),
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    };
  } finally {
    await context.close();
  }
};

/**
 * `web.firstLoadGzipKb`: every file that a browser fetches when somebody who is signed in opens the page for the
 * first time, until nothing more comes. The browser names the files and may take another encoding; their length is
 * that of gzip. What a conversation with code needs besides is said.
 */
export const measureFirstLoad = async (stage: Stage, sessionId: string): Promise<void> => {
  const sizeOf = async (view: string): Promise<number> => {
    const { paths, cookie } = await fetchedFor(stage, view);
    let sum = 0;
    for (const path of paths) sum += await gzipBytes(stage.gateway.url + path, cookie);
    say(`${view}: ${paths.length} files, ${(sum / 1024).toFixed(1)} KB`);
    return sum;
  };
  report('web.firstLoadGzipKb', (await sizeOf('/')) / 1024, 'KB');
  await sizeOf(`/s/${sessionId}`);
};
