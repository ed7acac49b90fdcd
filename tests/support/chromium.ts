import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

const executablePath = '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

const launchOptions = {
  executablePath,
  headless: true,
  args: [...quiet, ...(getuid?.() === 0 ? ['--no-sandbox'] : [])],
};

/** The system's Chromium, without a window and with nothing to say to the network on its own. */
export const launchChromium = (): Promise<Browser> => chromium.launch(launchOptions);

export interface Watched {
  page: Page;
  /** Requests to anywhere but the gateway; the browser finds no other host. */
  foreign: string[];
  /** Errors and warnings of the console, and what scripts threw. */
  complaints: string[];
}

/** A page with cookies of its own that is watched for what it must not do. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  // Looks on: to hold each request for an answer would cost most of a page's loading, and its cache.
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(`${url}/`) && !/^(data|blob):/.test(address)) foreign.push(address);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, foreign, complaints };
};

/** A browser with one profile that another program can steer too: `port` is that of its debugging protocol. */
export const launchProfile = async (folder: string): Promise<{ context: BrowserContext; port: number }> => {
  const context = await chromium.launchPersistentContext(folder, {
    ...launchOptions,
    args: [...launchOptions.args, '--remote-debugging-port=0'],
    locale: 'en-GB',
  });
  const [port] = readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n');
  return { context, port: Number(port) };
};
