import { type FormEvent, useState } from 'react';
import { accountChanged, useAccount } from '../api/account.ts';
import { client } from '../api/client.ts';
import { useModels } from '../api/models.ts';
import { WithQueries } from '../api/queries.tsx';
import { send } from '../conversation/send.ts';
import { chosenLanguage, type Language, language, languages, t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { navigate, sessionPath } from '../lib/router.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { AreaField, SelectField, TextField } from '../ui/field.tsx';
import { FaultLine, fieldsOf, useWork } from '../ui/form.tsx';
import { Spinner } from '../ui/icons.tsx';
import { NewPassword } from '../ui/new-password.tsx';
import { isWelcomed } from './first-run-gate.ts';

/** What was typed so far: all is drawn anew in another language. */
const typed = new Map<string, string>();

/** Name, sign-in, language, model, first question: one page, nothing of it required. */
export default function FirstRun({ onClose }: { onClose: () => void }) {
  return (
    <WithQueries>
      <Welcome onClose={onClose} />
    </WithQueries>
  );
}

const Welcome = ({ onClose }: { onClose: () => void }) => {
  const { data: account, isPending } = useAccount();
  const { isBusy, fault, run } = useWork();
  const hasNoSignIn = account !== undefined && !account.hasPassword && account.person.email === null;
  // The rest have told their name already, and the machine and its models are not theirs.
  const isAdmin = account?.permissions.includes('system:manage') ?? true;
  const close = () => {
    typed.clear();
    isWelcomed.set(true);
    onClose();
  };
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = fieldsOf(event.currentTarget);
    void run(async () => {
      const name = fields.optional('name');
      await client.account.update({ language: language.get(), ...(name !== undefined && { name }) });
      const password = fields.secret('password');
      if (hasNoSignIn && password !== '')
        await client.account.setPassword({ email: fields.text('email'), password });
      await accountChanged();
      const question = fields.optional('question');
      const sessionId = question === undefined ? null : await send(null, { text: question });
      close();
      if (sessionId !== null) navigate(sessionPath(sessionId));
    });
  };
  if (isPending) return null;
  return (
    <Dialog title={t('firstRun.title')} onClose={close}>
      <form
        className="space-y-5 overflow-y-auto px-5 py-5"
        onSubmit={begin}
        onInput={({ target }) => {
          if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
            typed.set(target.name, target.value);
        }}
      >
        <p className="text-soft">{t(isAdmin ? 'firstRun.intro' : 'firstRun.introOther')}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          {isAdmin && (
            <TextField
              name="name"
              label={t('firstRun.name')}
              data-first
              autoComplete="given-name"
              maxLength={80}
              defaultValue={typed.get('name')}
            />
          )}
          <SelectField
            label={t('language')}
            value={language.get()}
            onChange={(event) => chosenLanguage.set(event.target.value as Language)}
            options={Object.entries(languages)}
          />
        </div>
        {hasNoSignIn && <SignInFields />}
        <WhoAnswers isAdmin={isAdmin} onLeave={close} />
        <AreaField
          name="question"
          label={t('firstRun.question')}
          placeholder={t('idea.calculate')}
          defaultValue={typed.get('question')}
        />
        {fault && <FaultLine fault={fault} />}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={close}>
            {t('skip')}
          </Button>
          <Button kind="main" type="submit" disabled={isBusy}>
            {isBusy && <Spinner />} {t('begin')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

/** Both or neither: an address alone signs nobody in. */
const SignInFields = () => {
  const [email, setEmail] = useState(typed.get('email') ?? '');
  return (
    <fieldset className="space-y-2">
      <legend className="text-sm text-soft">{t('firstRun.signIn')}</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="email"
          type="email"
          label={t('email')}
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <NewPassword isRequired={email !== ''} defaultValue={typed.get('password')} />
      </div>
    </fieldset>
  );
};

const WhoAnswers = ({ isAdmin, onLeave }: { isAdmin: boolean; onLeave: () => void }) => {
  const models = useModels();
  const isModel = models?.models.find((one) => one.id === models.default)?.isLanguageModel ?? false;
  return (
    <div className="rounded-xl border border-line bg-side px-4 py-3 text-sm">
      <p className="font-medium">
        {isModel ? t('firstRun.model', { model: models?.default ?? '' }) : t('firstRun.noModel')}
      </p>
      <p className="mt-0.5 text-soft">
        {isAdmin ? (
          <>
            {t(isModel ? 'firstRun.modelDetail' : 'firstRun.noModelDetail')}{' '}
            <Link
              href="/settings/models"
              className="text-accent underline underline-offset-2"
              onClick={onLeave}
            >
              {t('settings.models')}
            </Link>
          </>
        ) : (
          t(isModel ? 'firstRun.modelOther' : 'firstRun.noModelOther')
        )}
      </p>
    </div>
  );
};
