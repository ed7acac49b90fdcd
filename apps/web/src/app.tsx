import { Fragment, lazy, Suspense, useEffect } from 'react';
import { isSignedOut } from './api/client.ts';
import { FirstRunGate } from './first-run/first-run-gate.ts';
import { language } from './lib/i18n.ts';
import { useRoute } from './lib/router.ts';
import { useStore } from './lib/store.ts';
import { loadGatewayTexts } from './lib/use-gateway-texts.ts';
import { Login } from './login/login.tsx';
import { loadMarkdown } from './markdown/lazy-markdown.tsx';
import { NewView } from './session/new-view.tsx';
import { SessionView } from './session/session-view.tsx';
import { loadPalette, Shell } from './shell/shell.tsx';
import { Toasts } from './ui/toasts.tsx';

const Settings = lazy(async () => {
  // What is said about each setting belongs to the view: it must not change under who reads it.
  const [view] = await Promise.all([import('./settings/settings.tsx'), loadGatewayTexts()]);
  return view;
});

export const App = () => {
  const shown = useStore(language);
  const route = useRoute();
  const isOut = useStore(isSignedOut);
  return (
    // Every text of the page is drawn anew in another language.
    <Fragment key={shown}>
      {isOut || route.view === 'login' ? (
        <Login code={route.view === 'login' ? route.code : null} />
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
        <SessionView key={route.id} id={route.id} messageId={route.messageId} />
      ) : route.view === 'settings' ? (
        <Suspense>
          <Settings section={route.section} />
        </Suspense>
      ) : (
        <NewView />
      )}
    </Shell>
  );
};
