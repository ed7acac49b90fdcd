import {
  BoundedMap,
  type ChannelLinks,
  type Clock,
  type NewId,
  type Owner,
  type Person,
  type Sender,
} from '@reeve/core';
import { type ChannelLink, FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db, IdentitySchema } from '../database/schema.ts';
import { isThere } from '../people/add-person.ts';
import type { Directory } from '../people/directory.ts';
import type { Guests } from '../people/guests.ts';
import type { IsStill, Revocations } from '../revocations.ts';
import { createLinkCodes } from './link-codes.ts';

/** F240: senders that are answered from memory. */
const remembered = 256;

export const createChannelLinks = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  present: (owner: Owner) => Person | null;
  guests: Guests;
  unknownSenders: () => 'guest' | 'refuse';
  revocations: Revocations;
  audit: Audit;
}): ChannelLinks => {
  const { db, clock, directory, present, guests, revocations, audit } = deps;
  const codes = createLinkCodes(clock);
  const empty = () => new BoundedMap<string, Owner>(remembered);
  let known = empty();
  const nameOf = ({ tenantId, channel, identifier }: Sender) =>
    JSON.stringify([tenantId, channel, identifier]);

  /** Whom a link names; null when there is none. The one that was asked for longest ago gives way. */
  const linked = async (sender: Sender): Promise<Owner | null> => {
    const name = nameOf(sender);
    for (;;) {
      const memory = known;
      const hit = memory.use(name);
      // The links of somebody who was removed went with them.
      if (hit && directory.find(hit)) return hit;
      const row = await db
        .selectFrom('reeve_channel_link')
        .select(['tenant_id', 'user_id'])
        .where('tenant_id', '=', sender.tenantId)
        .where('channel', '=', sender.channel)
        .where('identifier', '=', sender.identifier)
        .executeTakeFirst();
      // A link was made or taken back meanwhile: what was read may be older than that.
      if (memory !== known) continue;
      if (!row) return null;
      const owner = { tenantId: row.tenant_id, userId: row.user_id };
      memory.set(name, owner);
      return owner;
    }
  };

  /** Null for somebody who is gone, or when `isStill` says no. */
  const save = async (
    owner: Owner,
    sender: Sender,
    isStill: IsStill = () => true,
  ): Promise<ChannelLink | null> => {
    const row = {
      id: deps.newId('lnk_'),
      tenant_id: owner.tenantId,
      user_id: owner.userId,
      channel: sender.channel,
      identifier: sender.identifier,
      created_at: clock.now(),
    };
    const isSaved = await db.transaction().execute(async (tx) => {
      if (!(await isThere(tx, owner)) || !isStill()) return false;
      // Somebody on a channel is one person: a later link replaces an earlier one.
      await tx
        .deleteFrom('reeve_channel_link')
        .where('tenant_id', '=', row.tenant_id)
        .where('channel', '=', row.channel)
        .where('identifier', '=', row.identifier)
        .execute();
      await tx.insertInto('reeve_channel_link').values(row).execute();
      return true;
    });
    known = empty();
    return isSaved ? view(row) : null;
  };

  return {
    async resolve(sender) {
      const owner = await linked(sender);
      // A link to somebody who is disabled makes nobody a guest instead.
      if (owner) return present(owner) ? owner : null;
      if (deps.unknownSenders() === 'refuse') return null;
      const { tenantId, channel, identifier } = sender;
      const guest = await guests(tenantId, JSON.stringify([channel, identifier]), sender.name ?? identifier);
      return guest && present(guest) ? guest : null;
    },

    async confirm(sender, code) {
      const { owner, isStill } = codes.take(sender, code);
      const made = present(owner) && (await save(owner, sender, isStill));
      if (!made) throw new FaultError('CODE_EXPIRED');
      audit(owner, 'channel.linked', { target: made.id, data: { channel: sender.channel, how: 'code' } });
      return owner;
    },

    newCode(actor, by) {
      if (present(actor)?.baseRole === 'guest')
        throw new FaultError('PERMISSION_DENIED', 'A guest has no account to be known by.', {
          next: 'Ask for the code where you are signed in.',
        });
      const made = codes.add(actor, revocations.since(actor, by));
      audit(actor, 'channel.code', {});
      return made;
    },

    async list({ tenantId, userId }) {
      const rows = await db
        .selectFrom('reeve_channel_link')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .orderBy('created_at')
        .execute();
      return rows.map(view);
    },

    async link(actor, userId, { channel, identifier }) {
      const owner = { tenantId: actor.tenantId, userId };
      const sender = { tenantId: actor.tenantId, channel, identifier };
      const made = directory.find(owner) && (await save(owner, sender));
      if (!made) throw new FaultError('NOT_FOUND', 'There is no such person.');
      audit(actor, 'channel.linked', { target: made.id, data: { channel, how: 'admin', person: userId } });
      return made;
    },

    async unlink(actor, { tenantId, userId }, id) {
      const { numDeletedRows } = await db
        .deleteFrom('reeve_channel_link')
        .where('id', '=', id)
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new FaultError('NOT_FOUND', 'There is no such link.');
      known = empty();
      audit(actor, 'channel.unlinked', { target: id, data: { person: userId } });
    },
  };
};

const view = (row: IdentitySchema['reeve_channel_link']): ChannelLink => ({
  id: row.id,
  channel: row.channel,
  identifier: row.identifier,
  createdAt: row.created_at,
});
