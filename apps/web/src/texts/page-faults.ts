import type { Fault } from '@reeve/protocol';
import type { GatewayTexts } from '../lib/gateway-texts.ts';

interface Words {
  budgets: Record<string, string>;
  anyBudget: string;
  periods: Record<string, string>;
  tokens: string;
  usedUp: (budget: string, amount: string, period: string) => string;
  resets: (time: string) => string;
  unreachable: readonly [message: string, next: string];
}

const english: Words = {
  budgets: {
    user: 'Your budget',
    tenant: 'The budget of this household',
    session: 'The budget of this conversation',
    agent: 'The budget of this agent',
    schedule: 'The budget of this schedule',
  },
  anyBudget: 'A budget',
  periods: { day: 'for today', week: 'for this week', month: 'for this month' },
  tokens: 'tokens',
  usedUp: (budget, amount, period) => `${budget} of ${amount} ${period} does not allow another answer.`,
  resets: (time) => `It begins anew on ${time}, or an admin raises it.`,
  unreachable: [
    'Reeve does not answer at the moment.',
    'What you wrote is kept here: try again when it is back.',
  ],
};

const german: Words = {
  budgets: {
    user: 'Dein Budget',
    tenant: 'Das Budget dieses Haushalts',
    session: 'Das Budget dieses Gesprächs',
    agent: 'Das Budget dieses Agenten',
    schedule: 'Das Budget dieses Zeitplans',
  },
  anyBudget: 'Ein Budget',
  periods: { day: 'für heute', week: 'für diese Woche', month: 'für diesen Monat' },
  tokens: 'Tokens',
  usedUp: (budget, amount, period) => `${budget} von ${amount} ${period} lässt keine weitere Antwort zu.`,
  resets: (time) => `Es beginnt neu am ${time}, oder ein Admin erhöht es.`,
  unreachable: [
    'Reeve antwortet gerade nicht.',
    'Was du geschrieben hast, bleibt hier stehen: versuch es noch einmal, wenn es wieder da ist.',
  ],
};

const budgetIn = (language: string, words: Words, { details }: Fault) => {
  const { subject, period, unit, amount, resetsAt } = (details ?? {}) as Record<string, unknown>;
  // Said by another gateway, or of something else: in its own words.
  if (typeof amount !== 'number' || typeof resetsAt !== 'number') return null;
  const shown =
    unit === 'usd'
      ? amount.toLocaleString(language, { style: 'currency', currency: 'USD' })
      : `${amount.toLocaleString(language)} ${words.tokens}`;
  const time = new Date(resetsAt).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' });
  return [
    words.usedUp(
      words.budgets[String(subject)] ?? words.anyBudget,
      shown,
      words.periods[String(period)] ?? '',
    ),
    words.resets(time),
  ] as const;
};

const ownFaultIn =
  (language: string, words: Words): GatewayTexts['ownFault'] =>
  (fault) => {
    if (fault.code === 'BUDGET_EXCEEDED') return budgetIn(language, words, fault);
    return fault.code === 'GATEWAY_UNREACHABLE' ? words.unreachable : null;
  };

/** What a page says better than the gateway, which speaks to the command line and to programs, too. */
export const ownFaultEn = ownFaultIn('en', english);
export const ownFaultDe = ownFaultIn('de', german);
