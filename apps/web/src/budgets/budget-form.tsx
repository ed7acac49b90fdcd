import type { BudgetInput, BudgetState } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, useMay } from '../api/account.ts';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { showToast } from '../ui/toasts.tsx';

const subjects = ['tenant', 'user', 'agent', 'session', 'schedule'] as const;
const periods = ['day', 'week', 'month'] as const;
const units = ['usd', 'tokens'] as const;
export const budgetsChanged = () => queries.invalidateQueries({ queryKey: ['budgets'] });

/** A budget, new or as it is. */
export const BudgetForm = ({ budget, onClose }: { budget: BudgetState | null; onClose: () => void }) => {
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
            defaultValue={budget?.setFor ?? '*'}
            options={[['*', t('budget.each')], ...people.map(({ id, name }) => [id, name] as const)]}
          />
        ) : (
          subject !== 'tenant' && (
            <TextField
              name="subjectId"
              label={t('budget.id')}
              detail={t('budget.idDetail')}
              defaultValue={budget?.setFor ?? '*'}
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
