import 'katex/dist/katex.min.css';
import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';

/** A formula, built node by node; `trust` is off, so that no command of LaTeX makes links, pictures or markup. */
export default function Formula({ text, isBlock }: { text: string; isBlock: boolean }) {
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    try {
      katex.render(text, ref.current!, {
        displayMode: isBlock,
        throwOnError: true,
        trust: false,
        strict: 'ignore',
        maxSize: 50,
        maxExpand: 500,
        output: 'htmlAndMathml',
      });
    } catch {
      // No formula after all, or one still being written: the text itself.
      ref.current!.textContent = text;
    }
  }, [text, isBlock]);
  return isBlock ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long formula scrolls, by keyboard too.
    <div ref={ref as never} className="overflow-x-auto py-1" tabIndex={0} role="math" aria-label={text} />
  ) : (
    <span ref={ref} />
  );
}
