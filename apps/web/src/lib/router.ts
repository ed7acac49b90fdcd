import { createStore, useStore } from './store.ts';

export type Route =
  | { view: 'new' }
  | { view: 'session'; id: string; messageId: string | null }
  | { view: 'settings'; section: string }
  | { view: 'login'; code: string | null };

const parse = ({ pathname, hash }: Location): Route => {
  const session = /^\/s\/([\w-]+)$/.exec(pathname);
  if (session)
    return { view: 'session', id: session[1]!, messageId: hash ? decodeURIComponent(hash.slice(1)) : null };
  const settings = /^\/settings(?:\/(\w+))?$/.exec(pathname);
  if (settings) return { view: 'settings', section: settings[1] ?? 'general' };
  if (pathname === '/login') return { view: 'login', code: /^#code=(.+)$/.exec(hash)?.[1] ?? null };
  return { view: 'new' };
};

const route = createStore<Route>(parse(location));
const follow = () => route.set(parse(location));
addEventListener('popstate', follow);
addEventListener('hashchange', follow);

export const useRoute = (): Route => useStore(route);
export const currentRoute = (): Route => route.get();

export const navigate = (path: string, { isReplacing = false } = {}): void => {
  history[isReplacing ? 'replaceState' : 'pushState'](null, '', path);
  follow();
};

export const sessionPath = (id: string, messageId?: string): string =>
  `/s/${id}${messageId === undefined ? '' : `#${encodeURIComponent(messageId)}`}`;
