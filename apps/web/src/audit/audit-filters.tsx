import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, useMay } from '../api/account.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';

/** The filters of F215. */
export interface AuditFilter {
  type?: string;
  outcome?: string;
  actor?: string;
  target?: string;
  sessionId?: string;
  correlationId?: string;
  hours?: number;
}

const types = ['tool', 'approval', 'auth', 'account', 'policy', 'secret', 'model', 'session', 'config'];
const outcomes = ['ok', 'failed', 'denied', 'allow', 'ask', 'deny', 'approved', 'expired', 'void'];
const fields = ['type', 'outcome', 'actor', 'target', 'sessionId', 'correlationId'] as const;
const spans = [1, 24, 168, 720] as const;

export const AuditFilters = ({
  filter,
  onFilter,
}: {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}) => {
  const [round, setRound] = useState(0);
  const may = useMay();
  const { data: people } = useQuery({ ...peopleQuery, enabled: may('user:manage') });
  return (
    <Form
      // Empty again when all filters are taken off.
      key={round}
      aria-label={t('audit.filter')}
      className="mb-4 rounded-xl border border-line bg-raised p-4"
      submit={t('audit.show')}
      onSubmit={async (form) => {
        const hours = form.optional('hours');
        onFilter({
          ...Object.fromEntries(
            fields.flatMap((name) => {
              const value = form.optional(name);
              return value === undefined ? [] : [[name, value] as const];
            }),
          ),
          ...(hours !== undefined && { hours: Number(hours) }),
        });
      }}
    >
      <datalist id="audit-types">
        {types.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <datalist id="audit-outcomes">
        {outcomes.map((outcome) => (
          <option key={outcome} value={outcome} />
        ))}
      </datalist>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <TextField
          name="type"
          label={t('audit.type')}
          detail={t('audit.typeDetail')}
          list="audit-types"
          defaultValue={filter.type}
          maxLength={100}
        />
        <TextField
          name="outcome"
          label={t('audit.outcome')}
          list="audit-outcomes"
          defaultValue={filter.outcome}
          maxLength={100}
        />
        <SelectField
          name="hours"
          label={t('usage.span')}
          defaultValue={filter.hours ?? ''}
          options={[
            ['', t('audit.ever')],
            ...spans.map((one) => [String(one), t(`audit.span.${one}`)] as const),
          ]}
        />
        {people ? (
          <SelectField
            name="actor"
            label={t('policy.person')}
            defaultValue={filter.actor ?? ''}
            options={[['', t('audit.anybody')], ...people.map(({ id, name }) => [id, name] as const)]}
          />
        ) : (
          <TextField name="actor" label={t('audit.actor')} defaultValue={filter.actor} maxLength={200} />
        )}
        <TextField name="target" label={t('audit.target')} defaultValue={filter.target} maxLength={500} />
        <TextField
          name="sessionId"
          label={t('audit.session')}
          defaultValue={filter.sessionId}
          maxLength={200}
        />
        <TextField
          name="correlationId"
          label={t('audit.run')}
          defaultValue={filter.correlationId}
          maxLength={200}
        />
      </div>
      {Object.keys(filter).length > 0 && (
        <Button
          kind="quiet"
          onClick={() => {
            onFilter({});
            setRound(round + 1);
          }}
        >
          {t('audit.clear')}
        </Button>
      )}
    </Form>
  );
};
