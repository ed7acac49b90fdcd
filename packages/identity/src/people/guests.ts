import { type Clock, homeTenant, type NewId, type Owner } from '@reeve/core';
import type { Audit } from '../audit.ts';
import { noAddress } from '../database/first-start.ts';
import type { Db } from '../database/schema.ts';
import { digest } from '../secrets.ts';
import type { Directory } from './directory.ts';

/** Accounts for people that something else than Reeve knows by a name: made when they come the first time. */
export const createGuests = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  directory: Directory;
  audit: Audit;
}) => {
  const { db, clock, directory, audit } = deps;
  const making = new Map<string, Promise<void>>();
  const make = async (owner: Owner, name: string): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    const { tenantId, userId } = owner;
    const user = {
      id: userId,
      name: name.slice(0, 100),
      email: userId + noAddress,
      emailVerified: 0,
      image: null,
    };
    const member = { id: deps.newId('mem_'), organizationId: tenantId, userId, role: 'guest', createdAt: at };
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto('user')
        .values({ ...user, createdAt: at, updatedAt: at })
        .execute();
      await tx.insertInto('member').values(member).execute();
    });
    await directory.reload();
    audit(owner, 'person.joined', { data: { how: 'guest' } });
  };
  return async (name: string): Promise<Owner> => {
    const owner = { tenantId: homeTenant, userId: `gst_${digest(name.toLowerCase()).slice(0, 32)}` };
    if (directory.find(owner)) return owner;
    let made = making.get(owner.userId);
    if (!made) {
      made = make(owner, name).finally(() => making.delete(owner.userId));
      making.set(owner.userId, made);
    }
    await made;
    return owner;
  };
};
