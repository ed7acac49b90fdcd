import type { DiffLine } from '../lib/diff.ts';
import { t } from '../lib/i18n.ts';

/** Lines that are drawn at once; a larger change is shown by its beginning. */
const shown = 1_000;

/** A change in its lines: told by sign and element too, not by colour alone. */
export const DiffView = ({ label, lines }: { label: string; lines: readonly DiffLine[] }) => (
  <section
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    tabIndex={0}
    className="max-h-96 overflow-auto rounded-lg border border-line bg-back py-1 font-mono text-xs leading-relaxed"
  >
    {lines.slice(0, shown).map(({ kind, text }, at) => {
      const Part = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
      const sign = kind === 'added' ? '+' : kind === 'removed' ? '−' : ' ';
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same line may stand there twice.
        <Part key={at} className={`diff-line diff-${kind}`}>
          <span aria-hidden="true">{sign} </span>
          {text}
        </Part>
      );
    })}
    {lines.length > shown && (
      <p className="px-3 py-1 text-soft">{t('diff.cut', { count: lines.length - shown })}</p>
    )}
  </section>
);
