import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { navigate } from '../lib/router.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { NewPassword } from '../ui/new-password.tsx';

/** Asks for a link that sets a new password. Whether there is such an account is not told. */
export const RequestReset = ({ onBack }: { onBack: () => void }) => {
  const [isSent, setIsSent] = useState(false);
  const { data } = useQuery({
    queryKey: ['auth-methods'],
    queryFn: ({ signal }) => client.auth.methods(undefined, { signal }),
  });
  if (isSent || data?.resetByEmail === false)
    return (
      <>
        <p role="status" className="text-sm">
          {t(data?.resetByEmail === false ? 'reset.byAdmin' : 'reset.sent')}
        </p>
        <Button onClick={onBack}>{t('login.back')}</Button>
      </>
    );
  return (
    <Form
      submit={t('reset.request')}
      onCancel={onBack}
      onSubmit={async (fields) => {
        await client.auth.requestReset({ email: fields.text('email') });
        setIsSent(true);
      }}
    >
      <TextField
        name="email"
        type="email"
        label={t('email')}
        detail={t('reset.requestDetail')}
        autoComplete="username"
        autoFocus
        required
      />
    </Form>
  );
};

/** A new password, by the right that a link brought along. */
export const SetPassword = ({ code }: { code: string }) => {
  const [isDone, setIsDone] = useState(false);
  return (
    <>
      <h1 className="text-center text-xl font-semibold">{t('reset.title')}</h1>
      {isDone ? (
        <>
          <p role="status" className="text-center text-sm">
            {t('reset.done')}
          </p>
          <Button kind="main" onClick={() => navigate('/login', { isReplacing: true })}>
            {t('login.signIn')}
          </Button>
        </>
      ) : (
        <Form
          submit={t('reset.submit')}
          onSubmit={async (fields) => {
            await client.auth.reset({ code, password: fields.secret('password') });
            setIsDone(true);
          }}
        >
          <NewPassword />
        </Form>
      )}
    </>
  );
};
