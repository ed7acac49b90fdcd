import { Fragment, lazy, Suspense, useEffect } from 'react';
import { isSignedOut } from './api/client.ts';
import { FirstRunGate } from './first-run/first-run-gate.ts';
import { language } from './lib/i18n.ts';
import { latePart } from './lib/late-part.ts';
import { lateView } from './lib/late-view.ts';
import { currentRoute, useRoute } from './lib/router.ts';
import { useStore } from './lib/store.ts';
import { loadGatewayTexts } from './lib/use-gateway-texts.ts';
import { loadMarkdown } from './markdown/lazy-markdown.tsx';
import { NewView } from './session/new-view.tsx';
import { Skeleton } from './session/notices.tsx';
import { loadPalette, Shell } from './shell/shell.tsx';
import { Toasts } from './ui/toasts.tsx';

/** A part of its own, like each view but the first. Whoever opens the page at a session gets it with the page. */
const loadSessionView = () => latePart(() => import('./session/session-view.tsx'));
const SessionView = lazy(loadSessionView);
if (currentRoute().view === 'session') void loadSessionView().catch(() => {});

const Login = lateView(() => import('./login/login.tsx'));
const Settings = lateView(() => import('./settings/settings.tsx'));
const Approvals = lateView(() => import('./approvals/approvals.tsx'));

export const App = () => {
  const shown = useStore(language);
  const route = useRoute();
  const isOut = useStore(isSignedOut);
  return (
    // Every text of the page is drawn anew in another language.
    <Fragment key={shown}>
      {isOut || route.view === 'login' ? (
        <Suspense>
          <Login proof={route.view === 'login' ? route.proof : null} />
        </Suspense>
      ) : (
        <SignedIn />
      )}
      <Toasts />
    </Fragment>
  );
};

const SignedIn = () => {
  const route = useRoute();
  // Not needed for the first view, but as soon as somebody begins: who presses the palette's keys types on at once.
  useEffect(() => {
    const stop = new AbortController();
    const begin = () => {
      stop.abort();
      void loadMarkdown();
      void loadGatewayTexts();
      void loadSessionView().catch(() => {});
      void loadPalette().catch(() => {});
    };
    for (const type of ['pointermove', 'pointerdown', 'keydown'])
      addEventListener(type, begin, { signal: stop.signal, passive: true });
    return () => stop.abort();
  }, []);
  return (
    <Shell>
      <FirstRunGate />
      {route.view === 'session' ? (
        <Suspense fallback={<Skeleton />}>
          <SessionView key={route.id} id={route.id} messageId={route.messageId} />
        </Suspense>
      ) : route.view === 'settings' ? (
        <Suspense>
          <Settings section={route.section} />
        </Suspense>
      ) : route.view === 'approvals' ? (
        <Suspense fallback={<Skeleton />}>
          <Approvals />
        </Suspense>
      ) : (
        <NewView />
      )}
    </Shell>
  );
};
