import { useEffect } from 'react';
import { sessionList } from '../api/sessions.ts';
import { createStoredStore } from '../lib/storage.ts';
import { useStore } from '../lib/store.ts';
import { overlay } from '../shell/side-state.ts';

/** Whether this browser was welcomed, or its owner wanted no welcome. */
export const isWelcomed = createStoredStore('welcomed', false);

/** Welcomes whoever opens a Reeve that nobody has spoken with. */
export const FirstRunGate = () => {
  const { state, byId } = useStore(sessionList);
  const isNew = state === 'ready' && byId.size === 0;
  useEffect(() => {
    if (isNew && !isWelcomed.get()) overlay.set('first-run');
    else if (state === 'ready') isWelcomed.set(true);
  }, [isNew, state]);
  return null;
};
