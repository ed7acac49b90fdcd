import { type Owner, ownerKey, type People, type Person, type PersonFlags } from '@reeve/core';
import { type BuiltInRole, builtInRoles, type PersonView, type RoleView } from '@reeve/protocol';
import { noAddress } from '../database/first-start.ts';
import type { Db } from '../database/schema.ts';

/** Everybody there is, in memory, so that no decision waits for a disk. */
export interface Directory extends People {
  /** Reads it all anew; called after each change. */
  reload(): Promise<void>;
  findByEmail(email: string): Owner | null;
  /** The tenant of a user; null when there is none. */
  ownerOf(userId: string): Owner | null;
  roles(tenantId: string): RoleView[];
  tenants(): { id: string; name: string; createdAt: number }[];
}

/** What a role allows of the flags unless somebody decided otherwise for a person. */
const defaultFlags = (role: BuiltInRole): PersonFlags => ({
  canInstallSoftware: role === 'admin',
  canExecCommands: role === 'admin',
  canUseBrowser: role === 'admin' || role === 'user',
  requiresAdminApproval: role === 'child' || role === 'guest',
  contentFilter: role === 'child' ? 'strict' : 'off',
  maxTokensPerDay: null,
});

const builtInDescriptions: Record<BuiltInRole, string> = {
  admin: 'Runs this tenant: people, settings, rules.',
  user: 'Uses Reeve fully, for themselves.',
  child: 'Talks and remembers, with a strict filter; acting calls are asked of an adult.',
  agent: 'A program that talks on its own.',
  guest: 'Talks, and no more.',
};

export const isBuiltIn = (role: string): role is BuiltInRole =>
  (builtInRoles as readonly string[]).includes(role);

export const emailOf = (stored: string): string | null => (stored.endsWith(noAddress) ? null : stored);
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();

export const viewOf = ({ userId, tenantId: _tenant, ...person }: Person): PersonView => ({
  id: userId,
  ...person,
});

export const createDirectory = (db: Db): Directory => {
  let people = new Map<string, Person>();
  let byTenant = new Map<string, Person[]>();
  let byEmail = new Map<string, Owner>();
  let byUser = new Map<string, Owner>();
  let roles = new Map<string, RoleView[]>();
  let tenants: { id: string; name: string; createdAt: number }[] = [];

  const read = async () => {
    const [members, ownRoles, organizations] = await Promise.all([
      db
        .selectFrom('member')
        .innerJoin('user', 'user.id', 'member.userId')
        .leftJoin('reeve_person', (join) =>
          join
            .onRef('reeve_person.user_id', '=', 'member.userId')
            .onRef('reeve_person.tenant_id', '=', 'member.organizationId'),
        )
        .select([
          'member.organizationId',
          'member.userId',
          'member.role',
          'member.createdAt',
          'user.name',
          'user.email',
          'reeve_person.flags_json',
          'reeve_person.language',
          'reeve_person.is_disabled',
        ])
        .orderBy('member.createdAt')
        .orderBy('member.id')
        .execute(),
      db.selectFrom('reeve_role').selectAll().orderBy('name').execute(),
      db.selectFrom('organization').select(['id', 'name', 'createdAt']).orderBy('createdAt').execute(),
    ]);
    return { members, ownRoles, organizations };
  };

  return {
    async reload() {
      const { members, ownRoles, organizations } = await read();
      const nextRoles = new Map<string, RoleView[]>();
      for (const { tenant_id, name, base, description } of ownRoles)
        listOf(nextRoles, tenant_id).push({ name, base: base as BuiltInRole, description, isBuiltIn: false });
      const next = {
        people: new Map<string, Person>(),
        byTenant: new Map<string, Person[]>(),
        byEmail: new Map<string, Owner>(),
        byUser: new Map<string, Owner>(),
      };
      for (const row of members) {
        const owner = { tenantId: row.organizationId, userId: row.userId };
        const baseRole = isBuiltIn(row.role)
          ? row.role
          : // A role that is gone allows the least there is.
            (nextRoles.get(owner.tenantId)?.find(({ name }) => name === row.role)?.base ?? 'guest');
        const person: Person = {
          ...owner,
          name: row.name,
          email: emailOf(row.email),
          role: row.role,
          baseRole,
          flags: {
            ...defaultFlags(baseRole),
            ...(JSON.parse(row.flags_json ?? '{}') as Partial<PersonFlags>),
          },
          language: row.language,
          isDisabled: row.is_disabled === 1,
          createdAt: Date.parse(row.createdAt),
        };
        next.people.set(ownerKey(owner), person);
        listOf(next.byTenant, owner.tenantId).push(person);
        next.byUser.set(owner.userId, owner);
        if (person.email !== null) next.byEmail.set(person.email, owner);
      }
      ({ people, byTenant, byEmail, byUser } = next);
      roles = nextRoles;
      tenants = organizations.map(({ id, name, createdAt }) => ({
        id,
        name,
        createdAt: Date.parse(createdAt),
      }));
    },
    find: (owner) => people.get(ownerKey(owner)) ?? null,
    list: (tenantId) => byTenant.get(tenantId) ?? [],
    findByEmail: (email) => byEmail.get(normaliseEmail(email)) ?? null,
    ownerOf: (userId) => byUser.get(userId) ?? null,
    roles: (tenantId) => [
      ...builtInRoles.map((name) => ({
        name,
        base: name,
        description: builtInDescriptions[name],
        isBuiltIn: true,
      })),
      ...(roles.get(tenantId) ?? []),
    ],
    tenants: () => tenants,
  };
};

const listOf = <T>(map: Map<string, T[]>, key: string): T[] => {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
};
