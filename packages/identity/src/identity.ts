import {
  type AuditEntry,
  type Clock,
  type FormerCredentials,
  homeTenant,
  type Identity,
  type Log,
  type NewId,
  type Owner,
  ownerActor,
  type Person,
  type Principal,
} from '@reeve/core';
import { createAudit } from './audit.ts';
import { createPasskeys } from './better-auth/passkeys.ts';
import { createChannelLinks } from './channels/channel-links.ts';
import { createAccessTokens, looksLikeJwt } from './credentials/access-tokens.ts';
import { createApiKeys } from './credentials/api-keys.ts';
import { createDevices, type DeviceAdmission } from './credentials/devices.ts';
import { createJwtKeys } from './credentials/jwt-keys.ts';
import { createLastUses } from './credentials/last-uses.ts';
import { type Credential, createLookup } from './credentials/lookup.ts';
import { createSessions } from './credentials/sessions.ts';
import { prepareFirstStart } from './database/first-start.ts';
import { migrate } from './database/migrate.ts';
import type { Db } from './database/schema.ts';
import { createMail, type MailSettings } from './mail.ts';
import { createAccounts } from './people/accounts.ts';
import { createAdministration } from './people/administration.ts';
import { createDirectory, viewOf } from './people/directory.ts';
import { createGuests } from './people/guests.ts';
import { createNewPasswords } from './people/new-passwords.ts';
import { createRevocations } from './revocations.ts';
import { createScim, type ScimSettings } from './scim/scim.ts';
import { createBox, createMint, digest, isSameDigest, newSecret } from './secrets.ts';
import { createLockouts } from './sign-in/lockouts.ts';
import { createOpening } from './sign-in/opening.ts';
import { createPasswords } from './sign-in/passwords.ts';
import { createSharedPassword } from './sign-in/shared-password.ts';
import { createSignIn } from './sign-in/sign-in.ts';
import { createTickets } from './sign-in/tickets.ts';
import { createTotp } from './sign-in/totp.ts';
import { createAccept } from './sign-on/acceptance.ts';
import { createOidcClient } from './sign-on/oidc-client.ts';
import { createSamlClient } from './sign-on/saml-client.ts';
import { createSignOn, type SignOnSettings } from './sign-on/sign-on.ts';

export interface IdentityOptions {
  /** Of its own file; this instance alone uses it. */
  db: Db;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** 32 bytes that stay the same for the life of the data folder; kept apart from the database. */
  key: Buffer;
  settings: () => {
    maxSessions: number;
    sessionDays: number;
    mail: MailSettings | null;
    scim: ScimSettings;
    unknownSenders: 'guest' | 'refuse';
    maxGuests: number;
  } & SignOnSettings;
  /** The value of a setting that may name a secret instead. Rejects with FaultError SECRET_MISSING and its like. */
  readSecret: (setting: string, purpose: string) => Promise<string>;
  fetch: typeof fetch;
  /** Called for every sign-in, failure and change. Must not throw. */
  audit: (entry: AuditEntry) => void;
  /** What signed in before there were people; asked once in the life of a data folder. */
  former: FormerCredentials;
}

const dayMs = 86_400_000;

/** The Identity port on better-auth's tables. Throws FaultError DATABASE_TOO_NEW. */
export const openIdentity = async (options: IdentityOptions): Promise<Identity> => {
  const { db, clock, newId, log, settings } = options;
  await migrate(db);
  await prepareFirstStart(db, options);

  const localToken = newSecret('rvl_');
  const localHash = digest(localToken);
  const audit = createAudit(options.audit);
  const box = createBox(options.key);
  const directory = createDirectory(db);
  await directory.reload();
  const revocations = createRevocations(clock);
  const lookup = createLookup(db);
  const lastUses = createLastUses(db, clock, log);
  const base = { db, clock, newId, audit, lookup, lastUses, revocations, directory };

  const present = (owner: Owner): Person | null => {
    const person = directory.find(owner);
    return person && !person.isDisabled ? person : null;
  };
  const sessions = createSessions({ ...base, maxSessions: () => settings().maxSessions });
  const jwtKeys = createJwtKeys({ db, clock, newId, box });
  const mint = createMint(options.key, 'refresh tokens');
  const accessTokens = createAccessTokens({ ...base, keys: jwtKeys, sessions, mint });
  const open = createOpening({
    ...base,
    sessions,
    accessTokens,
    present,
    sessionMs: () => settings().sessionDays * dayMs,
  });
  const passwords = createPasswords(db);
  const tickets = createTickets({ ...base, present });
  const lockouts = createLockouts(clock);
  const totp = createTotp(db, clock, box);
  const mail = createMail({ settings: () => settings().mail, readSecret: options.readSecret, log });
  const passkeys = createPasskeys({
    db,
    secret: options.key.toString('base64url'),
    changed: directory.reload,
  });
  const newPasswords = createNewPasswords({ ...base, passwords, tickets, lockouts, sessions });

  const administration = createAdministration({ ...base, tickets, sessions, mail });
  const guests = createGuests({ ...base, log, limit: () => settings().maxGuests });
  const accept = createAccept({ ...base, present, administration });

  const isLive = ({ expiresAt }: Credential) => expiresAt === null || expiresAt > clock.now();
  const principalOf = (
    credential: Credential | null,
    by: Principal['by'],
    channel: string,
  ): Principal | null => {
    if (!credential || !isLive(credential)) return null;
    const person = present(credential.owner);
    if (!person) return null;
    lastUses.touch(by === 'token' ? 'reeve_key' : 'reeve_session', credential.id);
    const { tenantId, userId, role } = person;
    const { scopes, expiresAt } = credential;
    return {
      actor: { tenantId, userId, role, channel, ...(scopes && { scopes }) },
      by,
      credential: credential.id,
      ...(expiresAt !== null && { expiresAt }),
    };
  };

  /** What a device was admitted with, as long as it is good. */
  const admission = async (id: string): Promise<DeviceAdmission | null> => {
    if (id === 'local') return { expiresAt: null };
    const now = clock.now();
    const key = await db
      .selectFrom('reeve_key')
      .select(['scopes_json', 'expires_at'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (key) {
      const { scopes_json, expires_at: expiresAt } = key;
      if (expiresAt !== null && expiresAt <= now) return null;
      return { expiresAt, ...(scopes_json !== null && { scopes: JSON.parse(scopes_json) as string[] }) };
    }
    const session = await db
      .selectFrom('reeve_session')
      .select('expires_at')
      .where('id', '=', id)
      .executeTakeFirst();
    return session && session.expires_at > now ? { expiresAt: session.expires_at } : null;
  };

  return {
    people: directory,
    view: (owner) => {
      const person = directory.find(owner);
      return person && viewOf(person);
    },
    viewAll: (tenantId) => directory.list(tenantId).map(viewOf),
    tenantName: (tenantId) => directory.tenants().find(({ id }) => id === tenantId)?.name ?? tenantId,
    localToken,

    async authenticate({ bearer, cookie, channel }) {
      if (bearer !== undefined) {
        const hash = digest(bearer);
        if (isSameDigest(hash, localHash))
          return { actor: ownerActor(channel), by: 'local', credential: 'local' };
        return looksLikeJwt(bearer)
          ? principalOf(await accessTokens.verify(bearer), 'access-token', channel)
          : principalOf(await lookup.key(hash), 'token', channel);
      }
      return cookie === undefined ? null : principalOf(await lookup.cookie(digest(cookie)), 'cookie', 'web');
    },

    assume(owner, by, channel) {
      const person = present(owner);
      if (!person) return null;
      const { tenantId, userId, role } = person;
      return { actor: { tenantId, userId, role, channel }, by, credential: by };
    },
    findByEmail: directory.findByEmail,
    guest: (name) => guests(homeTenant, name.toLowerCase(), name),
    isSharedPassword: createSharedPassword(passwords, lockouts),
    onRevoked: revocations.onRevoked,

    signIn: createSignIn({
      ...base,
      present,
      passwords,
      newPasswords,
      totp,
      passkeys,
      tickets,
      lockouts,
      sessions,
      accessTokens,
      jwtKeys,
      open,
      mail,
    }),
    accounts: createAccounts({ ...base, passwords, newPasswords, totp, passkeys, lockouts }),
    sessions,
    keys: createApiKeys(base),
    devices: createDevices({ ...base, present, admission }),
    administration,
    signOn: createSignOn({
      ...base,
      settings,
      readSecret: options.readSecret,
      oidc: createOidcClient({ clock, fetch: options.fetch }),
      saml: createSamlClient({ clock }),
      accept,
      open,
      passwords,
      passkeys,
    }),
    scim: createScim({ ...base, administration, settings: () => settings().scim }),
    channels: createChannelLinks({
      ...base,
      present,
      guests,
      unknownSenders: () => settings().unknownSenders,
    }),
    close: () => lastUses.close(),
  };
};
