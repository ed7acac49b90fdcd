import type {
  ApiKey,
  BuiltInRole,
  Invite,
  Json,
  PasskeyView,
  PersonView,
  RoleView,
  SignInSession,
  TenantView,
  TokenPair,
} from '@reeve/protocol';
import type { Actor, Owner } from '../gate/actor.ts';
import type { ChannelLinks } from './channel-links.ts';
import type { People, PersonFlags } from './people.ts';
import type { Scim } from './scim.ts';
import type { SignOn } from './sign-on.ts';

/** Somebody who proved who they are. Made by identity alone. */
export interface Principal {
  actor: Actor;
  /**
   * How it was proven. A cookie is sent by browsers on their own, as is what a proxy adds, so these need proof of
   * where the request began.
   */
  by: 'cookie' | 'token' | 'access-token' | 'local' | 'device' | 'shared-password' | 'proxy' | 'none';
  /** What it was proven with, as a name for {@link Identity.onRevoked}. */
  credential: string;
  /** The device that proved its key, where one did. */
  deviceId?: string;
  /** When that credential ends by itself, Unix ms; absent = never. */
  expiresAt?: number;
}

/** Tells a device's token from the others, so that it is never taken for one that needs no signature. */
export const deviceTokenPrefix = 'rvd_';

/** Where a sign-in comes from, for the list of devices and the audit. */
export interface Client {
  address: string;
  userAgent: string;
}

/** A new sign-in: a cookie for a browser, tokens for a program. Shown once. */
export type SignedIn =
  | { status: 'ok'; owner: Owner; cookie: string; maxAgeMs: number }
  | { status: 'ok'; owner: Owner; tokens: TokenPair }
  | { status: 'second-factor'; ticket: string };

/** A WebAuthn ceremony between its two requests. */
export interface Ceremony {
  ticket: string;
  options: Record<string, Json>;
}

/** Ways in. Each throws FaultError for what the caller can mend; none tells whether an account exists. */
export interface SignIn {
  /**
   * A code for `/login#code=…`, good once, for an hour; it signs in as `owner`, as long as nobody ends the owner's
   * sign-ins, or the one in `by`.
   */
  newLoginCode(owner: Owner, by?: Principal): string;
  /** Throws FaultError LOGIN_EXPIRED. */
  byLoginCode(code: string, client: Client): Promise<SignedIn & { status: 'ok'; cookie: string }>;
  /** Throws FaultError SIGN_IN_FAILED, RATE_LIMIT. */
  byPassword(
    given: { email: string; password: string; asTokens: boolean },
    client: Client,
  ): Promise<SignedIn>;
  /** Throws FaultError SIGN_IN_FAILED, RATE_LIMIT. */
  bySecondFactor(
    given: { ticket: string; code: string; asTokens: boolean },
    client: Client,
  ): Promise<SignedIn>;
  /** `origin` is that of the page; throws FaultError UNSUPPORTED for one that browsers give no passkeys to. */
  passkeyOptions(origin: string): Promise<Ceremony>;
  byPasskey(
    given: { ticket: string; answer: Json; asTokens: boolean; origin: string },
    client: Client,
  ): Promise<SignedIn>;
  /** A session for somebody who was proven by other means, such as single sign-on. */
  open(owner: Owner, asTokens: boolean, client: Client, how: string): Promise<SignedIn>;
  /** Throws FaultError CODE_EXPIRED. */
  readInvite(
    code: string,
  ): Promise<{ tenant: string; role: string; email: string | null; name: string | null }>;
  /** Throws FaultError CODE_EXPIRED, PASSWORD_WEAK, CONFLICT. */
  register(
    given: { code: string; name: string; email: string; password: string; asTokens: boolean },
    client: Client,
  ): Promise<SignedIn>;
  /** Resolves alike whether or not there is such an account. `baseUrl` begins the link. */
  requestReset(email: string, baseUrl: string, client: Client): Promise<void>;
  /** Throws FaultError CODE_EXPIRED, PASSWORD_WEAK. */
  reset(given: { code: string; password: string }, client: Client): Promise<void>;
  /** Throws FaultError AUTH_FAILED; a token that was given out and used before ends its whole family. */
  refresh(refreshToken: string, client: Client): Promise<TokenPair>;
  publicKeys(): Promise<Record<string, Json>[]>;
  /** Ends the session behind a principal, if it is one. */
  logout(principal: Principal): Promise<void>;
  readonly canSendMail: boolean;
}

/** What people do with their own account. */
export interface Accounts {
  state(owner: Owner): Promise<{
    hasPassword: boolean;
    hasTotp: boolean;
    recoveryCodesLeft: number;
    passkeys: PasskeyView[];
  }>;
  update(owner: Owner, change: { name?: string; language?: string | null }): Promise<void>;
  /** Throws FaultError SIGN_IN_FAILED, PASSWORD_WEAK, INVALID_PARAMS, CONFLICT. */
  setPassword(
    principal: Principal,
    given: { current?: string; password: string; name?: string; email?: string },
  ): Promise<void>;
  beginTotp(owner: Owner, password: string): Promise<{ secret: string; url: string }>;
  confirmTotp(owner: Owner, code: string): Promise<string[]>;
  disableTotp(owner: Owner, password: string): Promise<void>;
  newRecoveryCodes(owner: Owner, password: string): Promise<string[]>;
  passkeyOptions(owner: Owner, origin: string): Promise<Ceremony>;
  addPasskey(
    owner: Owner,
    given: { ticket: string; answer: Json; name: string; origin: string },
  ): Promise<PasskeyView>;
  removePasskey(owner: Owner, id: string): Promise<void>;
}

/** Where people are signed in. */
export interface SignInSessions {
  list(principal: Principal): Promise<SignInSession[]>;
  /** Throws FaultError NOT_FOUND. */
  revoke(owner: Owner, id: string): Promise<void>;
  /** How many ended; what was begun and waits for its other half ends too. `except` is a credential that stays. */
  revokeAll(owner: Owner, except?: string): Promise<number>;
}

export interface ApiKeys {
  /** Throws FaultError PERMISSION_DENIED for scopes that the actor has not. */
  create(
    actor: Actor,
    given: { name: string; scopes?: readonly string[]; expiresAt?: number },
  ): Promise<ApiKey & { token: string }>;
  list(owner: Owner): Promise<ApiKey[]>;
  /** Throws FaultError NOT_FOUND. */
  revoke(owner: Owner, id: string): Promise<void>;
}

/** Devices that prove an Ed25519 key of their own on the wire. */
export interface Devices {
  /** `deviceId` must have been proven by its signature; null for a token that is not this device's. */
  authenticate(token: string, deviceId: string): Promise<{ principal: Principal; scopes: string[] } | null>;
  /** A token for a device that proved its key, bound to it and to what it was admitted with. */
  issue(principal: Principal, deviceId: string, scopes: string[]): Promise<string>;
  list(owner: Owner): Promise<{ deviceId: string; scopes: string[]; createdAt: number }[]>;
  /** Throws FaultError NOT_FOUND. */
  revoke(owner: Owner, deviceId: string): Promise<void>;
}

/** What admins do with the people of their tenant. Whoever calls has asked whether the actor may. */
export interface Administration {
  /**
   * Whoever is disabled is signed out everywhere, as are the devices that those sign-ins admitted. API keys and the
   * devices admitted by them are refused as long as the person is disabled, and stay: programs go on where they were.
   * Throws FaultError NOT_FOUND, INVALID_PARAMS, CONFLICT (the last admin stays one).
   */
  update(
    actor: Actor,
    userId: string,
    change: { name?: string; role?: string; flags?: Partial<PersonFlags>; isDisabled?: boolean },
  ): Promise<void>;
  remove(actor: Actor, userId: string): Promise<void>;
  resetCode(actor: Actor, userId: string): Promise<{ code: string; expiresAt: number }>;
  signOut(actor: Actor, userId: string): Promise<number>;
  invites(tenantId: string): Promise<Invite[]>;
  /** `linkOf` makes the link that is mailed when mail is set up and the invitation names an address. */
  invite(
    actor: Actor,
    given: { role: string; email?: string; name?: string },
    linkOf: (code: string) => string,
  ): Promise<Invite & { code: string; isSent: boolean }>;
  revokeInvite(actor: Actor, id: string): Promise<void>;
  roles(tenantId: string): RoleView[];
  createRole(actor: Actor, role: { name: string; base: BuiltInRole; description: string }): Promise<RoleView>;
  removeRole(actor: Actor, name: string): Promise<void>;
  tenants(): TenantView[];
  createTenant(actor: Actor, name: string): Promise<TenantView & { code: string }>;
}

/**
 * Who somebody is, and everything that proves it. Secrets never leave it but at the moment they are made, and are
 * kept as hashes. Nothing here decides what somebody may do.
 */
export interface Identity {
  readonly people: People;
  /** What others may see of a person; null when there is none. */
  view(owner: Owner): PersonView | null;
  viewAll(tenantId: string): PersonView[];
  tenantName(tenantId: string): string;
  /** From the values of a request's headers; null when they prove nothing. Asks no disk for what it has seen lately. */
  authenticate(credentials: {
    bearer: string | undefined;
    cookie: string | undefined;
    channel: string;
  }): Promise<Principal | null>;
  /** A principal for somebody whom the door itself proved; null for who is unknown or disabled. */
  assume(owner: Owner, by: 'shared-password' | 'proxy' | 'none', channel: string): Principal | null;
  findByEmail(email: string): Owner | null;
  /**
   * An account with the role guest for somebody that only a proxy or a channel knows; made when there is none. Null
   * when there are as many as there may be.
   */
  guest(name: string): Promise<Owner | null>;
  /** Whether a password is the one behind a stored hash. Throws FaultError RATE_LIMIT after too many wrong ones. */
  isSharedPassword(stored: string, password: string): Promise<boolean>;
  /**
   * Calls `end` when the credential, the device or the person behind a principal is taken back, and when the
   * credential ends by itself; the result stops that.
   */
  onRevoked(principal: Principal, end: () => void): () => void;
  readonly localToken: string;
  readonly signIn: SignIn;
  readonly accounts: Accounts;
  readonly sessions: SignInSessions;
  readonly keys: ApiKeys;
  readonly devices: Devices;
  readonly administration: Administration;
  readonly signOn: SignOn;
  readonly scim: Scim;
  readonly channels: ChannelLinks;
  close(): Promise<void>;
}
