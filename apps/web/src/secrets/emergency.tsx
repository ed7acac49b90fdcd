import { client } from '../api/client.ts';
import { t, tCount } from '../lib/i18n.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { AreaField, CheckField, SelectField } from '../ui/field.tsx';
import type { Fields } from '../ui/form.tsx';
import { showToast } from '../ui/toasts.tsx';
import { secretsChanged } from './secrets-changed.ts';

const indicators = [
  'leaked_credential',
  'api_key_exposed',
  'suspicious_access',
  'unauthorized_access',
  'failed_auth_spike',
  'brute_force_attack',
  'rate_limit_exceeded',
  'anomalous_behavior',
  'manual_trigger',
] as const;

/** Without names: all. */
const stop = async (fields: Fields, names?: string[]): Promise<void> => {
  const note = fields.optional('note');
  const { revoked, regenerated } = await client.secrets.emergency({
    indicator: fields.text('indicator') as (typeof indicators)[number],
    ...(names && { names }),
    ...(note !== undefined && { note }),
  });
  await secretsChanged();
  showToast(tCount('secrets.stoppedCount', revoked.length + regenerated.length));
};

/** No reason is preset: it stands in the audit as that of whoever stops. */
const Reason = () => (
  <>
    <SelectField
      name="indicator"
      label={t('secrets.indicator')}
      required
      defaultValue=""
      options={[
        ['', t('secrets.indicatorChoose')],
        ...indicators.map((one) => [one, t(`secrets.indicator.${one}`)] as const),
      ]}
    />
    <AreaField name="note" label={t('policy.noteLabel')} maxLength={1_000} />
  </>
);

/** Stops every use of one secret. */
export const StopOne = ({ name }: { name: string }) => (
  <ConfirmButton
    label={t('secrets.emergency')}
    title={t('secrets.emergencyTitle', { name })}
    text={t('secrets.emergencyText', { name })}
    action={t('secrets.emergencyNow')}
    onConfirm={(fields) => stop(fields, [name])}
  >
    <Reason />
  </ConfirmButton>
);

/** Stops every use of all secrets; `count` of them are listed. */
export const StopAll = ({ count }: { count: number }) => (
  <ConfirmButton
    kind="danger"
    label={t('secrets.emergencyAll')}
    title={t('secrets.emergencyAll')}
    text={tCount('secrets.emergencyAllText', count)}
    action={tCount('secrets.emergencyAllNow', count)}
    onConfirm={(fields) => stop(fields)}
  >
    <Reason />
    <CheckField name="all" label={tCount('secrets.emergencyAllSure', count)} required />
  </ConfirmButton>
);
