import type { SecretsStatus } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../api/account.ts';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Form, WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge, List, Section, type Tone } from '../ui/section.tsx';
import { Adoptable } from './adoptable.tsx';
import { StopAll } from './emergency.tsx';
import { Secret } from './secret.tsx';
import { SecretForm } from './secret-form.tsx';
import { secretsChanged } from './secrets-changed.ts';

/** What is kept encrypted: by name, never by value. */
export const Secrets = () => {
  const may = useMay();
  const mayManage = may('secret:manage');
  const status = useQuery({
    queryKey: ['secrets', 'status'],
    queryFn: ({ signal }) => client.secrets.status(undefined, { signal }),
    staleTime: 0,
  });
  return (
    <Loaded query={status}>
      {(known) => (
        <>
          {(mayManage || !isUsable(known)) && <Place status={known} mayManage={mayManage} />}
          {isUsable(known) && (
            <>
              <All canWrite={known.canWrite !== false} mayManage={mayManage} />
              {mayManage && <Adoptable canWrite={known.canWrite !== false} />}
            </>
          )}
        </>
      )}
    </Loaded>
  );
};

const isUsable = ({ state }: SecretsStatus): boolean =>
  state !== 'locked' && state !== 'failing' && state !== 'new';

const tones: Record<SecretsStatus['state'], Tone> = {
  open: 'good',
  closed: 'plain',
  locked: 'bad',
  new: 'accent',
  failing: 'bad',
};

/** Where secrets are kept, and whether that is open. */
const Place = ({
  status: { backend, state, canWrite, reason, warnings },
  mayManage,
}: {
  status: SecretsStatus;
  mayManage: boolean;
}) => {
  const isShut = state === 'locked' || state === 'new';
  return (
    <Section
      title={t('secrets.place')}
      detail={
        <>
          {t(`secrets.backend.${backend}`)} <Badge tone={tones[state]}>{t(`secrets.state.${state}`)}</Badge>
          {canWrite === false && ` ${t('secrets.readOnly')}`}
        </>
      }
      actions={
        mayManage &&
        !isShut &&
        state !== 'failing' && (
          <ConfirmButton
            kind="plain"
            label={t('secrets.lock')}
            title={t('secrets.lock')}
            text={t('secrets.lockText')}
            action={t('secrets.lock')}
            onConfirm={async () => {
              await client.secrets.lock();
              await secretsChanged();
            }}
          />
        )
      }
    >
      {reason !== null && <p className="text-sm text-bad [overflow-wrap:anywhere]">{reason}</p>}
      {warnings.map(({ key, message }) => (
        <p key={`${key} ${message}`} className="mt-1 text-sm text-bad [overflow-wrap:anywhere]">
          {`${key}: ${message}`}
        </p>
      ))}
      {isShut && !mayManage && <p className="text-sm text-soft">{t('secrets.askAdmin')}</p>}
      {isShut && mayManage && (
        <Form
          aria-label={t('secrets.unlock')}
          className="mt-3 max-w-md"
          submit={t(state === 'new' ? 'secrets.begin' : 'secrets.unlock')}
          onSubmit={async (fields) => {
            const passphrase = fields.secret('passphrase');
            await client.secrets.unlock({ ...(passphrase !== '' && { passphrase }) });
            await secretsChanged();
          }}
        >
          <TextField
            name="passphrase"
            type="password"
            label={t('secrets.passphrase')}
            detail={t(state === 'new' ? 'secrets.passphraseNew' : 'secrets.passphraseDetail')}
          />
        </Form>
      )}
      {state === 'failing' && <WorkButton onWork={secretsChanged}>{t('retry')}</WorkButton>}
    </Section>
  );
};

const All = ({ canWrite, mayManage }: { canWrite: boolean; mayManage: boolean }) => {
  const [isOpen, setIsOpen] = useState(false);
  const query = useQuery({
    queryKey: ['secrets', 'list'],
    queryFn: async ({ signal }) => (await client.secrets.list(undefined, { signal })).secrets,
    staleTime: 0,
  });
  return (
    <Section
      title={t('secrets')}
      detail={t(mayManage ? 'secrets.detail' : 'secrets.ownDetail')}
      actions={
        canWrite && (
          <div className="flex flex-wrap gap-2">
            {!isOpen && <Button onClick={() => setIsOpen(true)}>{t('secrets.add')}</Button>}
            {mayManage && query.data && query.data.length > 0 && <StopAll count={query.data.length} />}
          </div>
        )
      }
    >
      {isOpen && <SecretForm secret={null} mayManage={mayManage} onClose={() => setIsOpen(false)} />}
      <Loaded query={query}>
        {(secrets) => (
          <List label={t('secrets')} empty={t(mayManage ? 'secrets.none' : 'secrets.noneOwn')}>
            {secrets.map((secret) => (
              <Secret
                key={`${secret.isMine} ${secret.name}`}
                secret={secret}
                canWrite={canWrite}
                mayManage={mayManage}
              />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};
