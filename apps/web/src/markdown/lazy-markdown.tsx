import { type ComponentType, use } from 'react';

type Markdown = ComponentType<{ text: string; isLive: boolean }>;

const retryMs = 5_000;
let loading: Promise<Markdown> | null = null;
let loaded: Markdown | null = null;

const Plain: Markdown = ({ text }) => <div className="prose whitespace-pre-wrap">{text}</div>;

/**
 * Begins to load the renderer: a part of its own, which the first view does without. Where it cannot be had, texts
 * are shown as they were written, until the next try.
 */
export const loadMarkdown = (): Promise<Markdown> =>
  (loading ??= import('./markdown.tsx').then(
    (module) => {
      loaded = module.default;
      return loaded;
    },
    () => {
      setTimeout(() => {
        loading = null;
      }, retryMs);
      return Plain;
    },
  ));

/** Suspends until the renderer is there. */
export const LazyMarkdown = ({ text, isLive }: { text: string; isLive: boolean }) => {
  // A promise that React has not seen yet suspends even when it is kept: the plain text would show first, and jump.
  const Markdown = loaded ?? use(loadMarkdown());
  return <Markdown text={text} isLive={isLive} />;
};
