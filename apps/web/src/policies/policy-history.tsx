import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNameOf } from '../api/account.ts';
import { client } from '../api/client.ts';
import { diffTexts } from '../lib/diff.ts';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { Loaded } from '../ui/loaded.tsx';
import type { PolicyKey } from './policy-key.ts';

/** Every version of a policy, and what each changed. */
export const PolicyHistory = ({
  policyKey,
  onRestore,
}: {
  policyKey: PolicyKey;
  onRestore: (text: string) => void;
}) => {
  const nameOf = useNameOf();
  const [shown, setShown] = useState<number | null>(null);
  const query = useQuery({
    queryKey: ['policy-history', policyKey],
    queryFn: async ({ signal }) => (await client.policies.history(policyKey, { signal })).versions,
  });
  return (
    <Loaded query={query}>
      {(versions) => (
        <ol aria-label={t('policy.history')} className="mt-3 space-y-3 border-l-2 border-line pl-4">
          {versions.map(({ version, by, at, note, text }, index) => {
            const before = versions[index + 1];
            const isOpen = version === (shown ?? versions[0]?.version);
            const label = before
              ? t('policy.changed', { from: before.version, to: version })
              : t('policy.first');
            return (
              <li key={version} className="space-y-2">
                <p className="flex flex-wrap items-center gap-x-3">
                  <Button
                    kind="quiet"
                    className="-ml-3"
                    aria-expanded={isOpen}
                    onClick={() => setShown(isOpen ? -1 : version)}
                  >
                    {t('policy.version', { version })}
                    {text === null && ` (${t('policy.removed')})`}
                  </Button>
                  <span className="text-soft">
                    {[nameOf(by), formatDateTime(at), note].filter(Boolean).join(' · ')}
                  </span>
                </p>
                {isOpen && (
                  <>
                    <DiffView label={label} lines={diffTexts(before?.text ?? '', text ?? '')} />
                    {text !== null && index > 0 && (
                      <Button onClick={() => onRestore(text)}>{t('policy.restore')}</Button>
                    )}
                  </>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </Loaded>
  );
};
