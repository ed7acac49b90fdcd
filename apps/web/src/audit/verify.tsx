import { useState } from 'react';
import { client } from '../api/client.ts';
import { t, tCount } from '../lib/i18n.ts';
import { WorkButton } from '../ui/form.tsx';
import { Icon } from '../ui/icons.tsx';
import { Section } from '../ui/section.tsx';

type Verdict = Awaited<ReturnType<typeof client.audit.verify>>;

/** Whether anything of the audit was changed, left out, put in or cut off. */
export const Verify = () => {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  return (
    <Section
      title={t('audit.verify')}
      detail={t('audit.verifyDetail')}
      actions={
        <WorkButton
          kind="main"
          onWork={async () => {
            setVerdict(null);
            setVerdict(await client.audit.verify());
          }}
        >
          {t('audit.verifyNow')}
        </WorkButton>
      }
    >
      <div role="status">
        {verdict && (
          <div className="rounded-xl border border-line bg-raised px-4 py-3 text-sm">
            <p className="flex items-center gap-2 font-medium">
              <Icon
                name={verdict.isIntact ? 'check' : 'alert'}
                className={verdict.isIntact ? 'text-good' : 'text-bad'}
              />
              {t(verdict.isIntact ? 'audit.intact' : 'audit.broken')}
            </p>
            <p className="mt-1 text-soft">
              {`${tCount('audit.checked', verdict.entries)} ${tCount('audit.checkpoints', verdict.checkpoints)}`}
            </p>
            <p className="mt-1 text-xs text-soft [overflow-wrap:anywhere]">
              {t('audit.key', { key: verdict.key })}
            </p>
            <ul className="mt-2 list-disc space-y-1 pl-5 text-bad [overflow-wrap:anywhere]">
              {verdict.problems.map(({ kind, seq, message }) => (
                <li key={`${kind} ${seq}`}>{t('audit.problem', { seq, message })}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Section>
  );
};
