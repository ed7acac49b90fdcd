import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { followPending } from '../api/approvals.ts';
import { connection, tryNow } from '../api/connection.ts';
import { followSessions } from '../api/sessions.ts';
import { t } from '../lib/i18n.ts';
import { lateView } from '../lib/late-view.ts';
import { useStore } from '../lib/store.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import { listenForKeys } from './keys.ts';
import { overlay } from './side-state.ts';
import { Sidebar } from './sidebar.tsx';

export const loadPalette = () => import('../palette/palette.tsx');
const Palette = lazy(loadPalette);
const Keys = lazy(() => import('../palette/keys-dialog.tsx'));
const FirstRun = lateView(() => import('../first-run/first-run.tsx'));

/** What is around every view. */
export const Shell = ({ children }: { children: ReactNode }) => {
  const over = useStore(overlay);
  const close = () => overlay.set(null);
  useEffect(() => followSessions(), []);
  useEffect(() => followPending(), []);
  useEffect(() => listenForKeys(), []);
  return (
    <div className="flex h-full">
      <Sidebar />
      <main className="flex min-w-0 flex-1 flex-col">
        <Offline />
        {children}
      </main>
      <Suspense>
        {over === 'palette' && <Palette onClose={close} />}
        {over === 'keys' && <Keys onClose={close} />}
        {over === 'first-run' && <FirstRun onClose={close} />}
      </Suspense>
    </div>
  );
};

const Offline = () => {
  const state = useStore(connection);
  return (
    <div role="status">
      {state === 'lost' && (
        <p className="flex items-center justify-center gap-2 bg-mark px-4 py-1 text-sm">
          <Icon name="offline" size={16} /> {t('offline')}
          <Button kind="quiet" className="h-7 underline" onClick={tryNow}>
            {t('tryNow')}
          </Button>
        </p>
      )}
    </div>
  );
};
