import { implement } from '@orpc/server';
import type { Core, Engine, Log, Store } from '@reeve/core';
import type { ConfigValue } from '@reeve/protocol';
import { contract } from '@reeve/protocol';
import type { FastifyReply } from 'fastify';
import type { Identity, Principal } from './identity/identity.ts';
import type { SessionKeyStore } from './wire/names.ts';

/** What the program gives the gateway, beside the core. */
export interface System {
  version: string;
  versions: { sqlite: string; schema: number };
  home: string;
  startedAt: number;
  url: () => string;
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

export interface Services {
  core: Core;
  store: Store;
  engine: Engine;
  identity: Identity;
  /** Names that clients of the wire protocol give to sessions. */
  sessionKeys: SessionKeyStore;
  system: System;
  log: Log;
}

export interface RequestContext {
  services: Services;
  /** Null only on the routes that answer before authentication. */
  principal: Principal | null;
  reply: FastifyReply;
  /** Sockets that are signed in. */
  wireClients: () => number;
}

// Outputs are checked by the type system and by tests; checking each again at run time would cost more than the call.
const procedures = implement(contract)
  .$context<RequestContext>()
  .$config({ initialOutputValidationIndex: Number.NaN });

/** Procedures that anyone may call: health and login. */
export const open = procedures;

/** Procedures for whoever is signed in; `actor` comes from the verified connection. */
export const signedIn = procedures.use(async ({ context, next }) => {
  if (!context.principal) throw new Error('a route without authentication reached a protected procedure');
  return next({ context: { actor: context.principal.actor } });
});
