import type { Fault } from '@reeve/protocol';
import { useEffect, useState } from 'react';
import { client, faultOf, isSignedOut } from '../api/client.ts';
import { faultIn } from '../lib/gateway-texts.ts';
import { t } from '../lib/i18n.ts';
import { navigate } from '../lib/router.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Spinner } from '../ui/icons.tsx';

/** Exchanges the code of a login link for a session of this browser; without one it says how to get one. */
export const Login = ({ code }: { code: string | null }) => {
  const [fault, setFault] = useState<Fault | null>(null);
  const texts = useGatewayTexts();
  useEffect(() => {
    if (code === null) return;
    // The code is good once: a second try, or a look at the address bar, must not find it.
    history.replaceState(null, '', '/login');
    client.auth.login({ code }).then(
      () => {
        isSignedOut.set(false);
        navigate('/', { isReplacing: true });
      },
      (error: unknown) => setFault(faultOf(error)),
    );
  }, [code]);
  const isBusy = code !== null && fault === null;
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 px-6 text-center">
      <img src="/icon.svg" alt="" width={56} height={56} className="rounded-2xl" />
      <h1 className="text-xl font-semibold">{isBusy ? t('login.busy') : t('login.title')}</h1>
      {isBusy ? (
        <Spinner size={20} />
      ) : (
        <>
          {fault && (
            <p role="alert" className="max-w-md text-bad">
              {faultIn(texts, fault).message}
            </p>
          )}
          <p className="max-w-md text-soft">{t('login.how')}</p>
          <code className="rounded-lg border border-line bg-raised px-3 py-2 font-mono text-sm">
            npm run -s reeve -- token login-link
          </code>
        </>
      )}
    </main>
  );
};
