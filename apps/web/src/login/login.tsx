import type { Fault } from '@reeve/protocol';
import { useEffect, useState } from 'react';
import { client, faultOf } from '../api/client.ts';
import { WithQueries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import type { Proof } from '../lib/router.ts';
import { FaultLine } from '../ui/form.tsx';
import { Spinner } from '../ui/icons.tsx';
import { enter } from './enter.ts';
import { Register } from './register.tsx';
import { SetPassword } from './reset.tsx';
import { SignIn } from './sign-in.tsx';

/** The way in: with what a link brought along, or by one of the ways that this Reeve offers. */
export default function Login({ proof }: { proof: Proof | null }) {
  const code = proof?.code;
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full max-w-sm flex-col justify-center gap-6 px-6 py-10">
        <img src="/icon.svg" alt="" width={56} height={56} className="self-center rounded-2xl" />
        <WithQueries>
          {proof?.kind === 'invite' ? (
            <Register key={code} code={proof.code} />
          ) : proof?.kind === 'reset' ? (
            <SetPassword key={code} code={proof.code} />
          ) : (
            <ByCode key={code} code={code ?? null} />
          )}
        </WithQueries>
      </div>
    </main>
  );
}

/** Exchanges the code of a login link for a session of this browser; without one there are other ways. */
const ByCode = ({ code: given }: { code: string | null }) => {
  const [code] = useState(given);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    if (code === null) return;
    // The code is good once: a second try, or a look at the address bar, must not find it.
    history.replaceState(null, '', '/login');
    client.auth.login({ code }).then(enter, (error: unknown) => setFault(faultOf(error)));
  }, [code]);
  if (code !== null && fault === null)
    return (
      <div className="flex flex-col items-center gap-4">
        <h1 className="text-xl font-semibold">{t('login.busy')}</h1>
        <Spinner size={20} />
      </div>
    );
  return (
    <>
      <h1 className="text-center text-xl font-semibold">{t('login.title')}</h1>
      {fault && <FaultLine fault={fault} />}
      <SignIn />
    </>
  );
};
