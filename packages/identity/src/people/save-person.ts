import type { Person, PersonFlags } from '@reeve/core';
import type { Db } from '../database/schema.ts';

export interface PersonChange {
  name?: string | undefined;
  role?: string | undefined;
  flags?: Partial<PersonFlags> | undefined;
  language?: string | null | undefined;
  isDisabled?: boolean | undefined;
}

/** Writes what changed of a person; only flags that somebody decided are kept, the others follow the role. */
export const savePerson = async (
  db: Db,
  person: Person,
  { name, role, flags, language, isDisabled }: PersonChange,
  now: number,
): Promise<void> => {
  const { tenantId, userId } = person;
  await db.transaction().execute(async (tx) => {
    if (name !== undefined)
      await tx
        .updateTable('user')
        .set({ name, updatedAt: new Date(now).toISOString() })
        .where('id', '=', userId)
        .execute();
    if (role !== undefined)
      await tx
        .updateTable('member')
        .set({ role })
        .where('userId', '=', userId)
        .where('organizationId', '=', tenantId)
        .execute();
    const row = await tx
      .selectFrom('reeve_person')
      .selectAll()
      .where('user_id', '=', userId)
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    const decided = { ...(JSON.parse(row?.flags_json ?? '{}') as Partial<PersonFlags>), ...flags };
    const next = {
      flags_json: JSON.stringify(decided),
      language: language === undefined ? (row?.language ?? null) : language,
      is_disabled: isDisabled === undefined ? (row?.is_disabled ?? 0) : Number(isDisabled),
    };
    await tx
      .insertInto('reeve_person')
      .values({ tenant_id: tenantId, user_id: userId, ...next })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id']).doUpdateSet(next))
      .execute();
  });
};
