import { useNameOf } from '../api/account.ts';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Section } from '../ui/section.tsx';
import { showToast } from '../ui/toasts.tsx';
import { useStats } from './use-stats.ts';

type State = NonNullable<ReturnType<typeof useStats>['data']>['hold'];

/** Keeps everything whatever the retention says, until it is lifted. */
export const Hold = () => (
  <Loaded query={useStats(undefined)}>
    {({ hold }) => (
      <Section title={t('audit.hold')} detail={t('audit.holdDetail')} actions={<Change hold={hold} />}>
        <Held hold={hold} />
      </Section>
    )}
  </Loaded>
);

const Held = ({ hold }: { hold: State }) => {
  const nameOf = useNameOf();
  if (!hold) return <p className="text-sm text-soft">{t('audit.notHeld')}</p>;
  const by = hold.by === null ? t('audit.nobody') : nameOf(hold.by);
  return (
    <div className="rounded-xl border border-line bg-raised px-4 py-3 text-sm [overflow-wrap:anywhere]">
      <p className="font-medium">{t('audit.heldSince', { time: formatDateTime(hold.at), name: by })}</p>
      {hold.reason !== '' && <p className="mt-1 text-soft">{hold.reason}</p>}
    </div>
  );
};

/** The one thing that can be done about it now. */
const Change = ({ hold }: { hold: State }) => {
  const set = async (isHeld: boolean, reason: string) => {
    await client.audit.hold({ isHeld, reason });
    await Promise.all(
      [['audit'], ['audit-stats']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
    showToast(t(isHeld ? 'audit.held' : 'audit.lifted'));
  };
  return hold ? (
    <ConfirmButton
      kind="plain"
      label={t('audit.lift')}
      title={t('audit.lift')}
      text={t('audit.liftText')}
      action={t('audit.lift')}
      onConfirm={(fields) => set(false, fields.text('reason'))}
    >
      <TextField name="reason" label={t('approval.reason')} maxLength={500} required />
    </ConfirmButton>
  ) : (
    <ConfirmButton
      kind="plain"
      label={t('audit.holdNow')}
      title={t('audit.hold')}
      text={t('audit.holdDetail')}
      action={t('audit.holdNow')}
      isDangerous={false}
      onConfirm={(fields) => set(true, fields.text('reason'))}
    >
      <TextField name="reason" label={t('approval.reason')} maxLength={500} required autoFocus />
    </ConfirmButton>
  );
};
