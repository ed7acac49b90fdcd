import type { BudgetState } from '@reeve/protocol';
import { formatCost, formatDateTime } from '../lib/format.ts';
import { language, t } from '../lib/i18n.ts';
import { Badge, type Tone } from '../ui/section.tsx';

export const formatAmount = (amount: number, unit: BudgetState['unit']): string =>
  unit === 'usd'
    ? formatCost(amount)
    : t('tokens', { count: Math.round(amount).toLocaleString(language.get()) });

const tones: Record<BudgetState['state'], Tone> = {
  ok: 'good',
  warning: 'accent',
  critical: 'bad',
  'used-up': 'bad',
};

export const StateBadge = ({ state }: { state: BudgetState['state'] }) => (
  <Badge tone={tones[state]}>{t(`budget.state.${state}`)}</Badge>
);

/** What part of a budget is spent; a budget of nothing is. */
export const shareOf = ({ amount, spent }: Pick<BudgetState, 'amount' | 'spent'>): number =>
  amount > 0 ? spent / amount : 1;

/** How much of a budget is spent, and how much of it is held by what is under way. */
export const Meter = ({ budget, label }: { budget: BudgetState; label: string }) => {
  const { amount, spent, reserved, unit, resetsAt, state } = budget;
  const share = (part: number) => (amount > 0 ? Math.min(100, (part / amount) * 100) : 100);
  const text = t('budget.spent', {
    spent: formatAmount(spent, unit),
    amount: formatAmount(amount, unit),
  });
  return (
    <div className="mt-2 space-y-1">
      {/* biome-ignore lint/a11y/useSemanticElements: a meter of the browser shows one value, this one two. */}
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={amount}
        aria-valuenow={Math.min(spent, amount)}
        aria-valuetext={text}
        className="flex h-2 overflow-hidden rounded-full bg-hover"
      >
        <span
          className={state === 'critical' || state === 'used-up' ? 'bg-bad' : 'bg-accent'}
          style={{ width: `${share(spent)}%` }}
        />
        <span
          className="bg-soft opacity-50"
          style={{ width: `${Math.min(share(reserved), 100 - share(spent))}%` }}
        />
      </div>
      <p className="text-xs text-soft">
        {[
          text,
          reserved > 0 ? t('budget.reserved', { amount: formatAmount(reserved, unit) }) : '',
          resetsAt > 0 ? t('budget.resets', { time: formatDateTime(resetsAt) }) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
};
