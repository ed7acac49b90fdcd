import { type Intent, type Plan, sayPlan } from '../plan.ts';
import type { Texts } from '../texts/index.ts';

/** What cannot be done without a model, how to add one, and two things that can. */
export const notUnderstood = (t: Texts): Plan =>
  sayPlan(`${t.fallback.unknown} ${t.fallback.addModel}\n${t.fallback.examples}`);

/** Always fits. */
export const fallback: Intent = {
  id: 'fallback',
  kind: 'last',
  match: ({ t, raw }) => (raw === '' ? sayPlan(t.chat.greet) : notUnderstood(t)),
};
