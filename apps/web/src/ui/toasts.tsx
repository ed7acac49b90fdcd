import type { Fault } from '@reeve/protocol';
import { faultIn } from '../lib/gateway-texts.ts';
import { t } from '../lib/i18n.ts';
import { createStore, useStore } from '../lib/store.ts';
import { loadGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Button, IconButton } from './button.tsx';

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  action: { label: string; run: () => void } | null;
}

const toasts = createStore<readonly Toast[]>([]);
let count = 0;
const shownMs = 6_000;

const dismiss = (id: number) => toasts.set((list) => list.filter((toast) => toast.id !== id));

export const showToast = (text: string, more: { isBad?: boolean; action?: Toast['action'] } = {}): void => {
  const id = ++count;
  const { isBad = false, action = null } = more;
  toasts.set((list) => [...list.slice(-2), { id, text, isBad, action }]);
  // What went wrong stays until it was read.
  if (!isBad) setTimeout(() => dismiss(id), shownMs);
};

/** Said in the page's language, as soon as that is there. */
export const showFault = (fault: Fault): void =>
  void loadGatewayTexts().then((texts) => {
    const { message, next } = faultIn(texts, fault);
    showToast([message, next].filter(Boolean).join(' '), { isBad: true });
  });

/** Runs `onDone` when the time to undo is over, and when the page is left before. */
export const offerUndo = (
  text: string,
  { onUndo, onDone }: { onUndo: () => void; onDone: () => void },
): void => {
  let isOpen = true;
  const end = (then: () => void) => () => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    removeEventListener('pagehide', finish);
    then();
  };
  const finish = end(onDone);
  const timer = setTimeout(finish, shownMs);
  addEventListener('pagehide', finish);
  showToast(text, { action: { label: t('undo'), run: end(onUndo) } });
};

export const Toasts = () => (
  <div
    aria-live="polite"
    role="status"
    className="pointer-events-none fixed inset-x-0 bottom-4 z-30 flex flex-col items-center gap-2 px-4"
  >
    {useStore(toasts).map(({ id, text, isBad, action }) => (
      <div
        key={id}
        className="toast pointer-events-auto flex max-w-xl items-center gap-3 rounded-xl border border-line bg-raised py-2 pr-2 pl-4 text-sm shadow-lg"
      >
        <span className={isBad ? 'text-bad' : ''}>{text}</span>
        {action && (
          <Button
            kind="quiet"
            className="text-accent"
            onClick={() => {
              dismiss(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
        <IconButton icon="close" label={t('close')} size={16} onClick={() => dismiss(id)} />
      </div>
    ))}
  </div>
);
