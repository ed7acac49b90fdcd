import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoredSecret, silentLog } from '@reeve/core';
import { type Config, configSchema } from '@reeve/protocol';
import { createFakeClock } from '@reeve/testkit/fake-clock';
import { type OpenOptions, openSecretStore } from '@reeve/vault';

export const id = { tenantId: 'home', userId: null, name: 'first' };

export const secretOf = (value: string): StoredSecret => ({
  versions: [{ version: 1, value, createdAt: 1, validUntil: null }],
  current: 1,
  policy: null,
  rotation: null,
  revoked: null,
  lastFailure: null,
  createdAt: 1,
  updatedAt: 1,
});

/** A data folder and the places that settings make of it. */
export const createPlace = (
  secrets: Partial<Config['secrets']> = {},
  more: Partial<Omit<OpenOptions, 'settings'>> = {},
) => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-vault-'));
  const clock = createFakeClock();
  return {
    home,
    clock,
    file: (name: string) => join(home, name),
    open: (again: Partial<OpenOptions> = {}) =>
      openSecretStore({
        settings: configSchema.parse({ secrets }).secrets,
        home,
        env: {},
        clock,
        log: silentLog,
        // Many are tried here.
        workFactor: 10,
        ...more,
        ...again,
      }),
    dispose: async () => rmSync(home, { recursive: true, force: true }),
  };
};
