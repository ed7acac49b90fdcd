import type { ConfigValue } from '@reeve/protocol';
import { useId, useState } from 'react';
import { faultOf } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { settingIn } from '../lib/record-texts.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { FaultNotice, Skeleton } from '../session/notices.tsx';
import { Button } from '../ui/button.tsx';
import { Control } from './control.tsx';
import { Row } from './row.tsx';
import { saveSetting, useConfig } from './use-config.ts';

/** Every setting there is, drawn from what the gateway says about each. */
export const AllSettings = () => {
  const { data, error, refetch } = useConfig();
  const [query, setQuery] = useState('');
  const id = useId();
  const texts = useGatewayTexts();
  if (error)
    return (
      <FaultNotice fault={faultOf(error)}>
        <Button onClick={() => void refetch()}>{t('retry')}</Button>
      </FaultNotice>
    );
  if (!data) return <Skeleton />;
  const words = query.toLowerCase().trim();
  // What most never change stands last.
  const isGateway = ({ key }: ConfigValue) => key.startsWith('gateway.');
  const values = [...data.values.filter((one) => !isGateway(one)), ...data.values.filter(isGateway)];
  const shown = values.filter((one) =>
    `${one.key} ${settingIn(texts, one).description}`.toLowerCase().includes(words),
  );
  const groups = Map.groupBy(shown, ({ key }) =>
    key
      .split('.')
      .slice(0, key.startsWith('providers.') ? 2 : 1)
      .join('.'),
  );
  return (
    <>
      <input
        type="search"
        aria-label={t('settings.search')}
        placeholder={t('settings.search')}
        className="field mt-5"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <p className="mt-3 text-sm text-soft [overflow-wrap:anywhere]">
        {t('settings.file', { file: data.file })}
      </p>
      {data.warnings.map(({ key, message }) => (
        <p key={key} role="alert" className="mt-2 text-sm text-bad">{`${key}: ${message}`}</p>
      ))}
      {[...groups].map(([group, values]) => (
        <section key={group} aria-labelledby={`${id}-${group}`}>
          <h2 id={`${id}-${group}`} className="mt-8 font-mono text-sm font-semibold">
            {group}
          </h2>
          {values.map((setting) => (
            <Setting key={setting.key} id={`${id}-${setting.key}`} setting={setting} />
          ))}
        </section>
      ))}
      {shown.length === 0 && <p className="py-10 text-center text-soft">{t('nothingFound')}</p>}
    </>
  );
};

const Setting = ({ id, setting }: { id: string; setting: ConfigValue }) => {
  const { key, source, origin, needsRestart } = setting;
  const { description, allowed } = settingIn(useGatewayTexts(), setting);
  const isOutside = source === 'env' || source === 'flag';
  return (
    <Row
      label={key}
      htmlFor={id}
      detail={
        <span id={`${id}-detail`}>
          {description} <span className="text-xs">{`(${allowed})`}</span>
          {isOutside && <span className="block text-xs">{t('settings.outside', { origin })}</span>}
          {key.startsWith('gateway.') && <span className="block text-xs">{t('settings.gateway')}</span>}
          {needsRestart && <span className="block text-xs">{t('settings.restart')}</span>}
        </span>
      }
    >
      <Control id={id} setting={setting} />
      {source === 'file' && !key.startsWith('gateway.') && (
        <Button kind="quiet" onClick={() => void saveSetting(key, null)}>
          {t('settings.default')}
        </Button>
      )}
    </Row>
  );
};
