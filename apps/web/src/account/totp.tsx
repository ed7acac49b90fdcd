import { type ComponentType, lazy, Suspense, useState } from 'react';
import { type AccountState, accountChanged } from '../api/account.ts';
import { client, faultOf } from '../api/client.ts';
import { t, tCount } from '../lib/i18n.ts';
import { latePart } from '../lib/late-part.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/section.tsx';
import { ShownOnce, ShownValue } from '../ui/shown-once.tsx';
import { showToast } from '../ui/toasts.tsx';
import { useFocusBack } from '../ui/use-focus-back.ts';

const NoPicture: ComponentType<{ text: string; label: string }> = () => null;
/** The key below it says the same: where the picture cannot be had, it goes without. */
const QrCode = lazy(() =>
  latePart(async (): Promise<{ default: typeof NoPicture }> => import('./qr-code.tsx')).catch(() => ({
    default: NoPicture,
  })),
);

type Step = { kind: 'none' } | { kind: 'password' } | { kind: 'confirm'; secret: string; url: string };

const CurrentPassword = ({ isFocused = false }: { isFocused?: boolean }) => (
  <TextField
    autoFocus={isFocused}
    name="current"
    type="password"
    label={t('password.current')}
    autoComplete="current-password"
    required
  />
);

/** The second proof at a sign-in: codes of an authenticator app, and recovery codes for when it is lost. */
export const Totp = ({ account: { hasTotp, recoveryCodesLeft } }: { account: AccountState }) => {
  const [step, setStep] = useState<Step>({ kind: 'none' });
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isWrong, setIsWrong] = useState(false);
  const next = useFocusBack<HTMLDivElement>(step.kind !== 'none' || codes !== null);
  const leave = () => {
    setIsWrong(false);
    setStep({ kind: 'none' });
  };
  return (
    <Section
      title={t('totp')}
      detail={hasTotp ? tCount('totp.on', recoveryCodesLeft) : t('totp.off')}
      actions={
        <div ref={next} className="flex flex-wrap gap-2">
          {hasTotp ? (
            <>
              <ConfirmButton
                kind="plain"
                label={t('totp.newCodes')}
                title={t('totp.newCodes')}
                text={t('totp.newCodesText')}
                action={t('totp.newCodes')}
                isDangerous={false}
                onConfirm={async (fields) => {
                  const { recoveryCodes } = await client.account.newRecoveryCodes({
                    password: fields.secret('current'),
                  });
                  setCodes(recoveryCodes);
                  await accountChanged();
                }}
              >
                <CurrentPassword />
              </ConfirmButton>
              <ConfirmButton
                kind="danger"
                label={t('totp.disable')}
                title={t('totp.disable')}
                text={t('totp.disableText')}
                action={t('totp.disable')}
                onConfirm={async (fields) => {
                  await client.account.disableTotp({ password: fields.secret('current') });
                  await accountChanged();
                }}
              >
                <CurrentPassword />
              </ConfirmButton>
            </>
          ) : (
            step.kind === 'none' && (
              <Button onClick={() => setStep({ kind: 'password' })}>{t('totp.enable')}</Button>
            )
          )}
        </div>
      }
    >
      {step.kind === 'password' && (
        <Form
          aria-label={t('totp')}
          submit={t('login.continue')}
          onCancel={leave}
          onSubmit={async (fields) => {
            const begun = await client.account.beginTotp({ password: fields.secret('current') });
            setStep({ kind: 'confirm', ...begun });
          }}
        >
          <CurrentPassword isFocused />
        </Form>
      )}
      {step.kind === 'confirm' && (
        <Form
          aria-label={t('totp')}
          submit={t('totp.enable')}
          onCancel={leave}
          onSubmit={async (fields) => {
            const code = fields.text('code').replace(/\s/g, '');
            setIsWrong(false);
            const confirmed = await client.account.confirmTotp({ code }).catch((error: unknown) => {
              // Said of the code alone: the rest of a sign-in is not at stake here.
              if (faultOf(error).code !== 'SIGN_IN_FAILED') throw error;
              setIsWrong(true);
            });
            if (!confirmed) return;
            setCodes(confirmed.recoveryCodes);
            leave();
            await accountChanged();
            showToast(t('saved'));
          }}
        >
          <p className="text-sm">{t('totp.how')}</p>
          <Suspense fallback={<div className="size-52" />}>
            <QrCode text={step.url} label={t('totp.picture')} />
          </Suspense>
          <p className="text-sm">
            <a href={step.url} className="text-accent underline underline-offset-2">
              {t('totp.open')}
            </a>
          </p>
          <ShownValue label={t('totp.secret')} value={step.secret} />
          <TextField
            name="code"
            label={t('totp.code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            required
            autoFocus
          />
          {isWrong && (
            <p role="alert" className="text-sm text-bad">
              {t('totp.wrong')}
            </p>
          )}
        </Form>
      )}
      {codes && (
        <ShownOnce
          title={t('totp.codes')}
          text={t('totp.codesText')}
          value={codes.join('\n')}
          filename="reeve-recovery-codes.txt"
          onDone={() => setCodes(null)}
        />
      )}
    </Section>
  );
};
