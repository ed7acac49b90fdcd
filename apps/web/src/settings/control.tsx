import type { ConfigValue, Json } from '@reeve/protocol';
import { useEffect, useState } from 'react';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { saveSetting } from './use-config.ts';

type Kind = 'switch' | 'choice' | 'number' | 'list' | 'secret' | 'text';

/** The form follows from what the schema allows. */
const kindOf = ({ allowed, value }: ConfigValue): Kind => {
  if (value === '***') return 'secret';
  if (allowed === 'true | false') return 'switch';
  if (allowed.startsWith('list of')) return 'list';
  if (/^(whole )?number/.test(allowed)) return 'number';
  return allowed.includes(' | ') ? 'choice' : 'text';
};

const asText = (value: Json, kind: Kind): string => {
  if (value === null || kind === 'secret') return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
};

/** What was typed as the value to save; null takes the setting out, so that its default holds. */
const asValue = (text: string, kind: Kind): Json => {
  if (kind === 'list')
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  if (text.trim() === '') return null;
  return kind === 'number' ? Number(text.replace(',', '.')) : text;
};

/** Where one setting is changed. What the environment or a flag says cannot be overruled here. */
export const Control = ({
  id,
  setting,
  labelOf = (option) => option,
}: {
  id: string;
  setting: ConfigValue;
  /** What a choice is called. */
  labelOf?: (option: string) => string;
}) => {
  const kind = kindOf(setting);
  const saved = asText(setting.value, kind);
  const [text, setText] = useState(saved);
  useEffect(() => setText(saved), [saved]);
  const isLocked =
    setting.source === 'env' || setting.source === 'flag' || setting.key.startsWith('gateway.');
  const props = { id, disabled: isLocked, 'aria-describedby': `${id}-detail` };
  const [switched, setSwitched] = useState<boolean | null>(null);
  const save = (value: Json) => void saveSetting(setting.key, value).finally(() => setSwitched(null));
  // At once under the finger; back again when it is refused.
  const isOn = switched ?? setting.value === true;

  if (kind === 'switch')
    return (
      <input
        type="checkbox"
        role="switch"
        className="switch"
        {...props}
        checked={isOn}
        aria-checked={isOn}
        onChange={(event) => {
          setSwitched(event.target.checked);
          save(event.target.checked);
        }}
      />
    );
  if (kind === 'choice') {
    const options = setting.allowed.split(' | ');
    return (
      <select
        className="field"
        {...props}
        value={saved}
        onChange={(event) => save(event.target.value || null)}
      >
        {!options.includes(saved) && <option value="">{t('unset')}</option>}
        {options.map((option) => (
          <option key={option} value={option}>
            {labelOf(option)}
          </option>
        ))}
      </select>
    );
  }
  const isChanged = text !== saved;
  return (
    <form
      className="w-full space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        save(asValue(text, kind));
      }}
    >
      {kind === 'list' ? (
        <textarea
          className="field field-sizing-content font-mono"
          rows={1}
          placeholder={t('onePerLine')}
          {...props}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : (
        <input
          className="field"
          type={kind === 'secret' ? 'password' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          placeholder={kind === 'secret' ? t('secretSet') : t('unset')}
          {...props}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {isChanged && (
        <span className="flex justify-end gap-2">
          <Button kind="quiet" onClick={() => setText(saved)}>
            {t('cancel')}
          </Button>
          <Button kind="main" type="submit">
            {t('save')}
          </Button>
        </span>
      )}
    </form>
  );
};
