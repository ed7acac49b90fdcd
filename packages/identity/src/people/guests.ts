import { type Clock, homeTenant, type Log, type NewId, type Owner } from '@reeve/core';
import type { Audit } from '../audit.ts';
import { noAddress } from '../database/first-start.ts';
import type { Db } from '../database/schema.ts';
import { digest } from '../secrets.ts';
import { addPerson } from './add-person.ts';
import type { Directory } from './directory.ts';

/** `key` is what that guest is known by there, for ever. Null for one more than there may be. */
export type Guests = (tenantId: string, key: string, name: string) => Promise<Owner | null>;

const idPrefix = 'gst_';

/** Accounts for people that something else than Reeve knows by a name: made when they come the first time. */
export const createGuests = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  audit: Audit;
  log: Log;
  /** Guests that one tenant may have. */
  limit: () => number;
}): Guests => {
  const { db, clock, directory, audit } = deps;
  const making = new Map<string, Promise<void>>();
  const make = async (owner: Owner, name: string): Promise<void> => {
    const guest = {
      name: name.slice(0, 100),
      email: owner.userId + noAddress,
      isVerified: false,
      role: 'guest',
    };
    const more = { memberId: deps.newId('mem_'), now: clock.now() };
    await db.transaction().execute((tx) => addPerson(tx, owner, { ...guest, ...more }));
    await directory.reload();
    audit(owner, 'person.joined', { data: { how: 'guest' } });
  };
  return async (tenantId, key, name) => {
    const owner = { tenantId, userId: idPrefix + guestHash(tenantId, key) };
    if (directory.find(owner)) return owner;
    let made = making.get(owner.userId);
    if (!made) {
      const there = directory.list(tenantId).filter(({ userId }) => userId.startsWith(idPrefix));
      if (there.length + making.size >= deps.limit()) {
        deps.log.warn({ tenantId, guests: there.length }, 'a guest was refused: there are too many');
        return null;
      }
      made = make(owner, name).finally(() => making.delete(owner.userId));
      making.set(owner.userId, made);
    }
    await made;
    return owner;
  };
};

/** An id is of all of Reeve: in another tenant the same name is another guest. */
const guestHash = (tenantId: string, key: string): string =>
  digest(tenantId === homeTenant ? key : `${tenantId}\n${key}`).slice(0, 32);
