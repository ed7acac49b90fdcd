import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { createFakeClock, type Harness, startHarness } from '@reeve/testkit';
import { Constants } from 'samlify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBrowser } from '../support/browser.ts';
import { newCertificate } from '../support/certificate.ts';
import { createSamlIdp, readSamlRequest, type SamlAnswer } from '../support/saml-idp.ts';
import { as, local } from './support.ts';

const clock = createFakeClock();
const idp = createSamlIdp('https://idp.example/saml', clock.now);
let harness: Harness;

const configure = async (more: string[] = []) => {
  writeFileSync(
    joinPath(harness.home, 'reeve.toml'),
    [
      '[identity.saml.office]',
      `idpEntityId = "${idp.entityId}"`,
      'entryPoint = "https://idp.example/sign-in"',
      `certificate = """\n${idp.certificate}"""`,
      'allowSignUp = true',
      'domains = ["example.org"]',
      'roleMap = ["heads=admin"]',
      ...more,
    ].join('\n'),
  );
  const answer = await as(harness, local(harness), 'POST', '/api/system/reload');
  expect(answer.status).toBe(200);
};
const at = (step: string) => `${harness.url}/api/auth/saml/office/${step}`;
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://idp.example' };

const begin = async () => {
  const browser = createBrowser();
  const started = await browser.request('GET', `${at('start')}?returnTo=/settings`);
  return { browser, request: readSamlRequest(started.headers.location!) };
};
/** As the form of the identity provider posts it: from another site, so without our cookies. */
const post = (xml: string) => {
  const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64') }).toString();
  return createBrowser().request('POST', at('acs'), body, form);
};
type Begun = Awaited<ReturnType<typeof begin>>;
/** A whole sign-in with an answer of one's own making. */
const signIn = async (
  make: (begun: Begun) => string,
): Promise<{ begun: Begun; status: number; body: string; url: string }> => {
  const begun = await begin();
  const posted = await post(make(begun));
  if (posted.status !== 303) return { begun, status: posted.status, body: posted.body, url: '' };
  const page = await begun.browser.open(new URL(posted.headers.location!, harness.url).href);
  return { begun, status: page.status, body: page.body, url: page.url };
};
const good =
  (more: Partial<SamlAnswer> = {}, what: 'assertion' | 'message' = 'assertion') =>
  ({ request }: Begun) =>
    idp.sign(idp.responseXml(idp.answerTo(request, more)), what);
const me = async ({ browser }: Begun) =>
  as(harness, { cookie: browser.cookies(harness.url) }, 'GET', '/api/account');

beforeAll(async () => {
  harness = await startHarness({ clock });
});
afterAll(() => harness?.[Symbol.asyncDispose]());
// So that many wrong answers do not lock this address.
beforeEach(async () => {
  await clock.advance(10 * 60_000);
  await configure();
});

test.each(['assertion', 'message'] as const)(
  'F241 a person signs in by SAML with a signed %s, and the role follows the groups',
  async (what) => {
    const head = await signIn(good({ groups: ['staff', 'heads'] }, what));
    expect(head.url).toBe(`${harness.url}/settings`);
    expect((await me(head.begun)).json.person).toMatchObject({
      email: 'ida@example.org',
      name: 'Ida',
      role: 'admin',
    });
    const later = await signIn(good({ groups: ['staff'] }, what));
    expect((await me(later.begun)).json.person).toMatchObject({ role: 'user' });
  },
);

test('F241 what is not signed, or by another key, is refused', async () => {
  const other = newCertificate('idp');
  const wrong: ((begun: Begun) => string)[] = [
    ({ request }) => idp.responseXml(idp.answerTo(request)),
    ({ request }) => idp.sign(idp.responseXml(idp.answerTo(request)), 'assertion', other),
    // With the right certificate shown, and signed by another key.
    ({ request }) =>
      idp.sign(idp.responseXml(idp.answerTo(request)), 'assertion', {
        privateKey: other.privateKey,
        certificate: idp.certificate,
      }),
    ({ request }) =>
      idp.sign(
        idp.responseXml(idp.answerTo(request)),
        'assertion',
        undefined,
        Constants.algorithms.signature.RSA_SHA1,
      ),
    // Changed after it was signed.
    (begun) => good({ groups: ['staff'] })(begun).replace('>staff<', '>heads<'),
    (begun) => good()(begun).replace('>ida@example.org</saml:NameID', '>boss@example.org</saml:NameID'),
  ];
  for (const make of wrong) expect((await signIn(make)).status).toBe(401);
});

test('F241 signature wrapping is refused: nothing that is not signed is read', async () => {
  const evil = (begun: Begun) =>
    idp.assertionXml(idp.answerTo(begun.request, { id: '_evil', nameId: 'boss@example.org' }));
  const assertionOf = (xml: string) => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)![0];
  const signatureOf = (xml: string) => /<(?:ds:)?Signature[\s\S]*<\/(?:ds:)?Signature>/.exec(xml)![0];
  const wrong: ((begun: Begun) => string)[] = [
    // Beside, before and around the signed one.
    (begun) => good()(begun).replace('<saml:Assertion', `${evil(begun)}<saml:Assertion`),
    (begun) => good()(begun).replace('</samlp:Response>', `${evil(begun)}</samlp:Response>`),
    (begun) => {
      const xml = good()(begun);
      const signed = assertionOf(xml);
      return xml.replace(signed, evil(begun).replace('</saml:Assertion>', `${signed}</saml:Assertion>`));
    },
    // The signature moved into another assertion, with the signed one in its Object.
    (begun) => {
      const xml = good()(begun);
      const signed = assertionOf(xml);
      const signature = signatureOf(xml);
      const holding = signature.replace(
        /<\/((?:ds:)?Signature)>$/,
        `<Object xmlns="http://www.w3.org/2000/09/xmldsig#">${signed.replace(signature, '')}</Object></$1>`,
      );
      return xml.replace(signed, evil(begun).replace('</saml:Issuer>', `</saml:Issuer>${holding}`));
    },
    // The signed one in an extension of the message.
    (begun) => {
      const xml = good()(begun);
      const signed = assertionOf(xml);
      return xml
        .replace(signed, evil(begun))
        .replace('<samlp:Status>', `<samlp:Extensions>${signed}</samlp:Extensions><samlp:Status>`);
    },
  ];
  for (const make of wrong) {
    const { status, begun } = await signIn(make);
    expect(status).toBe(401);
    expect((await me(begun)).status).toBe(401);
  }
});

test('F241 document types, entities, comments and instructions are refused', async () => {
  const entity = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>';
  const wrong: ((begun: Begun) => string)[] = [
    (begun) => entity + good()(begun),
    (begun) => (entity + good()(begun)).replace('>Ida<', '>&x;<'),
    (begun) => good()(begun).replace('ida@example.org', 'ida@example.org<!-- -->.evil.net'),
    (begun) => good()(begun).replace('<saml:Subject>', '<?x y?><saml:Subject>'),
    () => 'no XML at all',
    () => '',
    () => '<samlp:Response',
  ];
  for (const make of wrong) expect((await signIn(make)).status).toBe(401);
});

test('F241 an assertion for others, of others, from elsewhere or of another time is refused', async () => {
  const now = clock.now();
  const wrong: Partial<SamlAnswer>[] = [
    { audience: 'https://somebody.example' },
    { recipient: 'https://somebody.example/acs' },
    { destination: 'https://somebody.example/acs' },
    { issuer: 'https://other.example' },
    { inResponseTo: '_not-asked-for' },
    { notOnOrAfter: now - 61_000 },
    { notBefore: now + 61_000 },
    { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
    { nameId: '' },
  ];
  for (const more of wrong) expect([more, (await signIn(good(more))).status]).toEqual([more, 401]);
  const no = await signIn(good({ status: 'urn:oasis:names:tc:SAML:2.0:status:Requester' }));
  expect(no.status).toBe(403);
});

test('F241 an answer is taken once, only to a request of ours, and only in the browser that began', async () => {
  const begun = await begin();
  const xml = good()(begun);
  const first = await post(xml);
  expect(first.status).toBe(303);
  expect((await post(xml)).status).toBe(401);
  const finish = new URL(first.headers.location!, harness.url).href;
  // Somebody lures another browser into the account of their own.
  const lured = await createBrowser().request('GET', finish);
  expect(lured.status).toBe(401);
  expect((await begun.browser.request('GET', finish)).status).toBe(401);
  // Nobody asked for it: the identity provider began.
  const unasked = idp.answerTo({ id: '', issuer: at('metadata'), acs: at('acs') });
  expect((await post(idp.sign(idp.responseXml(unasked)))).status).toBe(401);
});

test('F241 outside of its domains a provider opens no account by e-mail', async () => {
  const answer = await signIn(good({ nameId: 'x', email: 'owner@evil.net' }));
  expect(answer.status).toBe(403);
  await configure(['emailAttribute = "mail"']);
  expect((await signIn(good({ nameId: 'y' }))).status).toBe(403);
});

test('F241 without a certificate of ours no answer is believed, whatever certificate it brings along', async () => {
  writeFileSync(
    joinPath(harness.home, 'reeve.toml'),
    [
      '[identity.saml.office]',
      'allowSignUp = true',
      'domains = ["example.org"]',
      `metadata = '''<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${idp.entityId}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sign-in"/></IDPSSODescriptor></EntityDescriptor>'''`,
    ].join('\n'),
  );
  await as(harness, local(harness), 'POST', '/api/system/reload');
  expect((await signIn(good())).status).toBe(401);
});

test('F241 our metadata names where answers go', async () => {
  const answer = await createBrowser().request('GET', at('metadata'));
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(`Location="${at('acs')}"`);
  expect(answer.body).toContain('WantAssertionsSigned="true"');
});

test('F243 other sites may post nothing else to us', async () => {
  const body = new URLSearchParams({ email: 'a@example.org', password: 'x' }).toString();
  const answer = await createBrowser().request('POST', `${harness.url}/api/auth/sign-in`, body, form);
  expect(answer.status).toBe(403);
});
