import { type ProviderStatus, providerKinds } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { client, faultOf } from '../api/client.ts';
import { reloadModels, useModels } from '../api/models.ts';
import { queries } from '../api/queries.tsx';
import { formatDuration, formatTime } from '../lib/format.ts';
import { faultIn, phraseIn } from '../lib/gateway-texts.ts';
import { t, tCount } from '../lib/i18n.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/icons.tsx';
import { showFault } from '../ui/toasts.tsx';
import { Row } from './row.tsx';
import { saveSetting, settingOf, useConfig } from './use-config.ts';

/** Which model answers by default, who provides models, and whether their keys work. */
export const Models = () => {
  const id = useId();
  const models = useModels();
  const texts = useGatewayTexts();
  const { data: config } = useConfig();
  const { data } = useQuery({
    queryKey: ['providers'],
    queryFn: ({ signal }) => client.providers.list(undefined, { signal }),
  });
  const chosen = settingOf(config?.values, 'agent.model');
  return (
    <>
      <Row
        label={t('model.default')}
        htmlFor={id}
        detail={models && t('model.now', { model: models.default, reason: phraseIn(texts, models.reason) })}
      >
        <select
          id={id}
          className="field"
          value={typeof chosen === 'string' ? chosen : ''}
          onChange={(event) => void saveSetting('agent.model', event.target.value || null)}
        >
          <option value="">{t('model.auto')}</option>
          {models?.models.map((model) => (
            <option key={model.id} value={model.id}>
              {model.id}
            </option>
          ))}
        </select>
      </Row>
      <h2 className="mt-8 font-semibold">{t('providers')}</h2>
      <ul className="mt-3 space-y-3">
        {data?.providers.map((provider) => (
          <Provider key={`${provider.id} ${provider.account}`} provider={provider} />
        ))}
      </ul>
      <AddProvider />
    </>
  );
};

type Tested = { state: 'idle' | 'busy' } | { state: 'done'; ok: boolean; text: string };

const Provider = ({ provider }: { provider: ProviderStatus }) => {
  const { id, name, baseUrl, hasKey, account, state, reason, lastError, latencyMs, cooling } = provider;
  const [tested, setTested] = useState<Tested>({ state: 'idle' });
  const texts = useGatewayTexts();
  const test = async () => {
    setTested({ state: 'busy' });
    try {
      const { ok, models, model, latencyMs, error } = await client.providers.test({ id });
      setTested({
        state: 'done',
        ok,
        text: !ok
          ? phraseIn(texts, error ?? t('failed'))
          : [
              tCount('provider.works', models),
              ...(model === null
                ? []
                : [t('provider.answered', { model, time: formatDuration(latencyMs ?? 0) })]),
            ].join(' '),
      });
      await Promise.all([reloadModels(), queries.invalidateQueries({ queryKey: ['providers'] })]);
    } catch (error) {
      setTested({ state: 'done', ok: false, text: faultIn(texts, faultOf(error)).message });
    }
  };
  return (
    <li className="rounded-xl border border-line bg-raised p-4 text-sm">
      <div className="flex items-start gap-3">
        <p className="flex min-w-0 flex-1 flex-wrap gap-x-3 gap-y-1 pt-2">
          <span className="font-medium">
            {account === 'default' ? phraseIn(texts, name) : `${name} (${account})`}
          </span>
          <span className={state === 'ok' ? 'text-good' : state === 'unknown' ? 'text-soft' : 'text-bad'}>
            {t(`state.${state}`)}
          </span>
          {latencyMs !== null && (
            <span className="text-soft">{t('provider.latency', { time: formatDuration(latencyMs) })}</span>
          )}
        </p>
        <Button disabled={tested.state === 'busy'} onClick={() => void test()}>
          {tested.state === 'busy' && <Spinner />} {t('provider.test')}
        </Button>
      </div>
      <p className="text-soft [overflow-wrap:anywhere]">
        {[baseUrl, hasKey ? t('provider.key') : t('provider.noKey'), phraseIn(texts, reason)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {cooling.map((one) => (
        <p key={`${one.model} ${one.class}`} className="text-soft">
          {t('provider.cooling', {
            model: one.model,
            why: phraseIn(texts, one.class),
            time: formatTime(one.until),
          })}
        </p>
      ))}
      {lastError && <p className="text-bad">{phraseIn(texts, lastError)}</p>}
      <p role="status" className={tested.state === 'done' ? (tested.ok ? 'text-good' : 'text-bad') : ''}>
        {tested.state === 'done' && tested.text}
      </p>
    </li>
  );
};

/** A key is kept in the vault, and the setting names it. Null when it could not be kept; the person was told. */
const keep = async (name: string, key: string): Promise<string | null> => {
  if (key === '' || key.startsWith('secret:')) return key;
  try {
    await client.secrets.set({ name, value: key });
    return `secret:${name}`;
  } catch (error) {
    showFault(faultOf(error));
    return null;
  }
};

const AddProvider = () => {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const field = (name: string) => String(new FormData(form).get(name) ?? '').trim();
    setIsBusy(true);
    const name = field('name').toLowerCase();
    const apiKey = await keep(name, field('apiKey'));
    if (apiKey === null) return setIsBusy(false);
    const settings: [string, string][] = [
      // The address first: without one, only names of known vendors are taken.
      ['baseUrl', field('baseUrl')],
      ['kind', field('kind')],
      ['apiKey', apiKey],
    ];
    for (const [key, value] of settings)
      if (value !== '' && !(await saveSetting(`providers.${name}.${key}`, value))) return setIsBusy(false);
    setIsBusy(false);
    setIsOpen(false);
  };
  if (!isOpen)
    return (
      <Button className="mt-4" onClick={() => setIsOpen(true)}>
        {t('provider.add')}
      </Button>
    );
  return (
    <form className="mt-4 rounded-xl border border-line p-4" onSubmit={(event) => void save(event)}>
      <Row label={t('provider.name')} htmlFor={`${id}-name`} detail={t('provider.nameDetail')}>
        <input
          id={`${id}-name`}
          name="name"
          required
          pattern="[A-Za-z0-9][A-Za-z0-9\-]*"
          autoComplete="off"
          className="field"
        />
      </Row>
      <Row label={t('provider.kind')} htmlFor={`${id}-kind`}>
        <select id={`${id}-kind`} name="kind" className="field">
          {providerKinds.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </Row>
      <Row label={t('provider.url')} htmlFor={`${id}-url`} detail={t('provider.urlDetail')}>
        <input id={`${id}-url`} name="baseUrl" type="url" autoComplete="off" className="field" />
      </Row>
      <Row label={t('provider.apiKey')} htmlFor={`${id}-key`} detail={t('provider.keyDetail')}>
        <input id={`${id}-key`} name="apiKey" type="password" autoComplete="off" className="field" />
      </Row>
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onClick={() => setIsOpen(false)}>
          {t('cancel')}
        </Button>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
};
