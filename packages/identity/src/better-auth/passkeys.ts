import { isIP } from 'node:net';
import { BoundedMap, type Ceremony, type Owner } from '@reeve/core';
import { FaultError, type Json, type PasskeyView } from '@reeve/protocol';
import type { Holds } from '../credentials/sessions.ts';
import type { Db } from '../database/schema.ts';
import { newSecret } from '../secrets.ts';
import type { BetterAuth } from './instance.ts';

/** Passkeys (WebAuthn) with better-auth's plugin. They prove possession and a finger or a PIN: two factors in one. */
export interface Passkeys {
  list(owner: Owner): Promise<PasskeyView[]>;
  beginAdding(owner: Owner, name: string, origin: string): Promise<Ceremony>;
  /** Throws FaultError SIGN_IN_FAILED. */
  add(
    owner: Owner,
    given: { ticket: string; answer: Json; name: string; origin: string },
  ): Promise<PasskeyView>;
  /** False when there was none. */
  remove(owner: Owner, id: string): Promise<boolean>;
  beginSignIn(origin: string): Promise<Ceremony>;
  /** The user whose passkey it is, and whether they still have it. Throws FaultError SIGN_IN_FAILED. */
  signIn(given: { ticket: string; answer: Json; origin: string }): Promise<{ userId: string; holds: Holds }>;
}

/** Names under which a page was opened and asked for passkeys; each has an instance of its own. */
const rememberedOrigins = 20;

export const createPasskeys = (deps: { db: Db; secret: string; changed: () => Promise<void> }): Passkeys => {
  const { db } = deps;
  const users = new Map<string, { id: string; name: string }>();
  const pending = {
    take(word: string) {
      const user = users.get(word) ?? null;
      users.delete(word);
      return user;
    },
  };
  const instances = new BoundedMap<string, Promise<BetterAuth>>(rememberedOrigins);
  const at = (origin: string): Promise<BetterAuth> => {
    if (isIP(new URL(origin).hostname.replace(/^\[|\]$/g, '')) !== 0)
      throw new FaultError('UNSUPPORTED', 'Browsers keep passkeys for names, not for addresses.', {
        next: 'Open Reeve as http://localhost or by its own name.',
      });
    let found = instances.get(origin);
    if (!found) {
      found = import('./instance.ts').then(({ createBetterAuth }) =>
        createBetterAuth({ ...deps, origin, pending }),
      );
      instances.set(origin, found);
    }
    return found;
  };
  /** Whatever better-auth finds wrong with an answer is the same to us. */
  const orRefused = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new FaultError('SIGN_IN_FAILED', 'The passkey was not accepted.', { cause: error });
    }
  };
  const headersOf = (origin: string, ticket?: string) =>
    new Headers({ origin, ...(ticket !== undefined && { cookie: ticket }) });

  return {
    async list({ userId }) {
      const rows = await db
        .selectFrom('passkey')
        .select(['id', 'name', 'createdAt'])
        .where('userId', '=', userId)
        .execute();
      return rows.map(({ id, name, createdAt }) => ({
        id,
        name: name ?? 'Passkey',
        createdAt: createdAt === null ? 0 : Date.parse(createdAt),
      }));
    },
    async beginAdding({ userId }, name, origin) {
      const auth = await at(origin);
      const word = newSecret('');
      users.set(word, { id: userId, name });
      try {
        const { response, headers } = await auth.api.generatePasskeyRegistrationOptions({
          query: { context: word },
          headers: headersOf(origin),
          returnHeaders: true,
        });
        return { ticket: ticketOf(headers), options: toJson(response) };
      } finally {
        users.delete(word);
      }
    },
    async add(owner, { ticket, answer, name, origin }) {
      const auth = await at(origin);
      const added = await orRefused(
        auth.api.verifyPasskeyRegistration({
          body: { response: answer, name },
          headers: headersOf(origin, ticket),
        }),
      );
      // A ceremony that somebody else began makes nobody else's passkey ours.
      if (added.userId !== owner.userId) {
        await db.deleteFrom('passkey').where('id', '=', added.id).execute();
        throw new FaultError('SIGN_IN_FAILED', 'The passkey was not accepted.');
      }
      return { id: added.id, name, createdAt: new Date(added.createdAt).getTime() };
    },
    remove: async ({ userId }, id) =>
      (await db.deleteFrom('passkey').where('id', '=', id).where('userId', '=', userId).executeTakeFirst())
        .numDeletedRows > 0n,
    async beginSignIn(origin) {
      const auth = await at(origin);
      const { response, headers } = await auth.api.generatePasskeyAuthenticationOptions({
        headers: headersOf(origin),
        returnHeaders: true,
      });
      return { ticket: ticketOf(headers), options: { ...toJson(response), userVerification: 'required' } };
    },
    async signIn({ ticket, answer, origin }) {
      const auth = await at(origin);
      const { session } = await orRefused(
        auth.api.verifyPasskeyAuthentication({
          // better-auth checks it; whatever is not an answer of a browser is refused there.
          body: { response: answer as never },
          headers: headersOf(origin, ticket),
        }),
      );
      const { takeSession } = await import('./instance.ts');
      await takeSession(auth, session.token);
      const { userId } = session;
      // better-auth has found it by this id.
      const { id } = answer as { id: string };
      const holds = async (tx: Db) => {
        const row = await tx
          .selectFrom('passkey')
          .select('id')
          .where('userId', '=', userId)
          .where('credentialID', '=', id)
          .executeTakeFirst();
        return row !== undefined;
      };
      return { userId, holds };
    },
  };
};

/** The plugin binds the two requests of a ceremony by a signed cookie; to our callers it is a ticket. */
const ticketOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0]!)
    .join('; ');

const toJson = (options: object): Record<string, Json> =>
  JSON.parse(JSON.stringify(options)) as Record<string, Json>;
