import { createStore, useStore } from './store.ts';

export type Route =
  | { view: 'new' }
  | { view: 'session'; id: string; messageId: string | null }
  | { view: 'settings'; section: string }
  | { view: 'approvals' }
  | { view: 'login'; proof: Proof | null };

/** What a link brought along: a login code, an invitation, the right to set a new password. */
export interface Proof {
  kind: 'code' | 'invite' | 'reset';
  code: string;
}

const proofIn = (hash: string): Proof | null => {
  const found = /^#(code|invite|reset)=(.+)$/.exec(hash);
  return found && { kind: found[1] as Proof['kind'], code: found[2]! };
};

const parse = ({ pathname, hash }: Location): Route => {
  const session = /^\/s\/([\w-]+)$/.exec(pathname);
  if (session)
    return { view: 'session', id: session[1]!, messageId: hash ? decodeURIComponent(hash.slice(1)) : null };
  const settings = /^\/settings(?:\/(\w+))?$/.exec(pathname);
  if (settings) return { view: 'settings', section: settings[1] ?? 'general' };
  if (pathname === '/approvals') return { view: 'approvals' };
  if (pathname === '/login') return { view: 'login', proof: proofIn(hash) };
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
