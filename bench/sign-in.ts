import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IdentitySchema, openIdentity } from '@reeve/identity';
import { openIdentityDatabase } from '@reeve/store';
import { report } from './report.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const client = { address: '127.0.0.1', userAgent: 'bench' };

/** `auth.keyCheckUs`, `auth.loginMs`: CPU of recognising an API key, and of a sign-in with its session on disk. */
export const benchSignIn = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const database = openIdentityDatabase<IdentitySchema>(home);
  const identity = await openIdentity({
    db: database.db,
    clock: { now: Date.now, at: () => () => {} },
    newId: (prefix) => `${prefix}${randomBytes(8).toString('hex')}`,
    log: silent,
    key: randomBytes(32),
    settings: () => ({
      maxSessions: 20,
      sessionDays: 30,
      mail: null,
      oidc: {},
      saml: {},
      scim: { roleMap: [], defaultRole: 'user' },
      unknownSenders: 'guest',
      maxGuests: 500,
    }),
    readSecret: async () => '',
    fetch,
    audit: () => {},
    former: { read: async () => ({ tokens: [], webSessions: [], devices: [] }), forget: async () => {} },
  });
  const bearing = (token: string) => ({ bearer: token, cookie: undefined, channel: 'api' });
  const owner = (await identity.authenticate(bearing(identity.localToken)))!;
  const account = { email: 'owner@example.org', password: 'four quiet words today' };
  await identity.accounts.setPassword(owner, { ...account, name: 'Owner' });
  const { token } = await identity.keys.create(owner.actor, { name: 'bench' });

  const cpuMsOf = async (count: number, work: () => Promise<unknown>) => {
    await work();
    const before = process.cpuUsage();
    for (let n = 0; n < count; n += 1) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / count;
  };
  const checked = await cpuMsOf(isSmoke ? 1_000 : 20_000, () => identity.authenticate(bearing(token)));
  report('auth.keyCheckUs', checked * 1000, 'us');
  const signedIn = await cpuMsOf(isSmoke ? 3 : 30, () =>
    identity.signIn.byPassword({ ...account, asTokens: false }, client),
  );
  report('auth.loginMs', signedIn, 'ms');

  await identity.close();
  database.close();
  rmSync(home, { recursive: true, force: true });
};
