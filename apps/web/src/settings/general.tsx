import { useId } from 'react';
import { chosenLanguage, hasText, type Language, languages, t } from '../lib/i18n.ts';
import { settingIn } from '../lib/record-texts.ts';
import { useStore } from '../lib/store.ts';
import { type Theme, theme, themes } from '../lib/theme.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { overlay } from '../shell/side-state.ts';
import { Button } from '../ui/button.tsx';
import { Control } from './control.tsx';
import { Row } from './row.tsx';
import { useConfig } from './use-config.ts';

/** What people change most, in their own words; the rest is under "all settings". */
const common = ['agent.name', 'agent.language', 'agent.timeZone', 'agent.queueMode'] as const;

/** Where the choices have names of their own, the words of the file would not fit them. */
const detailOf = (setting: string): string | null => {
  const key: string = `detail.${setting}`;
  return hasText(key) ? t(key) : null;
};

const optionLabel = (setting: string, option: string): string => {
  const key: string = `option.${setting}.${option}`;
  return hasText(key) ? t(key) : option;
};

export const General = () => {
  const id = useId();
  const texts = useGatewayTexts();
  const { data } = useConfig();
  const chosenTheme = useStore(theme);
  const chosen = useStore(chosenLanguage);
  return (
    <>
      <Row label={t('theme')} detail={t('theme.detail')}>
        <div
          role="radiogroup"
          aria-label={t('theme')}
          className="flex gap-1 rounded-lg border border-line p-1"
        >
          {themes.map((one: Theme) => (
            <label
              key={one}
              className="cursor-pointer rounded-md px-3 py-1 text-sm has-[:checked]:bg-hover has-[:checked]:font-medium has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
            >
              <input
                type="radio"
                name={id}
                className="sr-only"
                checked={chosenTheme === one}
                onChange={() => theme.set(one)}
              />
              {t(`theme.${one}`)}
            </label>
          ))}
        </div>
      </Row>
      <Row label={t('language')} htmlFor={`${id}-language`} detail={t('language.detail')}>
        <select
          id={`${id}-language`}
          className="field"
          value={chosen}
          onChange={(event) => chosenLanguage.set(event.target.value as Language | '')}
        >
          <option value="">{t('language.browser')}</option>
          {Object.entries(languages).map(([key, name]) => (
            <option key={key} value={key} lang={key}>
              {name}
            </option>
          ))}
        </select>
      </Row>
      {common.map((key) => {
        const setting = data?.values.find((one) => one.key === key);
        return (
          setting && (
            <Row
              key={key}
              label={t(`setting.${key}`)}
              htmlFor={`${id}-${key}`}
              detail={
                <span id={`${id}-${key}-detail`}>
                  {detailOf(key) ?? settingIn(texts, setting).description}
                </span>
              }
            >
              <Control id={`${id}-${key}`} setting={setting} labelOf={(option) => optionLabel(key, option)} />
            </Row>
          )
        );
      })}
      <Row label={t('key.keys')} detail={t('keys.detail')}>
        <Button onClick={() => overlay.set('keys')}>{t('show')}</Button>
      </Row>
      <Row label={t('firstRun.title')} detail={t('firstRun.detail')}>
        <Button onClick={() => overlay.set('first-run')}>{t('show')}</Button>
      </Row>
    </>
  );
};
