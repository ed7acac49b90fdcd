import { type SecretInfo, type SecretVerify, secretVerifyKinds } from '@reeve/protocol';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { CheckField, SelectField, TextField } from '../ui/field.tsx';
import { type Fields, Form } from '../ui/form.tsx';
import { showToast } from '../ui/toasts.tsx';
import { secretsChanged } from './secrets-changed.ts';

const policyIn = (fields: Fields) => {
  const days = fields.optional('intervalDays');
  const kind = fields.optional('verify') as SecretVerify['kind'] | undefined;
  const url = fields.optional('url');
  return {
    intervalDays: days === undefined ? null : Number(days),
    windowHours: Number(fields.optional('windowHours') ?? 24),
    verify: kind === undefined ? null : { kind, ...(url !== undefined && { url }) },
    generate: fields.isOn('generate'),
  };
};

/** A new secret, or a new value and other rules for one that is there. A value is never shown again. */
export const SecretForm = ({
  secret,
  mayManage,
  onClose,
}: {
  secret: SecretInfo | null;
  /** Otherwise it is one's own, and tried with nobody but its provider. */
  mayManage: boolean;
  onClose: () => void;
}) => {
  const { policy = null } = secret ?? {};
  const [verify, setVerify] = useState<string>(policy?.verify?.kind ?? '');
  const kinds = secretVerifyKinds.filter((kind) => mayManage || kind !== 'http');
  const [hasRules, setHasRules] = useState(policy !== null);
  return (
    <Form
      aria-label={secret?.name ?? t('secrets.add')}
      className="mb-4 rounded-xl border border-line bg-raised p-4"
      submit={t('save')}
      onCancel={onClose}
      onSubmit={async (fields) => {
        const name = secret?.name ?? fields.text('name');
        const mine = secret?.isMine ?? (!mayManage || fields.isOn('mine'));
        const value = fields.secret('value');
        const rules = hasRules ? policyIn(fields) : null;
        if (value !== '') await client.secrets.set({ name, value, mine, policy: rules });
        else await client.secrets.policy({ id: name, mine, policy: rules });
        await secretsChanged();
        showToast(t('saved'));
        onClose();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {secret === null && (
          <TextField
            name="name"
            label={t('name')}
            detail={t(mayManage ? 'secrets.nameDetail' : 'secrets.nameDetailOwn')}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
            required
            autoFocus
          />
        )}
        <TextField
          name="value"
          type="password"
          label={t('secrets.value')}
          detail={t(secret === null ? 'secrets.valueDetail' : 'secrets.valueKept')}
          autoComplete="new-password"
          required={secret === null}
        />
      </div>
      {secret === null && mayManage && (
        <CheckField name="mine" label={t('secrets.mine')} detail={t('secrets.mineDetail')} />
      )}
      <CheckField
        label={t('secrets.rules')}
        detail={t('secrets.rulesDetail')}
        checked={hasRules}
        onChange={(event) => setHasRules(event.target.checked)}
      />
      {hasRules && (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="intervalDays"
            type="number"
            min={1}
            max={3650}
            label={t('secrets.interval')}
            detail={t('secrets.intervalDetail')}
            defaultValue={policy?.intervalDays ?? ''}
          />
          <TextField
            name="windowHours"
            type="number"
            min={0}
            max={720}
            label={t('secrets.window')}
            detail={t('secrets.windowDetail')}
            defaultValue={policy?.windowHours ?? 24}
          />
          <SelectField
            name="verify"
            label={t('secrets.verify')}
            detail={t('secrets.verifyDetail')}
            value={verify}
            onChange={(event) => setVerify(event.target.value)}
            options={[['', t('secrets.verifyNone')], ...kinds.map((kind) => [kind, kind] as const)]}
          />
          {verify !== '' && mayManage && (
            <TextField
              name="url"
              type="url"
              label={t('provider.url')}
              defaultValue={policy?.verify?.url ?? ''}
              required={verify === 'http'}
            />
          )}
          <CheckField
            name="generate"
            label={t('secrets.generate')}
            detail={t('secrets.generateDetail')}
            defaultChecked={policy?.generate ?? false}
          />
        </div>
      )}
    </Form>
  );
};
