import { type ReactNode, useEffect, useRef } from 'react';
import { t } from '../lib/i18n.ts';
import { IconButton } from './button.tsx';

/**
 * The browser's own modal dialog: keeps the focus inside, makes the rest inert, closes by Escape and gives the focus
 * back.
 */
export const Dialog = ({
  title,
  onClose,
  children,
  className = 'max-w-lg',
  isTitleHidden = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  isTitleHidden?: boolean;
}) => {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current!;
    const before = document.activeElement;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it; the click is for the backdrop, which no key reaches.
    <dialog
      ref={ref}
      aria-label={title}
      className={`dialog ${className}`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="flex max-h-[inherit] flex-col">
        {!isTitleHidden && (
          <header className="flex items-center gap-2 border-b border-line px-5 py-3">
            <h2 className="flex-1 font-semibold">{title}</h2>
            <IconButton icon="close" label={t('close')} onClick={onClose} />
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
};
