import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeClock, type Harness, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBrowser } from '../support/browser.ts';
import { ask, call } from '../support/http.ts';
import { createSamlIdp } from '../support/saml-idp.ts';

/** What strangers post as the answer of an identity provider, and how often they begin. */
const clock = createFakeClock();
const idp = createSamlIdp('https://idp.example/saml', clock.now);
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ model: null, clock });
  writeFileSync(
    join(harness.home, 'reeve.toml'),
    [
      '[identity.saml.office]',
      `idpEntityId = "${idp.entityId}"`,
      'entryPoint = "https://idp.example/sign-in"',
      `certificate = """\n${idp.certificate}"""`,
    ].join('\n'),
  );
  await call(harness, 'POST', '/api/system/reload');
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const post = async (xml: string) => {
  // Another minute: ten wrong ones shut an address out, which is what another test shows.
  await clock.advance(10 * 60_000);
  const form = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64') });
  return createBrowser().request('POST', `${harness.url}/api/auth/saml/office/acs`, form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    origin: 'https://idp.example',
  });
};
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => part(n)).join('');

test.each([
  ['many attributes', `<Response${times(12_000, (n) => ` a${n}=""`)}><Assertion /></Response>`],
  ['many elements', `<Response><Assertion />${times(20_000, () => '<a/>')}</Response>`],
  [
    'many levels',
    `<Response><Assertion />${times(5_000, () => '<a>')}${times(5_000, () => '</a>')}</Response>`,
  ],
  [
    'many name spaces, one in another',
    `<Response><Assertion />${times(900, (n) => `<a xmlns:n${n}="u">`)}${times(900, () => '</a>')}</Response>`,
  ],
  ['space in a tag', '<Response ><Assertion ></Response>'],
  ['an attribute twice', '<Response a="1" a="2"><Assertion /></Response>'],
  ['an unknown entity', '<Response>&foo;<Assertion /></Response>'],
  ['quotes that do not end', '<Response a="><Assertion />'],
  ['more brackets than tags', `<Response><Assertion />${'<'.repeat(50_000)}</Response>`],
  ['no elements at all', 'nothing'],
])(
  'F241 an answer with %s is refused before it is believed, and costs whoever sends it',
  async (_what, xml) => {
    const answer = await post(xml);
    expect([answer.status, answer.body.includes('could not be believed')]).toEqual([401, true]);
  },
);

test('F241 F242 an address does not begin more sign-ins than a household needs', async () => {
  await clock.advance(10 * 60_000);
  const statuses = [];
  for (let n = 0; n < 40; n += 1)
    statuses.push((await ask(`${harness.url}/api/auth/saml/office/start`)).status);
  expect([statuses.at(0), statuses.at(-1)]).toEqual([303, 429]);
});
