import { inflateRawSync } from 'node:zlib';
import { Constants, SamlLib } from 'samlify';
import { newCertificate } from './certificate.ts';

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
const assertionSpace = 'urn:oasis:names:tc:SAML:2.0:assertion';

/** What an answer says; all of it can be made wrong. */
export interface SamlAnswer {
  id: string;
  issuer: string;
  audience: string;
  recipient: string;
  destination: string;
  inResponseTo: string;
  notBefore: number;
  notOnOrAfter: number;
  nameId: string;
  nameIdFormat: string;
  email: string;
  groups: string[];
  status: string;
}

export interface SamlRequest {
  id: string;
  issuer: string;
  acs: string;
}

/** A request as it comes in the address of our redirect. */
export const readSamlRequest = (url: string): SamlRequest => {
  const xml = inflateRawSync(Buffer.from(new URL(url).searchParams.get('SAMLRequest')!, 'base64')).toString();
  const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(xml)![1]!;
  return {
    id: attribute('ID'),
    issuer: /<saml:Issuer>([^<]*)</.exec(xml)![1]!,
    acs: attribute('AssertionConsumerServiceURL'),
  };
};

/** A SAML identity provider made with samlify: its key, and answers that it signs. */
export const createSamlIdp = (entityId: string, now: () => number) => {
  const { certificate, privateKey } = newCertificate('idp');
  let ids = 0;
  const answerTo = ({ id, issuer, acs }: SamlRequest, more: Partial<SamlAnswer> = {}): SamlAnswer => {
    ids += 1;
    return {
      id: `_a${ids}`,
      issuer: entityId,
      audience: issuer,
      recipient: acs,
      destination: acs,
      inResponseTo: id,
      notBefore: now() - 1000,
      notOnOrAfter: now() + 300_000,
      nameId: 'ida@example.org',
      nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      email: 'ida@example.org',
      groups: [],
      status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
      ...more,
    };
  };
  const assertionXml = (answer: SamlAnswer): string => {
    const time = (at: number) => new Date(at).toISOString();
    const attribute = (name: string, values: string[]) =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`;
    return [
      `<saml:Assertion xmlns:saml="${assertionSpace}" ID="${answer.id}" Version="2.0" IssueInstant="${time(now())}">`,
      `<saml:Issuer>${answer.issuer}</saml:Issuer>`,
      `<saml:Subject><saml:NameID Format="${answer.nameIdFormat}">${answer.nameId}</saml:NameID>`,
      '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
      `<saml:SubjectConfirmationData NotOnOrAfter="${time(answer.notOnOrAfter)}" Recipient="${answer.recipient}" InResponseTo="${answer.inResponseTo}"/>`,
      '</saml:SubjectConfirmation></saml:Subject>',
      `<saml:Conditions NotBefore="${time(answer.notBefore)}" NotOnOrAfter="${time(answer.notOnOrAfter)}">`,
      `<saml:AudienceRestriction><saml:Audience>${answer.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      `<saml:AttributeStatement>${attribute('email', [answer.email])}${attribute('displayName', ['Ida'])}${attribute('groups', answer.groups)}</saml:AttributeStatement>`,
      '</saml:Assertion>',
    ].join('');
  };
  const responseXml = (answer: SamlAnswer, inner = assertionXml(answer)): string =>
    [
      `<samlp:Response xmlns:samlp="${protocol}" xmlns:saml="${assertionSpace}" ID="${answer.id}r" Version="2.0" IssueInstant="${new Date(now()).toISOString()}" Destination="${answer.destination}" InResponseTo="${answer.inResponseTo}">`,
      `<saml:Issuer>${answer.issuer}</saml:Issuer>`,
      `<samlp:Status><samlp:StatusCode Value="${answer.status}"/></samlp:Status>`,
      inner,
      '</samlp:Response>',
    ].join('');
  const sign = (
    xml: string,
    what: 'assertion' | 'message' = 'assertion',
    key: { privateKey: string; certificate: string } = { privateKey, certificate },
    signatureAlgorithm: string = Constants.algorithms.signature.RSA_SHA256,
  ): string =>
    SamlLib.constructSAMLSignature({
      rawSamlMessage: xml,
      referenceTagXPath: `/*[local-name(.)='Response']/*[local-name(.)='Assertion']`,
      privateKey: key.privateKey,
      signingCert: key.certificate.replace(/-----[^-]+-----|\s/g, ''),
      signatureAlgorithm,
      isBase64Output: false,
      ...(what === 'message' && { isMessageSigned: true, referenceTagXPath: "/*[local-name(.)='Response']" }),
    });
  return { entityId, certificate, privateKey, answerTo, assertionXml, responseXml, sign };
};
