import { phrase } from '../phrase.ts';
import { type Intent, type Plan, sayPlan } from '../plan.ts';
import type { Texts } from '../texts/index.ts';

const standard = (t: Texts): string => `${t.fallback.unknown} ${t.fallback.addModel}\n${t.fallback.examples}`;

/** What cannot be done without a model, how to add one, and two things that can. */
export const notUnderstood = (t: Texts): Plan => sayPlan(standard(t));

/** In UTF-16 code units. */
const maxStatement = 200;
/** Something that one may want kept: "my name is Tom". */
const statement = phrase`^(?:my|our|the|mein|meine|unser|unsere|der|die|das) .+ (?:is|are|ist|sind) .+$|^(?:ich heiße|i live|ich wohne) .+$`;

/** Always fits. A plain statement is not kept unasked, but how to have it kept is said. */
export const fallback: Intent = {
  id: 'fallback',
  kind: 'last',
  match: ({ t, raw, text }) => {
    if (raw === '') return sayPlan(t.chat.greet);
    const isStatement = text.length <= maxStatement && statement.test(text);
    return isStatement ? sayPlan(`${t.fallback.statement(text)}\n${standard(t)}`) : notUnderstood(t);
  },
};
