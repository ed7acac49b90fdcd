import { faultCatalogue } from '@reeve/protocol';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, openPage } from '../support/chromium.ts';
import { bearer, call } from '../support/http.ts';
import { testWith } from '../support/needs.ts';
import { procedures } from '../support/procedures.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at, not typed.
let document: any;
beforeAll(async () => {
  harness = await startHarness();
  document = (await call(harness, 'GET', '/api/openapi.json')).json;
});
afterAll(() => harness[Symbol.asyncDispose]());

test('F024 the document is OpenAPI 3.1 and lists every route with its summary', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  const listed = Object.entries<Record<string, { summary?: string }>>(document.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { summary }]) => ({
        route: `${method.toUpperCase()} ${path}`,
        hasSummary: Boolean(summary),
      })),
  );
  const expected = [
    ...procedures.map(({ method, path }) => `${method} ${path}`),
    'POST /v1/chat/completions',
    'GET /v1/models',
    'GET /v1/models/{id}',
    'POST /v1/responses',
    'GET /v1/responses/{id}',
    'POST /v1/embeddings',
  ];
  expect(listed.map(({ route }) => route).sort()).toEqual(expected.sort());
  expect(listed.filter(({ hasSummary }) => !hasSummary)).toEqual([]);
});

test('F009 F024 the document names every error code with its status, and what to do', () => {
  const text: string = document.info.description;
  for (const [code, kind] of Object.entries(faultCatalogue)) {
    expect(text).toContain(`\`${code}\` (${kind.status})`);
    expect(text).toContain(kind.next);
  }
});

test('F024 the document says how to sign in, and what needs no sign-in', () => {
  expect(document.security).toEqual([{ bearer: [] }]);
  expect(document.components.securitySchemes.bearer).toEqual({ type: 'http', scheme: 'bearer' });
  expect(document.paths['/health'].get.security).toEqual([]);
  expect(document.paths['/ready'].get.security).toEqual([]);
  expect(document.paths['/api/auth/login'].post.security).toEqual([]);
  expect(document.paths['/api/chat/send'].post.security).toBeUndefined();
});

test('F024 no reference in the document leads nowhere', () => {
  const references: string[] = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    (match) => match[1]!,
  );
  for (const reference of references) {
    const target = reference
      .replace('#/', '')
      .split('/')
      .reduce((value, key) => value?.[key], document);
    expect(target, reference).toBeDefined();
  }
});

testWith('chromium')(
  'F024 the reference page opens offline: nothing leaves the gateway, the console stays clean',
  async () => {
    const browser = await launchChromium();
    try {
      const { page, foreign, complaints } = await openPage(browser, harness.url, {
        extraHTTPHeaders: bearer(harness),
      });
      await page.goto(`${harness.url}/api/docs`, { waitUntil: 'networkidle' });
      await page.getByText('List sessions, the last active first').first().waitFor();
      expect(foreign).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
