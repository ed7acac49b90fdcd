import { client, faultOf } from '../api/client.ts';
import { hidden, sessionList } from '../api/sessions.ts';
import type { TextKey } from '../lib/i18n.ts';
import { currentRoute, navigate, sessionPath } from '../lib/router.ts';
import { showFault } from '../ui/toasts.tsx';
import { overlay } from './side-state.ts';

export interface Shortcut {
  /** As on the key, `mod` for Control or Command. */
  keys: readonly string[];
  label: TextKey;
  run: () => void;
}

/** Goes up or down the list as the reader sees it. */
const step = (by: 1 | -1) => {
  const route = currentRoute();
  const sessions = [...sessionList.get().byId.values()]
    .filter(({ id, channel }) => !hidden.get().has(id) && channel !== 'direct')
    .sort((a, b) => b.updatedAt - a.updatedAt);
  const at = route.view === 'session' ? sessions.findIndex(({ id }) => id === route.id) : -1;
  const next = sessions[Math.min(sessions.length - 1, Math.max(0, at + by))];
  if (next) navigate(sessionPath(next.id));
};

const stop = () => {
  const route = currentRoute();
  if (route.view === 'session')
    client.chat.abort({ id: route.id }).catch((error: unknown) => showFault(faultOf(error)));
};

export const shortcuts: readonly Shortcut[] = [
  { keys: ['mod', 'K'], label: 'key.palette', run: () => overlay.set('palette') },
  { keys: ['mod', 'Shift', 'O'], label: 'key.new', run: () => navigate('/') },
  { keys: ['Alt', 'ArrowUp'], label: 'key.previous', run: () => step(-1) },
  { keys: ['Alt', 'ArrowDown'], label: 'key.next', run: () => step(1) },
  { keys: ['mod', '.'], label: 'key.stop', run: stop },
  { keys: ['mod', ','], label: 'key.settings', run: () => navigate('/settings') },
  { keys: ['mod', '/'], label: 'key.keys', run: () => overlay.set('keys') },
];

const isPressed = ({ keys }: Shortcut, event: KeyboardEvent): boolean => {
  const mod = event.ctrlKey || event.metaKey;
  return (
    mod === keys.includes('mod') &&
    event.altKey === keys.includes('Alt') &&
    // Which keys need Shift differs from keyboard to keyboard.
    (event.shiftKey === keys.includes('Shift') || !/^[A-Z]$/.test(keys.at(-1)!)) &&
    event.key.toLowerCase() === keys.at(-1)!.toLowerCase()
  );
};

export const listenForKeys = (): (() => void) => {
  const onKey = (event: KeyboardEvent) => {
    const shortcut = shortcuts.find((one) => isPressed(one, event));
    if (!shortcut) {
      focusMessage(event);
      return;
    }
    event.preventDefault();
    shortcut.run();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
};

/** `/` goes to where messages are written, as a command begins. */
const focusMessage = (event: KeyboardEvent): void => {
  const isTyping =
    event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const area = document.querySelector<HTMLTextAreaElement>('main form textarea');
  if (!area) return;
  event.preventDefault();
  area.focus();
};
