import { homeTenant, type SecretId, type SecretStore } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import { metadataOf, plainSecret } from './record.ts';

/** Secrets that somebody else keeps and that can only be read here: everybody's in the home tenant. */
export const createPlainStore = (values: ReadonlyMap<string, string>): SecretStore => {
  let known = values;
  const idOf = (name: string): SecretId => ({ tenantId: homeTenant, userId: null, name });
  const refuse = () => Promise.reject(new FaultError('SECRETS_READ_ONLY'));
  return {
    canWrite: false,
    get: async ({ tenantId, userId, name }) => {
      const value = tenantId === homeTenant && userId === null ? known.get(name) : undefined;
      return value === undefined ? null : plainSecret(value);
    },
    set: refuse,
    delete: refuse,
    list: async () => [...known].map(([name, value]) => metadataOf(idOf(name), plainSecret(value))),
    async close() {
      known = new Map();
    },
  };
};
