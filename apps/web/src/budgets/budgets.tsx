import type { BudgetState } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useNameOf } from '../api/account.ts';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { BudgetForm, budgetsChanged } from './budget-form.tsx';
import { Meter, StateBadge, shareOf } from './meter.tsx';
import { MyBudgets } from './my-budgets.tsx';
import { Usage } from './usage.tsx';

/** What may be spent, what was spent, and on what. */
export const Budgets = () => {
  const may = useMay();
  return (
    <>
      {may('budget:manage') ? <AllBudgets /> : <MyBudgets />}
      <Usage />
    </>
  );
};

const AllBudgets = () => {
  const [edited, setEdited] = useState<BudgetState | 'new' | null>(null);
  const query = useQuery({
    queryKey: ['budgets'],
    queryFn: async ({ signal }) => (await client.budgets.list(undefined, { signal })).budgets,
    staleTime: 0,
  });
  return (
    <Section
      title={t('budgets')}
      detail={t('budgets.detail')}
      actions={edited === null && <Button onClick={() => setEdited('new')}>{t('budget.set')}</Button>}
    >
      {edited && (
        <BudgetForm
          key={edited === 'new' ? 'new' : edited.id}
          budget={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
      <Loaded query={query}>
        {(budgets) => (
          <List label={t('budgets')} empty={t('budget.none')}>
            {[...Map.groupBy(budgets, ({ id }) => id).values()].map((states) => (
              <BudgetEntry key={states[0]!.id} states={states} onEdit={() => setEdited(states[0]!)} />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};

/** So many stand below a budget that is for each before the rest is asked for. */
const shownAtFirst = 5;

/** One budget; when it is for each, how it stands for everybody that it is about, those who used most of it first. */
const BudgetEntry = ({ states, onEdit }: { states: BudgetState[]; onEdit: () => void }) => {
  const nameOf = useNameOf();
  const [isAll, setIsAll] = useState(false);
  const [worst, ...others] = [...states].sort((a, b) => shareOf(b) - shareOf(a)) as [BudgetState];
  const { id, subject, subjectId, setFor, period } = worst;
  const isPerson = subject === 'user' || subject === 'schedule';
  const isForEach = setFor === '*' && subject !== 'tenant';
  const whose = (one: string) => (isPerson ? nameOf(one) : one);
  const label = [
    t(`budget.subject.${subject}`),
    ...(isForEach ? [t('budget.forEach')] : setFor === '*' ? [] : [whose(subjectId)]),
    t(`budget.period.${period}`),
  ].join(', ');
  const shown = isAll ? [worst, ...others] : [worst, ...others].slice(0, shownAtFirst);
  return (
    <Entry
      title={label}
      badge={<StateBadge state={worst.state} />}
      actions={
        <>
          <Button kind="quiet" onClick={onEdit}>
            {t('policy.edit')}
          </Button>
          <ConfirmButton
            label={t('remove')}
            title={t('budget.removeTitle')}
            text={t('budget.removeText', { name: label })}
            action={t('remove')}
            onConfirm={async () => {
              await client.budgets.remove({ id });
              await budgetsChanged();
            }}
          />
        </>
      }
    >
      {isForEach && subjectId !== '*' ? (
        <ul aria-label={label} className="mt-3 space-y-3">
          {shown.map((state) => (
            <li key={state.subjectId}>
              <p className="flex flex-wrap items-center gap-2">
                {whose(state.subjectId)}
                {state.state !== 'ok' && <StateBadge state={state.state} />}
              </p>
              <Meter budget={state} label={`${whose(state.subjectId)}, ${label}`} />
            </li>
          ))}
        </ul>
      ) : (
        <Meter budget={worst} label={label} />
      )}
      {shown.length < states.length && (
        <Button kind="quiet" className="mt-2" onClick={() => setIsAll(true)}>
          {t('budget.others', { count: states.length - shown.length })}
        </Button>
      )}
    </Entry>
  );
};
