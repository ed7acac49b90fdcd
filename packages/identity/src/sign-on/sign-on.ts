import type { Client, Clock, Principal, SignOn, SignOnStart } from '@reeve/core';
import { FaultError, isFaultError, type OidcConfig, type SamlConfig } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Passkeys } from '../better-auth/passkeys.ts';
import type { Db } from '../database/schema.ts';
import { createOneTime } from '../one-time.ts';
import type { Revocations } from '../revocations.ts';
import { digest, isSameDigest, newSecret } from '../secrets.ts';
import type { Open } from '../sign-in/opening.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { Accept, Link } from './acceptance.ts';
import type { Acceptance, Claims } from './claims.ts';
import type { OidcAttempt, OidcClient } from './oidc-client.ts';
import { returnPath } from './return-path.ts';
import type { SamlAddresses, SamlClient } from './saml-client.ts';

/** For the other place to be signed in to, with second factors and all. */
const attemptMs = 10 * 60_000;
/** Between the form that the other place posts and the request that brings our cookie along. */
const handOverMs = 60_000;

export interface SignOnSettings {
  oidc: Record<string, OidcConfig>;
  saml: Record<string, SamlConfig>;
}

/** What both kinds keep of a sign-in that was begun. */
interface Begun {
  name: string;
  returnTo: string;
  /** Whose account it connects; absent for a sign-in. */
  link: Link | undefined;
}
interface SamlBegun extends Begun {
  addresses: SamlAddresses;
  ticketHash: string;
}

export const createSignOn = (deps: {
  db: Db;
  clock: Clock;
  settings: () => SignOnSettings;
  /** The value of a setting that may name a secret. */
  readSecret: (setting: string, purpose: string) => Promise<string>;
  oidc: OidcClient;
  saml: SamlClient;
  accept: Accept;
  open: Open;
  passwords: Passwords;
  passkeys: Passkeys;
  revocations: Revocations;
  audit: Audit;
}): SignOn => {
  const { db, clock, settings, oidc, saml, audit } = deps;
  const linkOf = (by: Principal | undefined): Link | undefined =>
    by && { owner: by.actor, isStill: deps.revocations.since(by.actor, by) };
  const oidcBegun = createOneTime<Begun & OidcAttempt>(clock, attemptMs);
  const samlBegun = createOneTime<SamlBegun>(clock, attemptMs);
  const samlArrived = createOneTime<{ begun: SamlBegun; claims: Claims }>(clock, handOverMs);

  const find = <T>(table: Record<string, T>, name: string): T => {
    if (!Object.hasOwn(table, name)) throw new FaultError('NOT_FOUND', 'There is no such provider.');
    return table[name]!;
  };
  const acceptanceOf = (
    kind: Acceptance['kind'],
    name: string,
    provider: Omit<Acceptance, 'kind' | 'name'>,
  ): Acceptance => ({ ...provider, kind, name });

  /** Tells the audit of what failed: of the tenant whose provider it is. */
  const told = async <T>(
    kind: Acceptance['kind'],
    name: string,
    client: Client,
    work: () => Promise<T>,
  ): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isFaultError(error) && error.fault.code !== 'NOT_FOUND') {
        const tenantId = settings()[kind][name]!.tenant;
        audit({ tenantId, userId: null }, 'auth.failed', {
          address: client.address,
          data: { how: `${kind} ${name}`, why: error.fault.message },
        });
      }
      throw error;
    }
  };

  const finish = async (provider: Acceptance, claims: Claims, begun: Begun, client: Client) => {
    const { link, returnTo } = begun;
    if (link && !link.isStill()) throw gone();
    const owner = await deps.accept(provider, claims, client, link);
    if (link) return { signedIn: null, returnTo };
    const signedIn = await deps.open(owner, false, client, `${provider.kind} ${provider.name}`);
    return { signedIn, returnTo };
  };
  const gone = () => new FaultError('SIGN_ON_FAILED', 'This sign-in was not begun here, or took too long.');

  const addressesOf = (name: string, { entityId }: SamlConfig, baseUrl: string): SamlAddresses => ({
    entityId: entityId === '' ? `${baseUrl}/api/auth/saml/${name}/metadata` : entityId,
    acs: `${baseUrl}/api/auth/saml/${name}/acs`,
  });

  const beginOidc = async (name: string, start: SignOnStart) => {
    const link = linkOf(start.by);
    const provider = find(settings().oidc, name);
    const attempt = {
      state: newSecret(''),
      nonce: newSecret(''),
      verifier: newSecret(''),
      redirectUri: `${start.baseUrl}/api/auth/oidc/${name}/callback`,
    };
    const url = await oidc.authorize(provider, attempt);
    const ticket = newSecret('');
    const { issuer } = provider;
    const returnTo = returnPath(start.returnTo);
    oidcBegun.add(ticket, { ...attempt, issuer, name, returnTo, link });
    return { url, ticket };
  };

  const beginSaml = async (name: string, start: SignOnStart) => {
    const link = linkOf(start.by);
    const provider = find(settings().saml, name);
    const addresses = addressesOf(name, provider, start.baseUrl);
    const { url, requestId } = await saml.begin(provider, addresses);
    const ticket = newSecret('');
    const returnTo = returnPath(start.returnTo);
    const ticketHash = digest(ticket);
    samlBegun.add(requestId, { name, returnTo, link, addresses, ticketHash });
    return { url, ticket };
  };

  return {
    providers: () =>
      (['oidc', 'saml'] as const).flatMap((kind) =>
        Object.entries(settings()[kind]).map(([name, { label }]) => ({ kind, name, label: label || name })),
      ),

    begin: ({ kind, name }, start) => (kind === 'oidc' ? beginOidc(name, start) : beginSaml(name, start)),

    async finishOidc(name, { ticket, answer }, client) {
      const provider = find(settings().oidc, name);
      return told('oidc', name, client, async () => {
        const begun = ticket === undefined ? null : oidcBegun.take(ticket);
        if (begun?.name !== name) throw gone();
        const secret =
          provider.clientSecret === ''
            ? ''
            : await deps.readSecret(provider.clientSecret, `sign-in by ${name}`);
        const claims = await oidc.finish(provider, secret, begun, answer);
        return finish(acceptanceOf('oidc', name, provider), claims, begun, client);
      });
    },

    async acceptSaml(name, { response }, client) {
      const provider = find(settings().saml, name);
      return told('saml', name, client, async () => {
        const requestId = await saml.requestOf(response);
        const begun = samlBegun.take(requestId);
        if (begun?.name !== name) throw gone();
        const claims = await saml.verify(provider, begun.addresses, { response, requestId });
        const code = newSecret('');
        samlArrived.add(code, { begun, claims });
        return { code };
      });
    },

    async finishSaml(name, { ticket, code }, client) {
      const provider = find(settings().saml, name);
      return told('saml', name, client, async () => {
        const arrived = samlArrived.take(code);
        if (arrived?.begun.name !== name) throw gone();
        const { begun, claims } = arrived;
        // Another browser than the one that began: somebody wants to sign a person in as somebody else.
        if (ticket === undefined || !isSameDigest(digest(ticket), begun.ticketHash)) throw gone();
        return finish(acceptanceOf('saml', name, provider), claims, begun, client);
      });
    },

    metadata: async (name, baseUrl) => saml.metadata(addressesOf(name, find(settings().saml, name), baseUrl)),

    async connections({ userId }) {
      const rows = await db
        .selectFrom('account')
        .select(['id', 'providerId', 'createdAt'])
        .where('userId', '=', userId)
        .where('providerId', '!=', 'credential')
        .orderBy('createdAt')
        .execute();
      return rows.map(({ id, providerId, createdAt }) => {
        const at = providerId.indexOf(' ');
        const kind = providerId.slice(0, at) as Acceptance['kind'];
        return { id, kind, issuer: providerId.slice(at + 1), createdAt: Date.parse(createdAt) };
      });
    },

    async disconnect(actor, id) {
      const all = await this.connections(actor);
      const found = all.find((one) => one.id === id);
      if (!found) throw new FaultError('NOT_FOUND', 'There is no such connection.');
      const hasOther =
        all.length > 1 || (await deps.passwords.has(actor)) || (await deps.passkeys.list(actor)).length > 0;
      if (!hasOther)
        throw new FaultError('CONFLICT', 'It is the only way that you can sign in.', {
          next: 'Set a password or add a passkey first.',
        });
      await db.deleteFrom('account').where('id', '=', id).where('userId', '=', actor.userId).execute();
      audit(actor, 'account.disconnected', {
        target: id,
        data: { provider: `${found.kind} ${found.issuer}` },
      });
    },
  };
};
