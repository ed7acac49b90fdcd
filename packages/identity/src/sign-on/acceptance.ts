import type { Actor, Administration, Client, Clock, NewId, Owner, Person } from '@reeve/core';
import { FaultError, isFaultError, mappedRole } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db } from '../database/schema.ts';
import { addPerson, isTaken, isThere } from '../people/add-person.ts';
import { type Directory, normaliseEmail } from '../people/directory.ts';
import type { IsStill } from '../revocations.ts';
import { type Acceptance, type Claims, isInDomains } from './claims.ts';

/** The account that is to be connected, as long as nothing was taken back of what began it. */
export interface Link {
  owner: Owner;
  isStill: IsStill;
}

/**
 * From what another place vouches for to an account of ours. With `link` it connects that person's account. Throws
 * FaultError SIGN_ON_REFUSED.
 */
export type Accept = (provider: Acceptance, claims: Claims, client: Client, link?: Link) => Promise<Owner>;

/** Names the issuer, so that two issuers who call people alike are never taken for one. */
export const providerId = (kind: Acceptance['kind'], issuer: string): string => `${kind} ${issuer}`;

/**
 * Who was here before is known by issuer and subject alone. A first sign-in finds an account by e-mail only when the
 * issuer may be believed in it and our account's own address was verified too: otherwise somebody could prepare an
 * account under another's address, or take one over with an address that is not theirs.
 */
export const createAccept = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  present: (owner: Owner) => Person | null;
  administration: Administration;
  audit: Audit;
}): Accept => {
  const { db, clock, newId, directory, administration, audit } = deps;

  const known = async (id: string, subject: string): Promise<Owner | null> => {
    const row = await db
      .selectFrom('account')
      .select('userId')
      .where('providerId', '=', id)
      .where('accountId', '=', subject)
      .executeTakeFirst();
    return row ? directory.ownerOf(row.userId) : null;
  };
  /** To be called in a transaction. */
  const connect = async (tx: Db, owner: Owner, id: string, subject: string): Promise<void> => {
    // Removed while the other place was asked.
    if (!(await isThere(tx, owner))) throw new FaultError('SIGN_ON_REFUSED');
    const at = new Date(clock.now()).toISOString();
    await tx
      .insertInto('account')
      .values({
        id: newId('acc_'),
        accountId: subject,
        providerId: id,
        userId: owner.userId,
        password: null,
        createdAt: at,
        updatedAt: at,
      })
      .execute();
  };
  const roleFor = (provider: Acceptance, { groups }: Claims): string => {
    const role = mappedRole(provider.roleMap, groups) ?? provider.defaultRole;
    if (role === '')
      throw new FaultError('SIGN_ON_REFUSED', 'You are in no group that may sign in here.', {
        next: 'Ask an admin for a group of this Reeve.',
      });
    if (!directory.roles(provider.tenant).some(({ name }) => name === role))
      throw new FaultError('SIGN_ON_REFUSED', `There is no role ${role} here.`, {
        next: `Correct identity.${provider.kind}.${provider.name}.roleMap or defaultRole.`,
      });
    return role;
  };

  const byEmail = async (
    provider: Acceptance,
    claims: Claims,
    id: string,
    client: Client,
  ): Promise<Owner> => {
    if (claims.email === null || !claims.isEmailVerified)
      throw new FaultError('SIGN_ON_REFUSED', 'Your e-mail address is not verified there.', {
        next: 'Verify it there, or sign in here in another way and connect the account.',
      });
    const email = normaliseEmail(claims.email);
    const existing = directory.findByEmail(email);
    if (existing) {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('user')
          .select('id')
          .where('id', '=', existing.userId)
          .where('email', '=', email)
          .where('emailVerified', '=', 1)
          .executeTakeFirst();
        if (existing.tenantId !== provider.tenant || !row)
          throw new FaultError('SIGN_ON_REFUSED', 'There is an account that it cannot be connected with.', {
            next: 'Sign in here in another way, then connect it in your account.',
          });
        await connect(tx, existing, id, claims.subject);
      });
      audit(existing, 'account.connected', {
        address: client.address,
        data: { provider: id, how: 'e-mail' },
      });
      return existing;
    }
    if (!provider.allowSignUp) throw new FaultError('SIGN_ON_REFUSED');
    const owner = { tenantId: provider.tenant, userId: newId('usr_') };
    const role = roleFor(provider, claims);
    const name = (claims.name ?? email.split('@', 1)[0]!).trim().slice(0, 100) || email.slice(0, 100);
    await db.transaction().execute(async (tx) => {
      const more = { memberId: newId('mem_'), now: clock.now() };
      await addPerson(tx, owner, { name, email, isVerified: true, role, ...more });
      await connect(tx, owner, id, claims.subject);
    });
    await directory.reload();
    audit(owner, 'person.joined', { address: client.address, data: { how: id, role } });
    return owner;
  };

  /** The role is that of today's groups; the only admin stays one all the same. */
  const applyRole = async (provider: Acceptance, claims: Claims, owner: Owner): Promise<void> => {
    if (provider.roleMap.length === 0) return;
    const role = roleFor(provider, claims);
    if (directory.find(owner)?.role === role) return;
    const by: Actor = {
      tenantId: owner.tenantId,
      userId: `${provider.kind}:${provider.name}`,
      role: 'admin',
      channel: 'sign-on',
    };
    try {
      await administration.update(by, owner.userId, { role });
    } catch (error) {
      if (!isFaultError(error) || error.fault.code !== 'CONFLICT') throw error;
      audit(owner, 'role.kept', { data: { asked: role, why: 'the only admin' } });
    }
  };

  return async (provider, claims, client, link) => {
    const id = providerId(provider.kind, claims.issuer);
    if (!directory.tenants().some((tenant) => tenant.id === provider.tenant))
      throw new FaultError('SIGN_ON_REFUSED', `There is no tenant ${provider.tenant}.`);
    const isForeign =
      provider.domains.length > 0 &&
      (claims.email === null || !claims.isEmailVerified || !isInDomains(claims.email, provider.domains));
    if (isForeign)
      throw new FaultError('SIGN_ON_REFUSED', 'Your e-mail address is of no domain that may sign in here.');
    const before = await known(id, claims.subject);
    if (link) {
      const { owner, isStill } = link;
      if (!deps.present(owner)) throw new FaultError('SIGN_ON_REFUSED');
      if (before && before.userId !== owner.userId)
        throw new FaultError('SIGN_ON_REFUSED', 'That is connected with another account already.');
      if (owner.tenantId !== provider.tenant) throw new FaultError('SIGN_ON_REFUSED');
      if (!before) {
        await db.transaction().execute(async (tx) => {
          if (!isStill()) throw new FaultError('SIGN_ON_REFUSED');
          await connect(tx, owner, id, claims.subject);
        });
        audit(owner, 'account.connected', {
          address: client.address,
          data: { provider: id, how: 'signed in' },
        });
      }
      return owner;
    }
    if (before && before.tenantId !== provider.tenant) throw new FaultError('SIGN_ON_REFUSED');
    const owner =
      before ??
      (await byEmail(provider, claims, id, client).catch(async (error: unknown) => {
        // The same person came twice at once: the first one made the account.
        const made = isTaken(error) ? await known(id, claims.subject) : null;
        if (!made) throw error;
        return made;
      }));
    if (!deps.present(owner)) throw new FaultError('SIGN_ON_REFUSED');
    await applyRole(provider, claims, owner);
    return owner;
  };
};
