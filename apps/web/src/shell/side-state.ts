import { createStore } from '../lib/store.ts';

/** Whether the list of sessions covers the page on a narrow screen. */
export const isSideOpen = createStore(false);
/** Session whose title is being changed. */
export const renamed = createStore<string | null>(null);
/** What lies over the page. */
export const overlay = createStore<'palette' | 'keys' | 'first-run' | null>(null);
