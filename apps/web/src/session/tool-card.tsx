import { useState } from 'react';
import type { CallView } from '../conversation/items.ts';
import { formatDuration } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon, Spinner } from '../ui/icons.tsx';

/** Characters of a result that are shown at once. */
const shownLength = 4_000;

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, 2);
const brief = (value: unknown): string => {
  const text =
    typeof value === 'object' && value !== null
      ? Object.values(value)
          .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
          .join(', ')
      : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** JSON in lines, as long as it can be read at a glance; anything else as it came. */
const readable = (text: string): string => {
  if (text.length > shownLength || !/^[[{]/.test(text)) return text;
  try {
    return asText(JSON.parse(text));
  } catch {
    return text;
  }
};

/** One call of a tool: closed a line, open its arguments and result. */
export const ToolCard = ({ call }: { call: CallView }) => {
  const [isOpen, setIsOpen] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const { name, args, result } = call;
  const status = result?.status ?? 'waiting';
  const isBad = status !== 'ok' && status !== 'running' && status !== 'waiting';
  const isCut = result !== null && result.text.length > shownLength && !isWhole;
  return (
    <div className="overflow-hidden rounded-xl border border-line text-sm">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full items-center gap-2.5 px-3 py-2 text-left hover:bg-hover"
      >
        {status === 'running' ? (
          <Spinner />
        ) : (
          <Icon name={isBad ? 'alert' : 'tool'} size={16} className={isBad ? 'text-bad' : 'text-soft'} />
        )}
        <span className="font-medium">{name}</span>
        <span className="min-w-0 flex-1 truncate text-soft">{brief(args)}</span>
        <span className={`text-xs ${isBad ? 'text-bad' : 'text-soft'}`}>
          {t(`call.${status}`)}
          {result?.durationMs != null && status === 'ok' && ` · ${formatDuration(result.durationMs)}`}
        </span>
        <Icon
          name="down"
          size={14}
          className={`text-soft transition-transform ${isOpen ? 'rotate-180' : ''}`}
        />
      </button>
      {isOpen && (
        <div className="space-y-3 border-t border-line bg-side px-3 py-3">
          <Output title={t('call.arguments')} text={asText(args)} />
          {result && result.text !== '' && (
            <Output
              title={t('call.result')}
              text={isCut ? result.text.slice(0, shownLength) : readable(result.text)}
              whole={result.text}
            />
          )}
          {isCut && (
            <button
              type="button"
              className="text-sm text-accent underline underline-offset-2"
              onClick={() => setIsWhole(true)}
            >
              {t('call.showAll', { count: result.text.length })}
            </button>
          )}
          {isBad && (
            <p className="text-soft">
              {t(`call.next.${status === 'denied' || status === 'interrupted' ? status : 'failed'}`)}
            </p>
          )}
        </div>
      )}
    </div>
  );
};

const Output = ({ title, text, whole = text }: { title: string; text: string; whole?: string }) => (
  <div>
    <div className="flex items-center text-xs font-medium text-soft">
      <span className="flex-1">{title}</span>
      <CopyButton text={whole} />
    </div>
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long outputs scroll, by keyboard too.
      tabIndex={0}
      className="max-h-80 overflow-auto font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      {text}
    </pre>
  </div>
);
