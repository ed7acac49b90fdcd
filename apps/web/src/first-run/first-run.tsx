import { type FormEvent, useId, useState } from 'react';
import { faultOf } from '../api/client.ts';
import { useModels } from '../api/models.ts';
import { send } from '../conversation/send.ts';
import { chosenLanguage, type Language, language, languages, t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { navigate, sessionPath } from '../lib/router.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { showFault } from '../ui/toasts.tsx';
import { isWelcomed } from './first-run-gate.ts';

/** Name, language, model, first question: one page, nothing of it required. */
export default function FirstRun({ onClose }: { onClose: () => void }) {
  const id = useId();
  const models = useModels();
  const [name, setName] = useState('');
  const [question, setQuestion] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const close = () => {
    isWelcomed.set(true);
    onClose();
  };
  const begin = async (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    try {
      const said = [
        ...(name.trim() === '' ? [] : [t('firstRun.remember', { name: name.trim() })]),
        ...(question.trim() === '' ? [] : [question.trim()]),
      ];
      let sessionId: string | null = null;
      for (const text of said) sessionId = await send(sessionId, { text });
      close();
      if (sessionId !== null) navigate(sessionPath(sessionId));
    } catch (error) {
      showFault(faultOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  const isModel = models?.models.find((one) => one.id === models.default)?.isLanguageModel ?? false;
  return (
    <Dialog title={t('firstRun.title')} onClose={close}>
      <form className="space-y-5 overflow-y-auto px-5 py-5" onSubmit={(event) => void begin(event)}>
        <p className="text-soft">{t('firstRun.intro')}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <div className="space-y-1.5">
            <label htmlFor={`${id}-name`} className="text-sm font-medium">
              {t('firstRun.name')}
            </label>
            <input
              id={`${id}-name`}
              data-first
              autoComplete="given-name"
              className="field"
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <div className="space-y-1.5">
            <label htmlFor={`${id}-language`} className="text-sm font-medium">
              {t('language')}
            </label>
            <select
              id={`${id}-language`}
              className="field"
              value={language.get()}
              onChange={(event) => chosenLanguage.set(event.target.value as Language)}
            >
              {Object.entries(languages).map(([key, label]) => (
                <option key={key} value={key} lang={key}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        </div>
        <div className="rounded-xl border border-line bg-side px-4 py-3 text-sm">
          <p className="font-medium">
            {isModel ? t('firstRun.model', { model: models?.default ?? '' }) : t('firstRun.noModel')}
          </p>
          <p className="mt-0.5 text-soft">
            {isModel ? t('firstRun.modelDetail') : t('firstRun.noModelDetail')}{' '}
            <Link
              href="/settings/models"
              className="text-accent underline underline-offset-2"
              onClick={close}
            >
              {t('settings.models')}
            </Link>
          </p>
        </div>
        <div className="space-y-1.5">
          <label htmlFor={`${id}-question`} className="text-sm font-medium">
            {t('firstRun.question')}
          </label>
          <textarea
            id={`${id}-question`}
            rows={2}
            className="field"
            placeholder={t('idea.calculate')}
            value={question}
            onChange={(event) => setQuestion(event.target.value)}
          />
        </div>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={close}>
            {t('skip')}
          </Button>
          <Button kind="main" type="submit" disabled={isBusy}>
            {t('begin')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
