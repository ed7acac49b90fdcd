import { createStoredStore } from './storage.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The document reads the same key before its first paint: see index.html. */
export const theme = createStoredStore<Theme>('theme', 'system');

const apply = () => {
  const chosen = theme.get();
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
};
theme.subscribe(apply);
apply();
