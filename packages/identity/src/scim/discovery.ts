import type { ScimAnswer } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { ScimError } from './errors.ts';
import { groupSchema } from './groups.ts';
import { largestPage } from './list.ts';
import { userSchema } from './users.ts';

/** What a directory asks before it begins (RFC 7643, sections 5 to 7). */
const serviceProvider = (baseUrl: string): Record<string, Json> => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: largestPage },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token that an admin of the tenant makes.',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
});

const resourceTypes = (baseUrl: string): Record<string, Json>[] =>
  [
    { name: 'User', endpoint: '/Users', schema: userSchema },
    { name: 'Group', endpoint: '/Groups', schema: groupSchema },
  ].map((type) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: type.name,
    ...type,
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.name}` },
  }));

const attribute = (name: string, more: Record<string, Json> = {}): Record<string, Json> => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});
const value = attribute('value');

const schemas = (baseUrl: string): Record<string, Json>[] =>
  [
    {
      id: userSchema,
      name: 'User',
      attributes: [
        attribute('userName', { required: true, uniqueness: 'server' }),
        attribute('externalId', { caseExact: true }),
        attribute('displayName'),
        attribute('name', {
          type: 'complex',
          subAttributes: ['formatted', 'givenName', 'familyName'].map((name) => attribute(name)),
        }),
        attribute('emails', {
          type: 'complex',
          multiValued: true,
          subAttributes: [value, attribute('primary', { type: 'boolean' })],
        }),
        attribute('active', { type: 'boolean' }),
        attribute('roles', {
          type: 'complex',
          multiValued: true,
          mutability: 'readOnly',
          subAttributes: [value],
        }),
      ],
    },
    {
      id: groupSchema,
      name: 'Group',
      attributes: [
        attribute('displayName', { required: true, uniqueness: 'server' }),
        attribute('externalId', { caseExact: true }),
        attribute('members', { type: 'complex', multiValued: true, subAttributes: [value] }),
      ],
    },
  ].map((schema) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  }));

/** Null for what is no page of discovery. Throws ScimError. */
export const discoveryAnswer = (
  method: string,
  resource: string,
  id: string | null,
  baseUrl: string,
): ScimAnswer | null => {
  const lists: Record<string, (baseUrl: string) => Record<string, Json>[]> = {
    Schemas: schemas,
    ResourceTypes: resourceTypes,
  };
  const list = Object.hasOwn(lists, resource) ? lists[resource] : undefined;
  if (resource !== 'ServiceProviderConfig' && !list) return null;
  if (method !== 'GET') throw new ScimError(405, 'This can only be read.');
  if (!list) return { status: 200, body: serviceProvider(baseUrl) };
  const all = list(baseUrl);
  if (id !== null) {
    const found = all.find((one) => one['id'] === id);
    if (!found) throw new ScimError(404, 'There is no such thing.');
    return { status: 200, body: found };
  }
  return {
    status: 200,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: all.length,
      startIndex: 1,
      itemsPerPage: all.length,
      Resources: all,
    },
  };
};
