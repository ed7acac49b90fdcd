import type { Owner } from '@reeve/core';
import type { Db } from '../database/schema.ts';

/** Writes a new account without any way to sign in; to be called in a transaction. */
export const addPerson = async (
  tx: Db,
  owner: Owner,
  person: {
    name: string;
    email: string;
    /** Whether somebody whom we trust in it says that the address is theirs. */
    isVerified: boolean;
    role: string;
    memberId: string;
    /** Unix ms. */
    now: number;
  },
): Promise<void> => {
  const at = new Date(person.now).toISOString();
  await tx
    .insertInto('user')
    .values({
      id: owner.userId,
      name: person.name,
      email: person.email,
      emailVerified: Number(person.isVerified),
      image: null,
      createdAt: at,
      updatedAt: at,
    })
    .execute();
  await tx
    .insertInto('member')
    .values({
      id: person.memberId,
      organizationId: owner.tenantId,
      userId: owner.userId,
      role: person.role,
      createdAt: at,
    })
    .execute();
};

/** Whether an account is there in the moment of a write: what others know of it may be older. */
export const isThere = async (tx: Db, { userId }: Owner): Promise<boolean> =>
  (await tx.selectFrom('user').select('id').where('id', '=', userId).executeTakeFirst()) !== undefined;

/** Whether an insert failed because there is one already. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
