import type { Clock } from '@reeve/core';
import { FaultError, type SamlConfig } from '@reeve/protocol';
import { newSecret } from '../secrets.ts';
import { type Claims, isInDomains, textsOf } from './claims.ts';
import { assertionFields, expectSafeXml, type RawAssertion } from './saml-xml.ts';

/** Clocks may differ by so much. */
const skewMs = 60_000;
/** An assertion is remembered until it ends, but not for longer than any should live. */
const longestLifeMs = 60 * 60_000;

const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

/** Our side as a provider knows it. */
export interface SamlAddresses {
  entityId: string;
  acs: string;
}

/** SAML 2.0 web sign-on: request by redirect, answer by a posted form; begun by us only. */
export interface SamlClient {
  begin(settings: SamlConfig, addresses: SamlAddresses): Promise<{ url: string; requestId: string }>;
  /** The request that an answer says it is for: not believed yet. Throws FaultError SIGN_ON_FAILED. */
  requestOf(response: string): Promise<string>;
  /** Throws FaultError SIGN_ON_FAILED, SIGN_ON_REFUSED. */
  verify(
    settings: SamlConfig,
    addresses: SamlAddresses,
    given: { response: string; requestId: string },
  ): Promise<Claims>;
  metadata(addresses: SamlAddresses): Promise<string>;
}

const failed = (why: string, cause?: unknown) =>
  new FaultError('SIGN_ON_FAILED', `The sign-in could not be believed: ${why}.`, { cause });

type Samlify = typeof import('samlify');

export const createSamlClient = ({ clock }: { clock: Clock }): SamlClient => {
  const used = new Map<string, number>();
  const load = (): Promise<Samlify> => import('samlify');

  /** By the settings themselves: they are new ones after each change. */
  const known = new WeakMap<SamlConfig, ReturnType<Samlify['IdentityProvider']>>();
  const provider = (samlify: Samlify, settings: SamlConfig) => {
    const found = known.get(settings) ?? describe(samlify, settings);
    known.set(settings, found);
    return found;
  };
  const describe = (samlify: Samlify, settings: SamlConfig) => {
    if (settings.metadata !== '') {
      if (/<!(?:DOCTYPE|ENTITY)/i.test(settings.metadata))
        throw failed('the metadata declares a document type');
      return samlify.IdentityProvider({ metadata: settings.metadata });
    }
    if (settings.idpEntityId === '' || settings.entryPoint === '' || settings.certificate === '')
      throw new FaultError('SIGN_ON_FAILED', 'The identity provider is not described.', {
        next: 'Set metadata, or idpEntityId, entryPoint and certificate.',
      });
    const binding = samlify.Constants.namespace.binding.redirect;
    return samlify.IdentityProvider({
      entityID: settings.idpEntityId,
      signingCert: settings.certificate,
      singleSignOnService: [{ Binding: binding, Location: settings.entryPoint }],
      // Never used; the library complains on the console when there is none.
      singleLogoutService: [{ Binding: binding, Location: settings.entryPoint }],
    });
  };
  const ourselves = (samlify: Samlify, { entityId, acs }: SamlAddresses, requestId?: string) =>
    samlify.ServiceProvider({
      entityID: entityId,
      wantAssertionsSigned: true,
      authnRequestsSigned: false,
      nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
      assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: acs }],
      ...(requestId !== undefined && { generateID: () => requestId }),
    });
  const decode = (response: string): string => {
    const xml = Buffer.from(response, 'base64').toString('utf8');
    expectSafeXml(xml);
    return xml;
  };
  /** What the parser cannot read was made by nobody who signs people in. */
  const extract = (samlify: Samlify, ...given: Parameters<Samlify['Extractor']['extract']>) => {
    try {
      return samlify.Extractor.extract(...given);
    } catch (error) {
      throw failed('it cannot be read', error);
    }
  };
  const takeOnce = (id: string, until: number): boolean => {
    const now = clock.now();
    for (const [known, end] of used) if (end <= now) used.delete(known);
    if (used.has(id)) return false;
    used.set(id, Math.min(until, now + longestLifeMs) + skewMs);
    return true;
  };

  const readTime = (text: string | undefined): number | null => {
    if (text === undefined) return null;
    const time = Date.parse(text);
    if (Number.isNaN(time)) throw failed('a time is not readable');
    return time;
  };

  /** Everything that an assertion must be, beside signed. Resolves to when it ends. */
  const check = (
    assertion: RawAssertion,
    idpEntityId: string,
    { entityId, acs }: SamlAddresses,
    requestId: string,
  ): number => {
    const now = clock.now();
    const { conditions, confirmation } = assertion;
    if (assertion.issuer !== idpEntityId) throw failed('the assertion is of another issuer');
    if (!assertion.audiences.includes(entityId)) throw failed('the assertion is for somebody else');
    if (confirmation.method !== bearer) throw failed('the assertion is confirmed in another way');
    if (confirmation.recipient !== acs) throw failed('the assertion was sent to another place');
    if (confirmation.inResponseTo !== requestId) throw failed('the assertion answers another request');
    const ends = [readTime(confirmation.notOnOrAfter), readTime(conditions.notOnOrAfter)];
    if (ends[0] === null) throw failed('the assertion has no end');
    if (ends.some((end) => end !== null && end + skewMs <= now)) throw failed('the assertion is too old');
    const begins = [readTime(confirmation.notBefore), readTime(conditions.notBefore)];
    if (begins.some((begin) => begin !== null && begin - skewMs > now))
      throw failed('the assertion is not valid yet');
    return ends[0]!;
  };

  return {
    async begin(settings, addresses) {
      const samlify = await load();
      const requestId = newSecret('_');
      const { context } = ourselves(samlify, addresses, requestId).createLoginRequest(
        provider(samlify, settings),
        'redirect',
      );
      return { url: context, requestId };
    },

    async requestOf(response) {
      const samlify = await load();
      const found = extract(samlify, decode(response), [
        { key: 'response', localPath: ['Response'], attributes: ['ID', 'InResponseTo'] },
      ]) as { response?: { inResponseTo?: unknown } };
      const id = found.response?.inResponseTo;
      if (typeof id !== 'string' || id === '') throw failed('it was not asked for');
      return id;
    },

    async verify(settings, addresses, { response, requestId }) {
      const samlify = await load();
      const idp = provider(samlify, settings);
      const certificates = [idp.entityMeta.getX509Certificate('signing')].flat(2).filter(Boolean);
      // Without one of our own the library would believe the certificate that the answer brings along.
      if (certificates.length === 0) throw failed('no certificate of the identity provider is known');
      const xml = decode(response);
      const outer = extract(samlify, xml, [
        { key: 'response', localPath: ['Response'], attributes: ['ID', 'Destination'] },
        { key: 'status', localPath: ['Response', 'Status', 'StatusCode'], attributes: ['Value'] },
      ]) as { response?: { destination?: unknown }; status?: unknown };
      if (outer.status !== success)
        throw new FaultError('SIGN_ON_REFUSED', 'The other place did not sign you in.');
      const destination = outer.response?.destination;
      if (destination !== undefined && destination !== addresses.acs)
        throw failed('the answer was sent to another place');
      const signed = ((): string | null => {
        try {
          const [isSigned, content] = samlify.SamlLib.verifySignature(xml, { metadata: idp.entityMeta });
          return isSigned ? content : null;
        } catch (error) {
          throw failed('the signature is not valid', error);
        }
      })();
      // From here on only what the signature covers is looked at.
      if (signed === null) throw failed('the assertion is not signed');
      const assertion = assertionFields((text, fields) => extract(samlify, text, fields), signed);
      const ends = check(assertion, idp.entityMeta.getEntityID(), addresses, requestId);
      if (assertion.nameIdFormat === transient)
        throw failed('the name id changes with each sign-in; have a persistent one sent');
      if (!takeOnce(assertion.id, ends)) throw failed('the assertion was used before');
      const of = (name: string) => textsOf(assertion.attributes[name]);
      const email =
        settings.emailAttribute === 'nameId' ? assertion.nameId : (of(settings.emailAttribute)[0] ?? null);
      return {
        issuer: assertion.issuer,
        subject: assertion.nameId,
        email,
        isEmailVerified: email !== null && isInDomains(email, settings.domains),
        name: of(settings.nameAttribute)[0] ?? null,
        groups: of(settings.groupsAttribute),
      };
    },

    async metadata(addresses) {
      const samlify = await load();
      return ourselves(samlify, addresses).getMetadata();
    },
  };
};
