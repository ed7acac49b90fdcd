import { FaultError } from '@reeve/protocol';

/** Characters of an answer that are looked at; one with a hundred groups has 20,000. */
const longest = 128 * 1024;
/** The parser takes time by the square of these. Providers send two hundred elements, a dozen attributes, ten levels. */
const mostElements = 3_000;
const mostAttributes = 40;
const deepest = 30;

const failed = (why: string) =>
  new FaultError('SIGN_ON_FAILED', `The sign-in could not be believed: ${why}.`);

/**
 * Refuses whatever no identity provider needs and attacks are made of: document types and entities, comments within
 * names, instructions, two assertions in one answer, encryption that we have no key for, and broken algorithms.
 */
export const expectSafeXml = (xml: string): void => {
  if (xml.length > longest) throw failed('the answer is too long');
  const body = xml.replace(/^\s*<\?xml[^>]*\?>/, '');
  if (/<!|<\?/.test(body)) throw failed('the answer holds more than elements');
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/.test(body))
    throw failed('it names an entity that XML does not know');
  expectModestXml(body);
  const count = (name: string) => [...body.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}[\\s/>]`, 'g'))].length;
  if (count('EncryptedAssertion') > 0) throw failed('the assertion is encrypted; have it sent signed only');
  if (count('Response') !== 1 || count('Assertion') !== 1)
    throw failed('there is not exactly one assertion in it');
  if (!/^\s*<(?:[\w.-]+:)?Response[\s>]/.test(body)) throw failed('it is no answer to a sign-in');
  if (/Algorithm\s*=\s*["'][^"']*(?:sha1|md5|hmac|WithComments)["']/i.test(body))
    throw failed('it is signed in a way that is broken');
};

/** Every tag as it opens or closes; quotes may hold what looks like the end of one. */
const expectModestXml = (body: string): void => {
  let elements = 0;
  let depth = 0;
  for (const [tag] of body.matchAll(/<(?:[^<>"']|"[^"<]*"|'[^'<]*')*>/g)) {
    if (tag.startsWith('</')) {
      depth -= 1;
      continue;
    }
    elements += 1;
    if (!tag.endsWith('/>')) depth += 1;
    const attributes = tag.match(/=\s*["']/g)?.length ?? 0;
    if (elements > mostElements || depth > deepest || attributes > mostAttributes)
      throw failed('it is larger than any answer to a sign-in');
  }
  // What is no tag is no XML, and not for a parser to make sense of.
  const text = body.replace(/<(?:[^<>"']|"[^"<]*"|'[^'<]*')*>/g, '');
  if (/[<>]/.test(text) || depth !== 0) throw failed('it is not well-formed');
};

/** What of an assertion is used. Only ever read from what a signature covers. */
export interface RawAssertion {
  id: string;
  issuer: string;
  nameId: string;
  nameIdFormat: string | undefined;
  audiences: string[];
  conditions: { notBefore?: string; notOnOrAfter?: string };
  confirmation: {
    method: string;
    recipient?: string;
    inResponseTo?: string;
    notBefore?: string;
    notOnOrAfter?: string;
  };
  attributes: Record<string, unknown>;
}

type Extract = typeof import('samlify')['Extractor']['extract'];

const subject = ['Assertion', 'Subject'];

export const assertionFields = (extract: Extract, xml: string): RawAssertion => {
  const found = extract(xml, [
    { key: 'id', localPath: ['Assertion'], attributes: ['ID'] },
    { key: 'issuer', localPath: ['Assertion', 'Issuer'], attributes: [] },
    { key: 'nameId', localPath: [...subject, 'NameID'], attributes: [] },
    { key: 'nameIdFormat', localPath: [...subject, 'NameID'], attributes: ['Format'] },
    {
      key: 'audiences',
      localPath: ['Assertion', 'Conditions', 'AudienceRestriction', 'Audience'],
      attributes: [],
    },
    { key: 'conditions', localPath: ['Assertion', 'Conditions'], attributes: ['NotBefore', 'NotOnOrAfter'] },
    { key: 'method', localPath: [...subject, 'SubjectConfirmation'], attributes: ['Method'] },
    {
      key: 'data',
      localPath: [...subject, 'SubjectConfirmation', 'SubjectConfirmationData'],
      attributes: ['Recipient', 'InResponseTo', 'NotBefore', 'NotOnOrAfter'],
    },
    {
      key: 'attributes',
      localPath: ['Assertion', 'AttributeStatement', 'Attribute'],
      index: ['Name'],
      attributePath: ['AttributeValue'],
      attributes: [],
    },
  ]) as Record<string, unknown>;
  const one = (name: string): string => {
    const value = found[name];
    if (typeof value !== 'string' || value === '') throw failed(`the assertion has not exactly one ${name}`);
    return value;
  };
  const table = (name: string): Record<string, string> => {
    const value = found[name];
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw failed(`the assertion has not exactly one ${name}`);
    return value as Record<string, string>;
  };
  const { audiences, nameIdFormat, attributes } = found;
  return {
    id: one('id'),
    issuer: one('issuer'),
    nameId: one('nameId'),
    nameIdFormat: typeof nameIdFormat === 'string' ? nameIdFormat : undefined,
    audiences: [audiences].flat().filter((text) => typeof text === 'string'),
    conditions: table('conditions'),
    confirmation: { ...table('data'), method: one('method') },
    attributes: (attributes ?? {}) as Record<string, unknown>,
  };
};
