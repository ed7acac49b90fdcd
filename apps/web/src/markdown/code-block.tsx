import { type ReactNode, useEffect, useState } from 'react';
import { t } from '../lib/i18n.ts';
import { CopyButton } from '../ui/copy-button.tsx';

type Highlight = (code: string, language: string) => ReactNode;
let highlight: Highlight | null = null;
let loading: Promise<void> | null = null;

/** Longer code is shown plain: colours are not worth a page that stands still. */
const limit = 60_000;

const load = () =>
  (loading ??= import('./highlight.tsx').then(
    (module) => {
      highlight = module.highlight;
    },
    () => {
      // Plain until the next block asks for it.
      loading = null;
    },
  ));

export const CodeBlock = ({ code, language }: { code: string; language: string }) => {
  const [isLoaded, setIsLoaded] = useState(highlight !== null);
  useEffect(() => {
    if (isLoaded || language === '') return;
    let isHere = true;
    void load().then(() => isHere && setIsLoaded(true));
    return () => {
      isHere = false;
    };
  }, [isLoaded, language]);
  const shown =
    isLoaded && highlight && language !== '' && code.length < limit ? highlight(code, language) : code;
  return (
    <figure className="overflow-hidden rounded-xl border border-line bg-raised">
      <figcaption className="flex h-9 items-center border-b border-line pr-1 pl-4 text-xs text-soft">
        <span className="flex-1 font-mono">{language || t('code')}</span>
        <CopyButton text={code} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too. */}
      <pre tabIndex={0}>
        <code>{shown}</code>
      </pre>
    </figure>
  );
};
