import { isSignedOut } from '../api/client.ts';
import { sessionList } from '../api/sessions.ts';
import { currentRoute, navigate } from '../lib/router.ts';

/** Into the page, to where somebody wanted to go. */
export const enter = (): void => {
  const { pathname } = location;
  const path = currentRoute().view === 'login' ? '/' : pathname;
  // What this page showed before is not for whoever signs in now: it begins anew.
  if (sessionList.get().state !== 'loading') location.replace(path);
  else {
    isSignedOut.set(false);
    navigate(path, { isReplacing: true });
  }
};
