import type { PasskeyView } from '@reeve/protocol';
import { accountChanged } from '../api/account.ts';
import { client } from '../api/client.ts';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { canUsePasskeys, createPasskey, namedAddress } from '../lib/passkey.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Entry, List, Section } from '../ui/section.tsx';

/** Keys that a browser or a device keeps, and that sign in without a password. */
export const Passkeys = ({ passkeys }: { passkeys: readonly PasskeyView[] }) => {
  const named = namedAddress();
  return (
    <Section
      title={t('passkeys')}
      detail={
        canUsePasskeys() ? (
          t('passkeys.detail')
        ) : named === null ? (
          t('passkeys.unsupported')
        ) : (
          <>
            {t('passkey.named')}{' '}
            <a href={named} className="text-accent underline underline-offset-2">
              {new URL(named).host}
            </a>
          </>
        )
      }
      actions={
        canUsePasskeys() && (
          <ConfirmButton
            kind="plain"
            label={t('passkeys.add')}
            title={t('passkeys.add')}
            text={t('passkeys.addText')}
            action={t('passkeys.add')}
            isDangerous={false}
            onConfirm={async (fields) => {
              const { ticket, options } = await client.account.passkeyOptions();
              const answer = await createPasskey(options);
              if (!answer) return;
              await client.account.addPasskey({ ticket, answer, name: fields.text('name') });
              await accountChanged();
            }}
          >
            <TextField name="name" label={t('name')} required maxLength={100} autoFocus />
          </ConfirmButton>
        )
      }
    >
      <List label={t('passkeys')} empty={t('passkeys.none')}>
        {passkeys.map(({ id, name, createdAt }) => (
          <Entry
            key={id}
            title={name}
            detail={t('since', { time: formatDateTime(createdAt) })}
            actions={
              <ConfirmButton
                label={t('remove')}
                title={t('passkeys.removeTitle', { name })}
                text={t('passkeys.removeText')}
                action={t('remove')}
                onConfirm={async () => {
                  await client.account.removePasskey({ id });
                  await accountChanged();
                }}
              />
            }
          />
        ))}
      </List>
    </Section>
  );
};
