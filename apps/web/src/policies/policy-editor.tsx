import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { peopleQuery, useAccount, useMay } from '../api/account.ts';
import { client, faultOf } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import { AreaField, SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { showToast } from '../ui/toasts.tsx';
import { type PolicyKey, policiesChanged } from './policy-key.ts';

export interface PolicyDraft {
  tier: PolicyKey['tier'];
  /** Empty for a new one. */
  name: string;
  userId: string | null;
  text: string;
}

interface Checked {
  problems: readonly { policy: string; message: string; isError: boolean }[];
}

/** How long nothing is typed before the gateway is asked whether it could be saved. */
const settleMs = 400;

/** A policy as text; the gateway says beside it whether it could be saved. */
export const PolicyEditor = ({ draft, onClose }: { draft: PolicyDraft; onClose: () => void }) => {
  const isNew = draft.name === '';
  const may = useMay();
  const { data: account } = useAccount();
  const { data: people } = useQuery({ ...peopleQuery, enabled: may('user:manage') });
  const [text, setText] = useState(draft.text || newText);
  const [tier, setTier] = useState(draft.tier);
  const [name, setName] = useState(draft.name);
  const checked = useCheck({ tier, name: name || 'new', text });
  return (
    <Form
      aria-label={isNew ? t('policy.new') : t('policy.edit')}
      className="mb-4 rounded-xl border border-line bg-raised p-4"
      submit={t('save')}
      onCancel={onClose}
      onSubmit={async (fields) => {
        const userId = fields.optional('userId') ?? draft.userId;
        await client.policies.save({
          tier,
          name,
          text,
          ...(fields.optional('note') !== undefined && { note: fields.text('note') }),
          ...(tier === 'user' && userId !== null && { userId }),
        });
        await policiesChanged(queries);
        showToast(t('saved'));
        onClose();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('policy.name')}
          detail={t('policy.nameDetail')}
          required
          readOnly={!isNew}
          pattern="[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t('policy.tiers')}
          detail={t('policy.tierDetail')}
          disabled={!isNew}
          value={tier}
          onChange={(event) => setTier(event.target.value as PolicyKey['tier'])}
          options={[
            ['admin', t('policy.tier.admin')],
            ['tenant', t('policy.tier.tenant')],
            ['user', t('policy.tier.user')],
          ]}
        />
        {tier === 'user' && isNew && (
          <SelectField
            name="userId"
            label={t('policy.person')}
            options={(people ?? (account ? [account.person] : [])).map((one) => [one.id, one.name] as const)}
          />
        )}
      </div>
      <AreaField
        label={t('policy.text')}
        rows={10}
        spellCheck={false}
        required
        className="field-sizing-content max-h-[50dvh] min-h-40 font-mono text-xs"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Verdict checked={checked} />
      <TextField name="note" label={t('policy.noteLabel')} detail={t('policy.noteDetail')} maxLength={500} />
    </Form>
  );
};

const newText = `@description("…")
forbid (
  principal,
  action == Action::"call",
  resource == Tool::"name"
);
`;

const useCheck = ({ tier, name, text }: { tier: PolicyKey['tier']; name: string; text: string }) => {
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setChecked(null);
    const timer = setTimeout(() => {
      client.policies
        .check({ tier, name, text }, { signal: stop.signal })
        .then(setChecked)
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          const { message } = faultOf(error);
          setChecked({ problems: [{ policy: name, message, isError: true }] });
        });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [tier, name, text]);
  return checked;
};

const Verdict = ({ checked }: { checked: Checked | null }) => {
  const isWrong = checked?.problems.some(({ isError }) => isError) ?? false;
  return (
    <div role="status" className="text-sm">
      {checked === null ? (
        <p className="text-soft">{t('policy.checking')}</p>
      ) : checked.problems.length === 0 ? (
        <p className="text-good">{t('policy.checked')}</p>
      ) : (
        <>
          <p className={isWrong ? 'text-bad' : ''}>{t(isWrong ? 'policy.problems' : 'policy.warnings')}</p>
          <ul className="mt-1 list-disc space-y-1 pl-5 [overflow-wrap:anywhere]">
            {checked.problems.map(({ policy, message, isError }) => (
              <li key={`${policy} ${message}`} className={isError ? 'text-bad' : 'text-soft'}>
                {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
};
