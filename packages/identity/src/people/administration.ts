import { type Administration, type Clock, homeTenant, type NewId, type Person } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Lookup } from '../credentials/lookup.ts';
import type { SessionRows } from '../credentials/sessions.ts';
import type { Db } from '../database/schema.ts';
import type { Mail } from '../mail.ts';
import type { Revocations } from '../revocations.ts';
import type { Tickets } from '../sign-in/tickets.ts';
import { type Directory, isBuiltIn, normaliseEmail } from './directory.ts';
import { savePerson } from './save-person.ts';

/** What admins do with the people of their tenant; nothing here reaches into another one. */
export const createAdministration = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  tickets: Tickets;
  sessions: SessionRows;
  lookup: Lookup;
  revocations: Revocations;
  mail: Mail;
  audit: Audit;
}): Administration => {
  const { db, clock, newId, directory, tickets, sessions, lookup, revocations, mail, audit } = deps;

  const personIn = (tenantId: string, userId: string): Person => {
    const person = directory.find({ tenantId, userId });
    if (!person) throw new FaultError('NOT_FOUND', 'There is no such person.');
    return person;
  };
  const roleIn = (tenantId: string, name: string) => {
    const role = directory.roles(tenantId).find((one) => one.name === name);
    if (!role)
      throw new FaultError('INVALID_PARAMS', `There is no role ${name}.`, {
        next: 'See `reeve user roles`.',
      });
    return role;
  };
  const keepAnAdmin = ({ tenantId, userId }: Person) => {
    const others = directory
      .list(tenantId)
      .some((person) => person.userId !== userId && person.baseRole === 'admin' && !person.isDisabled);
    if (!others)
      throw new FaultError('CONFLICT', 'This is the only admin.', {
        next: 'Make somebody else an admin first.',
      });
  };

  return {
    async update(actor, userId, change) {
      const person = personIn(actor.tenantId, userId);
      const role = change.role === undefined ? null : roleIn(actor.tenantId, change.role);
      const losesAdmin = (role && role.base !== 'admin') || change.isDisabled === true;
      if (person.baseRole === 'admin' && !person.isDisabled && losesAdmin) keepAnAdmin(person);
      await savePerson(db, person, change, clock.now());
      await directory.reload();
      const isRoleChanged = change.role !== undefined && change.role !== person.role;
      // What was opened with more than is left ends now; what comes next asks anew.
      if (isRoleChanged || change.isDisabled === true) revocations.person(person);
      if (losesAdmin && (isRoleChanged || change.isDisabled === true)) await tickets.endMadeBy(userId);
      if (change.isDisabled === true) {
        await sessions.revokeAll(person);
        await tickets.endResets(db, userId);
      }
      const { name: _name, ...told } = change;
      if (isRoleChanged)
        audit(actor, 'role.changed', { target: userId, data: { from: person.role, to: change.role! } });
      audit(actor, 'person.changed', { target: userId, data: { ...told, flags: { ...told.flags } } });
    },

    async remove(actor, userId) {
      const person = personIn(actor.tenantId, userId);
      if (person.baseRole === 'admin' && !person.isDisabled) keepAnAdmin(person);
      // Everything of the account goes with it; sessions and what they say belong to the journal and stay.
      await db.deleteFrom('user').where('id', '=', userId).execute();
      await directory.reload();
      lookup.forget();
      revocations.signIns(person);
      revocations.person(person);
      await tickets.endMadeBy(userId);
      audit(actor, 'person.removed', { target: userId });
    },

    async resetCode(actor, userId) {
      const person = personIn(actor.tenantId, userId);
      const reset = await tickets.reset(person, actor.userId);
      audit(actor, 'password.reset-link', { target: userId });
      return reset;
    },

    async signOut(actor, userId) {
      const ended = await sessions.revokeAll(personIn(actor.tenantId, userId));
      audit(actor, 'person.signed-out', { target: userId, data: { sessions: ended } });
      return ended;
    },

    invites: tickets.invites,

    async invite(actor, { role, email, name }, linkOf) {
      // Only admins come here, and no role is above theirs.
      roleIn(actor.tenantId, role);
      const { invite, code } = await tickets.invite({
        tenantId: actor.tenantId,
        createdBy: actor.userId,
        role,
        email: email === undefined ? null : normaliseEmail(email),
        name: name ?? null,
      });
      const isSent =
        email !== undefined &&
        (await mail.send({
          to: email,
          subject: 'An invitation to Reeve',
          text: `Hello${name === undefined ? '' : ` ${name}`},\n\nyou are invited to this Reeve. Open the link within seven days; it is good once:\n\n${linkOf(code)}\n`,
        }));
      audit(actor, 'invite.created', { target: invite.id, data: { role, isSent } });
      return { ...invite, code, isSent };
    },

    async revokeInvite(actor, id) {
      if (!(await tickets.revokeInvite(actor.tenantId, id)))
        throw new FaultError('NOT_FOUND', 'There is no such invitation.');
      audit(actor, 'invite.revoked', { target: id });
    },

    roles: directory.roles,

    async createRole(actor, { name, base, description }) {
      if (directory.roles(actor.tenantId).some((role) => role.name === name))
        throw new FaultError('CONFLICT', `There is a role ${name} already.`);
      await db
        .insertInto('reeve_role')
        .values({ tenant_id: actor.tenantId, name, base, description })
        .execute();
      await directory.reload();
      audit(actor, 'role.created', { target: name, data: { base } });
      return { name, base, description, isBuiltIn: false };
    },

    async removeRole(actor, name) {
      if (isBuiltIn(name)) throw new FaultError('CONFLICT', 'Built-in roles stay.');
      const isUsed =
        directory.list(actor.tenantId).some((person) => person.role === name) ||
        (await tickets.invites(actor.tenantId)).some((invite) => invite.role === name);
      if (isUsed)
        throw new FaultError('CONFLICT', `Somebody has the role ${name}, or is invited with it.`, {
          next: 'Give them another role first.',
        });
      const { numDeletedRows } = await db
        .deleteFrom('reeve_role')
        .where('tenant_id', '=', actor.tenantId)
        .where('name', '=', name)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new FaultError('NOT_FOUND', `There is no role ${name}.`);
      await directory.reload();
      audit(actor, 'role.removed', { target: name });
    },

    tenants: () =>
      directory.tenants().map((tenant) => ({ ...tenant, people: directory.list(tenant.id).length })),

    async createTenant(actor, name) {
      // Whoever runs the machine makes tenants, and then has no say in them.
      if (actor.tenantId !== homeTenant)
        throw new FaultError('PERMISSION_DENIED', 'Only admins of the first tenant make others.');
      const id = newId('ten_');
      const createdAt = clock.now();
      await db
        .insertInto('organization')
        .values({ id, name, slug: id, createdAt: new Date(createdAt).toISOString() })
        .execute();
      await directory.reload();
      const { code } = await tickets.invite({
        tenantId: id,
        createdBy: actor.userId,
        role: 'admin',
        email: null,
        name: null,
      });
      audit(actor, 'tenant.created', { target: id });
      return { id, name, people: 0, createdAt, code };
    },
  };
};
