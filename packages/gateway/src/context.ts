import { implement } from '@orpc/server';
import type {
  Actor,
  Client,
  Core,
  Engine,
  Identity,
  Log,
  Principal,
  Redactor,
  SecretBroker,
  Store,
} from '@reeve/core';
import type { AdoptableSecret, ConfigValue, SecretsStatus } from '@reeve/protocol';
import {
  contract,
  FaultError,
  includesScope,
  isFaultError,
  type MethodName,
  methodPermissions,
} from '@reeve/protocol';
import type { FastifyReply } from 'fastify';
import { type Admission, isMessageAction } from './identity/admission.ts';
import type { Attempts } from './identity/attempts.ts';
import type { Entrance } from './identity/entrance.ts';
import type { SessionKeyStore } from './wire/names.ts';

/** What the program gives the gateway, beside the core. */
export interface System {
  version: string;
  versions: { sqlite: string; schema: number };
  home: string;
  startedAt: number;
  url: () => string;
  /** The address that links carry which somebody else opens. */
  publicUrl: () => string;
  config: {
    file: string;
    values(): ConfigValue[];
    warnings(): { key: string; message: string }[];
    set(key: string, value: unknown): Promise<{ value: ConfigValue; needsRestart: boolean }>;
  };
  reload(): Promise<{ needsRestart: string[]; warnings: { key: string; message: string }[] }>;
  /** The last lines of the log and, with `isFollowing`, those to come until `signal` aborts. */
  logs(lines: number, isFollowing: boolean, signal: AbortSignal): AsyncGenerator<{ line: string }>;
}

/** The vault, and what the program knows around it. */
export interface SecretsService {
  broker: SecretBroker;
  redactor: Redactor;
  status(): SecretsStatus;
  /** Keys in plain text that can be moved in. */
  adoptable(): AdoptableSecret[];
  /** Rejects with FaultError NOT_FOUND, CONFLICT, CONFIG_ERROR, SECRETS_*. */
  adopt(
    actor: Actor,
    from: string,
    name?: string,
  ): Promise<{ name: string; setting: string; variable: string | null }>;
}

export interface Services {
  core: Core;
  store: Store;
  engine: Engine;
  identity: Identity;
  /** Names that clients of the wire protocol give to sessions. */
  sessionKeys: SessionKeyStore;
  system: System;
  secrets: SecretsService;
  log: Log;
}

export interface RequestContext {
  services: Services;
  /** Null only on the routes that answer before authentication. */
  principal: Principal | null;
  reply: FastifyReply;
  /** Where the request comes from, by the address that may be counted by. */
  client: Client;
  attempts: Attempts;
  entrance: Entrance;
  admission: Admission;
  now: () => number;
  /** Sockets that are signed in. */
  wireClients: () => number;
}

// Outputs are checked by the type system and by tests; checking each again at run time would cost more than the call.
const procedures = implement(contract)
  .$context<RequestContext>()
  .$config({ initialOutputValidationIndex: Number.NaN });

/** Procedures that anyone may call: health and login. */
export const open = procedures;

/** Failures of a guess, which count against the address they come from. */
const guesses: ReadonlySet<string> = new Set([
  'SIGN_IN_FAILED',
  'CODE_EXPIRED',
  'LOGIN_EXPIRED',
  'AUTH_FAILED',
]);

const tooMany = (retryAfterMs: number) =>
  new FaultError('RATE_LIMIT', 'Too many tries to sign in from this address.', { retryAfterMs });

/** Procedures before sign-in that take something that proves somebody. */
export const proving = procedures.use(async ({ context: { attempts, client }, next }) => {
  const lockedMs = attempts.lockedFor('sign-in', client.address);
  if (lockedMs > 0) throw tooMany(lockedMs);
  try {
    return await next();
  } catch (error) {
    if (isFaultError(error) && guesses.has(error.fault.code)) attempts.failed('sign-in', client.address);
    throw error;
  }
});

/** Those whose proof is short enough to be guessed: they may be tried less often, right or wrong. */
export const guessable = proving.use(async ({ context: { attempts, client }, next }) => {
  const waitMs = attempts.signIn(client.address);
  if (waitMs > 0) throw tooMany(waitMs);
  return next();
});

/** Those that begin something which is kept until it is finished, or never is. */
export const begun = proving.use(async ({ context: { attempts, client }, next }) => {
  const waitMs = attempts.begin(client.address);
  if (waitMs > 0) throw tooMany(waitMs);
  return next();
});

/** Throws FaultError PERMISSION_DENIED for a credential that is not good for everything. */
export const mustBeUnscoped = ({ scopes }: Actor): void => {
  if (scopes && !includesScope(scopes, '*:*'))
    throw new FaultError(
      'PERMISSION_DENIED',
      'A credential with scopes cannot give rights that it has not.',
      {
        next: 'Sign in as a person, or use a token without scopes.',
      },
    );
};

/** Procedures for whoever is signed in and may; `actor` comes from the verified connection. */
export const signedIn = procedures.use(async ({ context, path, next }) => {
  const { principal } = context;
  if (!principal) throw new Error('a route without authentication reached a protected procedure');
  const action = path.join('.') as MethodName;
  const permission = methodPermissions[action];
  if (permission !== null)
    await context.admission.admit({
      actor: principal.actor,
      address: context.client.address,
      action,
      permission,
      isMessage: isMessageAction(action),
    });
  return next({ context: { actor: principal.actor, principal } });
});
