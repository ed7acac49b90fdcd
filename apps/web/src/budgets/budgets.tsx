import type { BudgetInput, BudgetState } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, useMay, useNameOf } from '../api/account.ts';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { showToast } from '../ui/toasts.tsx';
import { Meter, StateBadge } from './meter.tsx';
import { MyBudgets } from './my-budgets.tsx';
import { Usage } from './usage.tsx';

const subjects = ['tenant', 'user', 'agent', 'session', 'schedule'] as const;
const periods = ['day', 'week', 'month'] as const;
const units = ['usd', 'tokens'] as const;
const budgetsChanged = () => queries.invalidateQueries({ queryKey: ['budgets'] });

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
  const nameOf = useNameOf();
  const query = useQuery({
    queryKey: ['budgets'],
    queryFn: async ({ signal }) => (await client.budgets.list(undefined, { signal })).budgets,
    staleTime: 0,
  });
  const labelOf = ({ subject, subjectId, period }: BudgetState) =>
    [
      t(`budget.subject.${subject}`),
      ...(subjectId === '*' ? [] : [subject === 'user' ? nameOf(subjectId) : subjectId]),
      t(`budget.period.${period}`),
    ].join(', ');
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
            {budgets.map((budget) => (
              <Entry
                key={`${budget.id} ${budget.subjectId}`}
                title={labelOf(budget)}
                badge={<StateBadge state={budget.state} />}
                actions={
                  <>
                    <Button kind="quiet" onClick={() => setEdited(budget)}>
                      {t('policy.edit')}
                    </Button>
                    <ConfirmButton
                      label={t('remove')}
                      title={t('budget.removeTitle')}
                      text={t('budget.removeText', { name: labelOf(budget) })}
                      action={t('remove')}
                      onConfirm={async () => {
                        await client.budgets.remove({ id: budget.id });
                        await budgetsChanged();
                      }}
                    />
                  </>
                }
              >
                <Meter budget={budget} label={labelOf(budget)} />
              </Entry>
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};

const BudgetForm = ({ budget, onClose }: { budget: BudgetState | null; onClose: () => void }) => {
  const may = useMay();
  const { data: people = [] } = useQuery({ ...peopleQuery, enabled: may('user:manage') });
  const [subject, setSubject] = useState<BudgetInput['subject']>(budget?.subject ?? 'user');
  return (
    <Form
      aria-label={t('budget.set')}
      className="mb-4 rounded-xl border border-line bg-raised p-4"
      submit={t('save')}
      onCancel={onClose}
      onSubmit={async (fields) => {
        await client.budgets.set({
          subject,
          subjectId: fields.optional('subjectId') ?? '*',
          period: fields.text('period') as BudgetInput['period'],
          unit: fields.text('unit') as BudgetInput['unit'],
          amount: Number(fields.text('amount')),
        });
        await budgetsChanged();
        showToast(t('saved'));
        onClose();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t('budget.subject')}
          value={subject}
          onChange={(event) => setSubject(event.target.value as BudgetInput['subject'])}
          options={subjects.map((one) => [one, t(`budget.subject.${one}`)] as const)}
        />
        {subject === 'user' ? (
          <SelectField
            name="subjectId"
            label={t('policy.person')}
            defaultValue={budget?.subjectId ?? '*'}
            options={[['*', t('budget.each')], ...people.map(({ id, name }) => [id, name] as const)]}
          />
        ) : (
          subject !== 'tenant' && (
            <TextField
              name="subjectId"
              label={t('budget.id')}
              detail={t('budget.idDetail')}
              defaultValue={budget?.subjectId ?? '*'}
              maxLength={200}
            />
          )
        )}
        <SelectField
          name="period"
          label={t('budget.period')}
          defaultValue={budget?.period ?? 'month'}
          options={periods.map((one) => [one, t(`budget.period.${one}`)] as const)}
        />
        <SelectField
          name="unit"
          label={t('budget.unit')}
          defaultValue={budget?.unit ?? 'usd'}
          options={units.map((one) => [one, t(`budget.unit.${one}`)] as const)}
        />
        <TextField
          name="amount"
          type="number"
          min={0}
          step="any"
          label={t('budget.amount')}
          detail={t('budget.amountDetail')}
          defaultValue={budget?.amount ?? ''}
          required
        />
      </div>
    </Form>
  );
};
