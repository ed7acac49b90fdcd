import { BoundedMap, type Clock, homeTenant, type Owner, type Person, type SignIn } from '@reeve/core';
import { FaultError, type TokenPair } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Passkeys } from '../better-auth/passkeys.ts';
import type { AccessTokens } from '../credentials/access-tokens.ts';
import type { JwtKeys } from '../credentials/jwt-keys.ts';
import type { Holds, SessionRows } from '../credentials/sessions.ts';
import type { Mail } from '../mail.ts';
import { type Directory, normaliseEmail } from '../people/directory.ts';
import type { NewPasswords } from '../people/new-passwords.ts';
import type { Revocations } from '../revocations.ts';
import { digest } from '../secrets.ts';
import type { Lockouts } from './lockouts.ts';
import { createLoginCodes } from './login-codes.ts';
import type { Open } from './opening.ts';
import type { Passwords } from './passwords.ts';
import { createPendingSignIns } from './second-factor.ts';
import type { Tickets } from './tickets.ts';
import type { Totp } from './totp.ts';

/** Links that set a password, per account and hour: whoever asks more often gets no more mail. */
const resetsPerHour = 3;
const hourMs = 60 * 60_000;
/** Accounts of which that is known. */
const rememberedResets = 10_000;

export interface SignInDeps {
  clock: Clock;
  directory: Directory;
  present: (owner: Owner) => Person | null;
  passwords: Passwords;
  newPasswords: NewPasswords;
  totp: Totp;
  passkeys: Passkeys;
  tickets: Tickets;
  lockouts: Lockouts;
  sessions: SessionRows;
  accessTokens: AccessTokens;
  jwtKeys: JwtKeys;
  open: Open;
  mail: Mail;
  revocations: Revocations;
  audit: Audit;
}

/** Who was not proven belongs to no tenant: whoever runs the machine is told. */
const nobody = { tenantId: homeTenant, userId: null };

/** Every way in. */
export const createSignIn = (deps: SignInDeps): SignIn => {
  const { clock, directory, passwords, newPasswords, totp, tickets, lockouts, open, mail } = deps;
  const { revocations, audit } = deps;
  const loginCodes = createLoginCodes(clock);
  const pending = createPendingSignIns(clock);
  const resets = new BoundedMap<string, number[]>(rememberedResets);

  const mayAskAgain = (name: string): boolean => {
    const recent = (resets.get(name) ?? []).filter((at) => at > clock.now() - hourMs);
    resets.set(name, [...recent, clock.now()].slice(-resetsPerHour));
    return recent.length < resetsPerHour;
  };

  return {
    newLoginCode: (owner, by) => loginCodes.add(owner, revocations.since(owner, by)),

    async byLoginCode(code, client) {
      const found = loginCodes.take(code);
      if (!found || !deps.present(found.owner)) {
        audit(nobody, 'auth.failed', { address: client.address, data: { how: 'login link' } });
        throw new FaultError('LOGIN_EXPIRED');
      }
      const opened = await open(found.owner, false, client, 'login link', found.isStill);
      if (!('cookie' in opened)) throw new Error('a login link opens a cookie session');
      return opened;
    },

    async byPassword({ email, password, asTokens }, client) {
      const name = `password ${digest(normaliseEmail(email))}`;
      const succeeded = lockouts.begin(name);
      const owner = directory.findByEmail(email);
      const isStill = owner === null ? () => false : revocations.since(owner);
      const isSame = await passwords.verify(owner, password);
      const person = owner && deps.present(owner);
      if (!isSame || !person) {
        audit(owner ?? nobody, 'auth.failed', { address: client.address, data: { how: 'password' } });
        throw new FaultError('SIGN_IN_FAILED');
      }
      succeeded();
      const holds: Holds = (tx) => isStill() && isSame(tx);
      if (!(await totp.isOn(person))) return open(person, asTokens, client, 'password', holds);
      return { status: 'second-factor', ticket: pending.add({ owner: person, isStill, holds }) };
    },

    async bySecondFactor({ ticket, code, asTokens }, client) {
      const first = pending.tryOnce(ticket);
      if (!first)
        throw new FaultError('SIGN_IN_FAILED', 'This sign-in took too long.', { next: 'Begin again.' });
      const { owner, holds } = first;
      const succeeded = lockouts.begin(`second factor ${owner.userId}`);
      const how = await totp.verify(owner, code.trim());
      if (how === null) {
        audit(owner, 'auth.failed', { address: client.address, data: { how: 'second factor' } });
        throw new FaultError('SIGN_IN_FAILED');
      }
      if (!pending.take(ticket)) throw new FaultError('SIGN_IN_FAILED');
      succeeded();
      const both = how === 'app' ? 'password and app' : 'password and recovery code';
      return open(owner, asTokens, client, both, holds);
    },

    passkeyOptions: deps.passkeys.beginSignIn,

    async byPasskey({ ticket, answer, asTokens, origin }, client) {
      const proven = await deps.passkeys.signIn({ ticket, answer, origin }).catch((error: unknown) => {
        audit(nobody, 'auth.failed', { address: client.address, data: { how: 'passkey' } });
        throw error;
      });
      const owner = directory.ownerOf(proven.userId);
      if (!owner) throw new FaultError('SIGN_IN_FAILED');
      return open(owner, asTokens, client, 'passkey', proven.holds);
    },

    open,

    async readInvite(code) {
      const { tenant_id: tenantId, role, email, name } = await tickets.read('invite', code);
      const tenant = directory.tenants().find(({ id }) => id === tenantId);
      if (!tenant) throw new FaultError('CODE_EXPIRED');
      return { tenant: tenant.name, role: role!, email, name };
    },

    async register({ asTokens, ...given }, client) {
      const owner = await newPasswords.register(given);
      audit(owner, 'person.joined', { address: client.address });
      return open(owner, asTokens, client, 'invitation');
    },

    async requestReset(email, baseUrl, client) {
      // Nothing of it is waited for: how long it takes would tell whether there is such an account.
      const send = async () => {
        const owner = directory.findByEmail(email);
        const person = owner && deps.present(owner);
        if (!person?.email || !mail.isSetUp() || !mayAskAgain(person.userId)) return;
        const { code } = await tickets.reset(person, person.userId);
        audit(person, 'password.reset-requested', { address: client.address });
        await mail.send({
          to: person.email,
          subject: 'A new password for Reeve',
          text: `Hello ${person.name},\n\nopen this link to set a new password. It is good once, for an hour:\n\n${baseUrl}/login#reset=${code}\n\nIf you did not ask for it, you need do nothing.\n`,
        });
      };
      void send().catch(() => {});
    },

    async reset(given, client) {
      const owner = await newPasswords.reset(given);
      audit(owner, 'password.reset', { address: client.address });
    },

    async refresh(refreshToken, client) {
      const roleOf = (owner: Owner) => deps.present(owner)?.role ?? null;
      return deps.accessTokens.refresh(refreshToken, roleOf).catch((error: unknown): TokenPair => {
        audit(nobody, 'auth.failed', { address: client.address, data: { how: 'refresh token' } });
        throw error;
      });
    },

    publicKeys: deps.jwtKeys.published,

    async logout({ actor, credential, by }) {
      if (by !== 'cookie' && by !== 'access-token') return;
      if (await deps.sessions.end(credential)) audit(actor, 'auth.logout', { target: credential });
    },

    get canSendMail() {
      return mail.isSetUp();
    },
  };
};
