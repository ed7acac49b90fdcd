import type { ScimAnswer } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { ScimError } from './errors.ts';

export type Resource = Record<string, Json>;

/** Resources in one answer, at most. */
export const largestPage = 200;

const filterForm = /^\s*([A-Za-z][\w.]*)\s+eq\s+"((?:[^"\\]|\\["\\/])*)"\s*$/i;

/** The one kind of filter that is supported: an attribute that equals a text. */
export const readFilter = (
  text: string | null,
  attributes: readonly string[],
): ((resource: Resource) => boolean) => {
  if (text === null || text.trim() === '') return () => true;
  const [, name, quoted] = filterForm.exec(text.slice(0, 1000)) ?? [];
  const attribute = attributes.find((one) => one.toLowerCase() === name?.toLowerCase());
  if (attribute === undefined || quoted === undefined)
    throw new ScimError(400, `Only filters such as ${attributes[0]} eq "…" are supported.`, 'invalidFilter');
  const wanted = quoted.replace(/\\(.)/g, '$1');
  // Ids and those of the directory are exact, names are not (RFC 7643, section 4.1).
  const fold = (value: string) =>
    attribute === 'id' || attribute === 'externalId' ? value : value.toLowerCase();
  return (resource) => {
    const value = resource[attribute];
    return typeof value === 'string' && fold(value) === fold(wanted);
  };
};

const numberIn = (query: URLSearchParams, name: string, fallback: number): number => {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^-?\d{1,9}$/.test(text)) throw new ScimError(400, `${name} must be a number.`, 'invalidValue');
  return Number(text);
};

/** A page of what fits (RFC 7644, section 3.4.2). */
export const listAnswer = (
  query: URLSearchParams,
  all: readonly Resource[],
  attributes: readonly string[],
): ScimAnswer => {
  const found = all.filter(readFilter(query.get('filter'), attributes));
  const startIndex = Math.max(1, numberIn(query, 'startIndex', 1));
  const count = Math.min(largestPage, Math.max(0, numberIn(query, 'count', largestPage)));
  const page = found.slice(startIndex - 1, startIndex - 1 + count);
  const excluded = (query.get('excludedAttributes') ?? '').split(',').map((name) => name.trim());
  return {
    status: 200,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: found.length,
      startIndex,
      itemsPerPage: page.length,
      Resources: page.map((one) =>
        Object.fromEntries(Object.entries(one).filter(([name]) => !excluded.includes(name))),
      ),
    },
  };
};
