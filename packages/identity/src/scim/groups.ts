import type { Actor, Administration, Clock, NewId, ScimAnswer, ScimRequest } from '@reeve/core';
import { isFaultError, mappedRole } from '@reeve/protocol';
import { z } from 'zod';
import type { Audit } from '../audit.ts';
import type { Db, IdentitySchema } from '../database/schema.ts';
import { isTaken } from '../people/add-person.ts';
import type { Directory } from '../people/directory.ts';
import { ScimError } from './errors.ts';
import { listAnswer, type Resource } from './list.ts';
import { readPatch } from './patch.ts';

export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';

const membersSchema = z.array(z.object({ value: z.string().max(128) })).max(10_000);
const inputSchema = z.object({
  displayName: z.string().trim().min(1).max(200),
  externalId: z.string().max(254).nullish(),
  members: membersSchema.nullish(),
});

type Row = IdentitySchema['reeve_group'];
interface Kept {
  name: string;
  externalId: string | null;
  members: string[];
}

/** Groups of a tenant. Which roles they give is said in the configuration. */
export const createScimGroups = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  administration: Administration;
  settings: () => { roleMap: readonly string[]; defaultRole: string };
  audit: Audit;
}) => {
  const { db, clock, newId, directory, administration, settings, audit } = deps;

  const membersOf = async (groupIds: readonly string[]): Promise<Map<string, string[]>> => {
    const rows =
      groupIds.length === 0
        ? []
        : await db
            .selectFrom('reeve_group_member')
            .selectAll()
            .where('group_id', 'in', groupIds)
            .orderBy('user_id')
            .execute();
    const found = new Map<string, string[]>(groupIds.map((id) => [id, []]));
    for (const row of rows) found.get(row.group_id)!.push(row.user_id);
    return found;
  };
  const present = (row: Row, members: readonly string[], baseUrl: string): Resource => ({
    schemas: [groupSchema],
    id: row.id,
    displayName: row.name,
    ...(row.external_id !== null && { externalId: row.external_id }),
    members: members.map((value) => ({ value, $ref: `${baseUrl}/Users/${encodeURIComponent(value)}` })),
    meta: {
      resourceType: 'Group',
      created: new Date(row.created_at).toISOString(),
      lastModified: new Date(row.updated_at).toISOString(),
      location: `${baseUrl}/Groups/${encodeURIComponent(row.id)}`,
    },
  });
  const groupIn = async (tenantId: string, id: string): Promise<Row> => {
    const row = await db
      .selectFrom('reeve_group')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new ScimError(404, 'There is no such group.');
    return row;
  };
  const shown = async (actor: Actor, id: string, baseUrl: string): Promise<Resource> =>
    present(await groupIn(actor.tenantId, id), (await membersOf([id])).get(id)!, baseUrl);

  const readInput = (body: unknown): Kept => {
    const parsed = inputSchema.safeParse(body);
    if (!parsed.success)
      throw new ScimError(400, parsed.error.issues[0]?.message ?? 'not a group', 'invalidValue');
    const { displayName, externalId, members } = parsed.data;
    return {
      name: displayName,
      externalId: externalId ?? null,
      members: (members ?? []).map(({ value }) => value),
    };
  };
  /** Without repetition, and only people of this tenant. */
  const checked = (tenantId: string, members: readonly string[]): string[] => {
    const stranger = members.find((userId) => !directory.find({ tenantId, userId }));
    if (stranger !== undefined) throw new ScimError(400, 'A member does not exist.', 'invalidValue');
    return [...new Set(members)];
  };

  /** The roles of people whose groups have changed. The only admin stays one. */
  const applyRoles = async (actor: Actor, userIds: Iterable<string>): Promise<void> => {
    const { roleMap, defaultRole } = settings();
    if (roleMap.length === 0) return;
    for (const userId of new Set(userIds)) {
      const person = directory.find({ tenantId: actor.tenantId, userId });
      if (!person) continue;
      const rows = await db
        .selectFrom('reeve_group_member')
        .innerJoin('reeve_group', 'reeve_group.id', 'reeve_group_member.group_id')
        .select('reeve_group.name')
        .where('reeve_group_member.user_id', '=', userId)
        .where('reeve_group.tenant_id', '=', actor.tenantId)
        .execute();
      const role =
        mappedRole(
          roleMap,
          rows.map(({ name }) => name),
        ) ?? defaultRole;
      if (role === person.role) continue;
      try {
        await administration.update(actor, userId, { role });
      } catch (error) {
        if (!isFaultError(error)) throw error;
        audit(actor, 'role.kept', { target: userId, data: { asked: role, why: error.fault.message } });
      }
    }
  };

  const save = async (actor: Actor, id: string | null, group: Kept): Promise<string> => {
    const { tenantId } = actor;
    const members = checked(tenantId, group.members);
    const before = id === null ? [] : (await membersOf([id])).get(id)!;
    const groupId = id ?? newId('grp_');
    const now = clock.now();
    const row = { name: group.name, external_id: group.externalId, updated_at: now };
    await db
      .transaction()
      .execute(async (tx) => {
        await tx
          .insertInto('reeve_group')
          .values({ ...row, id: groupId, tenant_id: tenantId, created_at: now })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
        await tx.deleteFrom('reeve_group_member').where('group_id', '=', groupId).execute();
        if (members.length > 0)
          await tx
            .insertInto('reeve_group_member')
            .values(members.map((user_id) => ({ group_id: groupId, user_id })))
            .execute();
      })
      .catch((error: unknown) => {
        throw isTaken(error) ? new ScimError(409, 'There is a group of that name.', 'uniqueness') : error;
      });
    audit(actor, id === null ? 'group.created' : 'group.changed', {
      target: groupId,
      data: { name: group.name, members: members.length },
    });
    await applyRoles(actor, [...before, ...members]);
    return groupId;
  };

  const patched = (group: Kept, body: unknown): Kept => {
    let { name, externalId } = group;
    let members = [...group.members];
    const ids = (value: unknown): string[] => {
      const parsed = membersSchema.safeParse(Array.isArray(value) ? value : [value]);
      if (!parsed.success) throw new ScimError(400, 'These are no members.', 'invalidValue');
      return parsed.data.map((one) => one.value);
    };
    const text = (value: unknown): string => {
      if (typeof value !== 'string' || value.trim() === '' || value.length > 200)
        throw new ScimError(400, 'This is no text.', 'invalidValue');
      return value.trim();
    };
    const set = (op: 'add' | 'replace', attribute: string, value: unknown) => {
      if (attribute === 'displayname') name = text(value);
      else if (attribute === 'externalid') externalId = value === null ? null : text(value);
      else if (attribute === 'members') members = op === 'add' ? [...members, ...ids(value)] : ids(value);
    };
    for (const { op, attribute, picked, value } of readPatch(body)) {
      if (op === 'remove') {
        if (attribute !== 'members') throw new ScimError(400, 'Only members can be removed.', 'mutability');
        const gone = picked !== null ? [picked] : value === undefined ? members : ids(value);
        members = members.filter((one) => !gone.includes(one));
      } else if (attribute !== null) set(op, attribute, value);
      else if (typeof value === 'object' && value !== null)
        for (const [key, one] of Object.entries(value)) set(op, key.toLowerCase(), one);
    }
    return { name, externalId, members };
  };

  return {
    async handle(actor: Actor, id: string | null, request: ScimRequest): Promise<ScimAnswer> {
      const { method, baseUrl, body, query } = request;
      const { tenantId } = actor;
      if (id === null) {
        if (method === 'POST') {
          const made = await save(actor, null, readInput(body));
          return { status: 201, body: await shown(actor, made, baseUrl) };
        }
        if (method !== 'GET') throw new ScimError(405, 'This cannot be done with all groups.');
        const rows = await db
          .selectFrom('reeve_group')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .orderBy('created_at')
          .orderBy('id')
          .execute();
        const members = await membersOf(rows.map((row) => row.id));
        const all = rows.map((row) => present(row, members.get(row.id)!, baseUrl));
        return listAnswer(query, all, ['displayName', 'externalId', 'id']);
      }
      const row = await groupIn(tenantId, id);
      switch (method) {
        case 'GET':
          break;
        case 'PUT':
          await save(actor, id, readInput(body));
          break;
        case 'PATCH': {
          const members = (await membersOf([id])).get(id)!;
          const before = { name: row.name, externalId: row.external_id, members };
          await save(actor, id, patched(before, body));
          break;
        }
        case 'DELETE': {
          const members = (await membersOf([id])).get(id)!;
          await db.deleteFrom('reeve_group').where('id', '=', id).where('tenant_id', '=', tenantId).execute();
          audit(actor, 'group.removed', { target: id, data: { name: row.name } });
          await applyRoles(actor, members);
          return { status: 204 };
        }
        default:
          throw new ScimError(405, 'This cannot be done with a group.');
      }
      return { status: 200, body: await shown(actor, id, baseUrl) };
    },
  };
};
