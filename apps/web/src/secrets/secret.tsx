import type { SecretInfo } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { WorkButton } from '../ui/form.tsx';
import { Badge, Entry } from '../ui/section.tsx';
import { StopOne } from './emergency.tsx';
import { SecretForm } from './secret-form.tsx';
import { secretsChanged } from './secrets-changed.ts';

/** One secret: what it is called, how it stands, and what can be done with it. */
export const Secret = ({
  secret,
  canWrite,
  mayManage,
}: {
  secret: SecretInfo;
  canWrite: boolean;
  mayManage: boolean;
}) => {
  const [isOpen, setIsOpen] = useState(false);
  const { name, handle, isMine, version, updatedAt, policy, rotation, dueAt, lastFailure, revoked } = secret;
  const masked = useQuery({
    queryKey: ['secrets', 'masked', name, isMine, version],
    queryFn: async ({ signal }) => (await client.secrets.get({ id: name, mine: isMine }, { signal })).masked,
    retry: false,
  });
  const named = { id: name, mine: isMine };
  return (
    <Entry
      title={name}
      badge={
        <>
          <code className="font-mono text-xs text-soft">{masked.data ?? ''}</code>
          {isMine && <Badge>{t('secrets.own')}</Badge>}
          {revoked && <Badge tone="bad">{t('secrets.revoked')}</Badge>}
          {rotation && <Badge tone="accent">{t(`secrets.phase.${rotation.phase}`)}</Badge>}
        </>
      }
      detail={
        <>
          {[
            handle,
            t('policy.version', { version }),
            updatedAt === null ? '' : formatDateTime(updatedAt),
            rotation?.until != null ? t('secrets.until', { time: formatDateTime(rotation.until) }) : '',
            dueAt === null ? '' : t('secrets.due', { time: formatDateTime(dueAt) }),
            revoked
              ? t('secrets.revokedBecause', {
                  why: t(`secrets.indicator.${revoked.indicator}`),
                  time: formatDateTime(revoked.at),
                })
              : '',
          ]
            .filter(Boolean)
            .join(' · ')}
          {lastFailure !== null && (
            <span className="block text-bad">{t('secrets.failed', { why: lastFailure })}</span>
          )}
        </>
      }
      actions={
        canWrite && (
          <>
            <Button kind="quiet" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
              {t('policy.edit')}
            </Button>
            <ConfirmButton
              label={t('secrets.rotate')}
              title={t('secrets.rotateTitle', { name })}
              text={t('secrets.rotateText')}
              action={t('secrets.rotate')}
              isDangerous={false}
              onConfirm={async (fields) => {
                const value = fields.secret('value');
                await client.secrets.rotate({ ...named, ...(value !== '' && { value }) });
                await secretsChanged();
              }}
            >
              <TextField
                name="value"
                type="password"
                label={t('secrets.newValue')}
                detail={policy?.generate ? t('secrets.newValueDetail') : undefined}
                autoComplete="new-password"
                required={!policy?.generate}
              />
            </ConfirmButton>
            {rotation?.phase === 'window' && (
              <WorkButton
                kind="quiet"
                onWork={async () => {
                  await client.secrets.rollback(named);
                  await secretsChanged();
                }}
              >
                {t('secrets.rollback')}
              </WorkButton>
            )}
            {mayManage && !revoked && <StopOne name={name} />}
            <ConfirmButton
              label={t('remove')}
              title={t('secrets.removeTitle', { name })}
              text={t('secrets.removeText')}
              action={t('remove')}
              onConfirm={async () => {
                await client.secrets.delete({ params: { id: name }, query: { mine: isMine } });
                await secretsChanged();
              }}
            />
          </>
        )
      }
    >
      {isOpen && (
        <div className="mt-3">
          <SecretForm secret={secret} mayManage={mayManage} onClose={() => setIsOpen(false)} />
        </div>
      )}
    </Entry>
  );
};
