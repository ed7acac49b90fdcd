import type { Actor, Administration, Clock, NewId, Person, ScimAnswer, ScimRequest } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { z } from 'zod';
import type { Audit } from '../audit.ts';
import type { Db } from '../database/schema.ts';
import { addPerson, isTaken } from '../people/add-person.ts';
import { type Directory, normaliseEmail } from '../people/directory.ts';
import { ScimError } from './errors.ts';
import { listAnswer, type Resource } from './list.ts';
import { readPatch } from './patch.ts';

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** Entra writes truth as text. */
const truth = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]);
const shortText = z.string().max(254);

/** What of a user is taken in; what else a directory sends is left out. */
const inputSchema = z.object({
  userName: shortText.trim().min(1),
  externalId: shortText.nullish(),
  displayName: shortText.nullish(),
  name: z
    .object({
      formatted: shortText.nullish(),
      givenName: shortText.nullish(),
      familyName: shortText.nullish(),
    })
    .nullish(),
  emails: z
    .array(z.object({ value: shortText.nullish(), primary: truth.nullish() }))
    .max(50)
    .nullish(),
  active: truth.nullish(),
});
type Input = z.infer<typeof inputSchema>;

/** A user as it is kept. */
interface Kept {
  userName: string;
  externalId: string | null;
  name: string;
  email: string;
  isActive: boolean;
}

export interface ScimUsersDeps {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  administration: Administration;
  defaultRole: () => string;
  audit: Audit;
}

/** People of a tenant as its directory sees them. Whoever has no e-mail address, such as a guest, is none of its business. */
export const createScimUsers = (deps: ScimUsersDeps) => {
  const { db, clock, newId, directory, administration, audit } = deps;

  const rowsOf = async (tenantId: string) => {
    const rows = await db
      .selectFrom('reeve_scim_user')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .execute();
    return new Map(rows.map((row) => [row.user_id, row]));
  };
  type Row = NonNullable<ReturnType<Awaited<ReturnType<typeof rowsOf>>['get']>>;

  const present = (person: Person, row: Row | undefined, baseUrl: string): Resource => ({
    schemas: [userSchema],
    id: person.userId,
    userName: row?.user_name ?? person.email!,
    ...(row?.external_id && { externalId: row.external_id }),
    displayName: person.name,
    name: { formatted: person.name },
    emails: [{ value: person.email!, primary: true, type: 'work' }],
    active: !person.isDisabled,
    roles: [{ value: person.role, primary: true }],
    meta: {
      resourceType: 'User',
      created: new Date(person.createdAt).toISOString(),
      lastModified: new Date(row?.updated_at ?? person.createdAt).toISOString(),
      location: `${baseUrl}/Users/${encodeURIComponent(person.userId)}`,
    },
  });
  const personIn = (tenantId: string, userId: string): Person => {
    const person = directory.find({ tenantId, userId });
    if (!person || person.email === null) throw new ScimError(404, 'There is no such user.');
    return person;
  };
  const shown = async (actor: Actor, userId: string, baseUrl: string): Promise<Resource> =>
    present(personIn(actor.tenantId, userId), (await rowsOf(actor.tenantId)).get(userId), baseUrl);

  const kept = (input: Input, isActive: boolean): Kept => {
    const { userName, name, emails, displayName } = input;
    const listed = emails?.find((one) => one.primary === true)?.value ?? emails?.[0]?.value;
    const email = normaliseEmail(listed ?? userName);
    if (!z.email().safeParse(email).success)
      throw new ScimError(400, 'A user needs an e-mail address, as userName or in emails.', 'invalidValue');
    const parts = [name?.givenName, name?.familyName].filter(Boolean).join(' ');
    return {
      userName,
      externalId: input.externalId ?? null,
      name: (displayName || name?.formatted || parts || userName).trim().slice(0, 100) || userName,
      email,
      isActive: input.active ?? isActive,
    };
  };
  /** `isActive` is what holds when nothing is said of it. */
  const readInput = (body: unknown, isActive: boolean): Kept => {
    const parsed = inputSchema.safeParse(body);
    if (!parsed.success)
      throw new ScimError(400, parsed.error.issues[0]?.message ?? 'not a user', 'invalidValue');
    return kept(parsed.data, isActive);
  };
  const unique = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw isTaken(error)
        ? new ScimError(409, 'The userName or the e-mail address is in use.', 'uniqueness')
        : error;
    });

  const saveRow = (tx: Db, actor: Actor, userId: string, { userName, externalId }: Kept) => {
    const row = { user_name: userName.toLowerCase(), external_id: externalId, updated_at: clock.now() };
    return tx
      .insertInto('reeve_scim_user')
      .values({ ...row, user_id: userId, tenant_id: actor.tenantId })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
      .execute();
  };

  const create = async (actor: Actor, body: unknown, baseUrl: string): Promise<ScimAnswer> => {
    const user = readInput(body, true);
    const userId = newId('usr_');
    const role = deps.defaultRole();
    const owner = { tenantId: actor.tenantId, userId };
    await unique(
      db.transaction().execute(async (tx) => {
        const { name, email } = user;
        const more = { isVerified: true, role, memberId: newId('mem_'), now: clock.now() };
        await addPerson(tx, owner, { name, email, ...more });
        await saveRow(tx, actor, userId, user);
      }),
    );
    await directory.reload();
    audit(actor, 'person.provisioned', { target: userId, data: { role } });
    if (!user.isActive) await administration.update(actor, userId, { isDisabled: true });
    return { status: 201, body: await shown(actor, userId, baseUrl) };
  };

  const save = async (actor: Actor, person: Person, user: Kept): Promise<void> => {
    await unique(
      db.transaction().execute(async (tx) => {
        if (user.email !== person.email)
          // The directory of a tenant speaks for the addresses of its people.
          await tx
            .updateTable('user')
            .set({ email: user.email, emailVerified: 1, updatedAt: new Date(clock.now()).toISOString() })
            .where('id', '=', person.userId)
            .execute();
        await saveRow(tx, actor, person.userId, user);
      }),
    );
    await directory.reload();
    const isDisabled = !user.isActive;
    // Ends sessions, sockets and streams where somebody is disabled.
    await administration.update(actor, person.userId, {
      ...(user.name !== person.name && { name: user.name }),
      ...(isDisabled !== person.isDisabled && { isDisabled }),
    });
  };

  const patched = (before: Resource, body: unknown): unknown => {
    const draft: Record<string, unknown> = { ...before };
    const names = new Map(
      ['userName', 'externalId', 'displayName', 'name', 'emails', 'active'].map((name) => [
        name.toLowerCase(),
        name,
      ]),
    );
    const set = (attribute: string, sub: string | null, value: unknown) => {
      const name = names.get(attribute.toLowerCase());
      if (name === undefined) return;
      if (name === 'emails' && !Array.isArray(value)) draft[name] = [{ value, primary: true }];
      else if (name === 'name' && sub !== null) {
        const part = { givenname: 'givenName', familyname: 'familyName', formatted: 'formatted' }[sub];
        if (part === undefined) return;
        // Parts of a name stand for it only where no whole one was sent.
        draft[name] = { ...(part === 'formatted' ? {} : (draft['nameParts'] as object)), [part]: value };
        draft['nameParts'] = draft[name];
        draft['displayName'] = null;
      } else {
        draft[name] = value;
        if (name === 'name') draft['displayName'] = null;
      }
    };
    for (const { op, attribute, sub, value } of readPatch(body)) {
      if (attribute === null) {
        if (typeof value !== 'object' || value === null)
          throw new ScimError(400, 'Without a path the value must be a table.', 'invalidValue');
        for (const [key, one] of Object.entries(value)) {
          const [name, part] = key.split('.', 2);
          set(name!, part?.toLowerCase() ?? null, one);
        }
      } else if (op === 'remove') {
        if (attribute === 'username' || attribute === 'emails' || attribute === 'active')
          throw new ScimError(400, `${attribute} cannot be removed.`, 'mutability');
        set(attribute, sub, null);
      } else set(attribute, sub, value);
    }
    return draft;
  };

  return {
    async handle(actor: Actor, id: string | null, request: ScimRequest): Promise<ScimAnswer> {
      const { method, baseUrl, body, query } = request;
      if (id === null) {
        if (method === 'POST') return create(actor, body, baseUrl);
        if (method !== 'GET') throw new ScimError(405, 'This cannot be done with all users.');
        const rows = await rowsOf(actor.tenantId);
        const people = directory.list(actor.tenantId).filter(({ email }) => email !== null);
        const all = people.map((person) => present(person, rows.get(person.userId), baseUrl));
        return listAnswer(query, all, ['userName', 'externalId', 'displayName', 'id']);
      }
      const person = personIn(actor.tenantId, id);
      switch (method) {
        case 'GET':
          return { status: 200, body: await shown(actor, id, baseUrl) };
        case 'PUT':
          await save(actor, person, readInput(body, !person.isDisabled));
          break;
        case 'PATCH':
          await save(
            actor,
            person,
            readInput(patched(await shown(actor, id, baseUrl), body), !person.isDisabled),
          );
          break;
        case 'DELETE':
          await administration.remove(actor, id);
          return { status: 204 };
        default:
          throw new ScimError(405, 'This cannot be done with a user.');
      }
      return { status: 200, body: (await shown(actor, id, baseUrl)) as Record<string, Json> };
    },
  };
};
