import type { Fact } from '@reeve/core';
import { isoIn } from './time/local-time.ts';

/** A fact as `recall` and `list_facts` show it. */
export const factView = (fact: Fact, timeZone: string) => ({
  id: fact.id,
  text: fact.text,
  rememberedAt: isoIn(fact.rememberedAt, timeZone),
});
