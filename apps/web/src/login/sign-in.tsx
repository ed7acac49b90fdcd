import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { canUsePasskeys, namedAddress, provePasskey } from '../lib/passkey.ts';
import { TextField } from '../ui/field.tsx';
import { Form, WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { enter } from './enter.ts';
import { RequestReset } from './reset.tsx';

type Answer = Awaited<ReturnType<typeof client.auth.signIn>>;

/** By e-mail and password, by passkey, by the shared password, or by a link from the terminal. */
export const SignIn = () => {
  const query = useQuery({
    queryKey: ['auth-methods'],
    queryFn: ({ signal }) => client.auth.methods(undefined, { signal }),
  });
  const [ticket, setTicket] = useState<string | null>(null);
  const [isForgotten, setIsForgotten] = useState(false);
  const go = (answer: Answer) => (answer.status === 'ok' ? enter() : setTicket(answer.ticket));
  if (ticket !== null) return <SecondFactor ticket={ticket} onBack={() => setTicket(null)} />;
  if (isForgotten) return <RequestReset onBack={() => setIsForgotten(false)} />;
  return (
    <Loaded query={query}>
      {({ password, sharedPassword, passkey, resetByEmail, providers = [] }) => (
        <>
          {password && (
            <Form
              submit={t('login.signIn')}
              onSubmit={async (fields) =>
                go(
                  await client.auth.signIn({
                    email: fields.text('email'),
                    password: fields.secret('password'),
                  }),
                )
              }
            >
              <TextField name="email" type="email" label={t('email')} autoComplete="username" required />
              <TextField
                name="password"
                type="password"
                label={t('password')}
                autoComplete="current-password"
                required
              />
            </Form>
          )}
          {sharedPassword && (
            <Form
              submit={t('login.signIn')}
              onSubmit={async (fields) => go(await client.auth.signIn({ password: fields.secret('shared') }))}
            >
              <TextField
                name="shared"
                type="password"
                label={t('login.shared')}
                detail={t('login.sharedDetail')}
                required
              />
            </Form>
          )}
          {providers.map(({ kind, name, label, url }) => (
            <a
              key={`${kind} ${name}`}
              href={url}
              className="inline-flex h-9 items-center justify-center rounded-lg border border-line bg-raised px-3 text-sm font-medium hover:bg-hover"
            >
              {t('login.with', { name: label })}
            </a>
          ))}
          {passkey && <ByPasskey onAnswer={go} />}
          {password && (
            <button
              type="button"
              className="self-center text-sm text-accent underline underline-offset-2"
              onClick={() => setIsForgotten(true)}
            >
              {t('login.forgotten')}
            </button>
          )}
          <ByTerminal isMailed={resetByEmail} />
        </>
      )}
    </Loaded>
  );
};

const ByPasskey = ({ onAnswer }: { onAnswer: (answer: Answer) => void }) => {
  const named = namedAddress();
  if (!canUsePasskeys())
    return named === null ? null : (
      <p className="text-center text-sm text-soft">
        {t('passkey.named')}{' '}
        <a href={named} className="text-accent underline underline-offset-2">
          {new URL(named).host}
        </a>
      </p>
    );
  return (
    <div className="flex flex-col">
      <WorkButton
        onWork={async () => {
          const { ticket, options } = await client.auth.passkeyOptions();
          const answer = await provePasskey(options);
          if (answer) onAnswer(await client.auth.passkeySignIn({ ticket, answer }));
        }}
      >
        {t('login.passkey')}
      </WorkButton>
    </div>
  );
};

/** The way that always works for whoever is at the machine. */
const ByTerminal = ({ isMailed }: { isMailed: boolean }) => (
  <details className="rounded-xl border border-line px-4 py-3 text-sm" open={!isMailed}>
    <summary className="cursor-pointer">{t('login.terminal')}</summary>
    <p className="mt-2 text-soft">{t('login.how')}</p>
    <code className="mt-2 block rounded-lg border border-line bg-raised px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]">
      npm run -s reeve -- token login-link
    </code>
  </details>
);

const SecondFactor = ({ ticket, onBack }: { ticket: string; onBack: () => void }) => (
  <Form
    submit={t('login.continue')}
    onCancel={onBack}
    onSubmit={async (fields) => {
      await client.auth.secondFactor({ ticket, code: fields.text('code') });
      enter();
    }}
  >
    <TextField
      name="code"
      label={t('login.code')}
      detail={t('login.codeDetail')}
      autoComplete="one-time-code"
      autoFocus
      required
      minLength={6}
      maxLength={32}
    />
  </Form>
);
