import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Icon, type IconName } from './icons.tsx';

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** Second line. */
  detail?: string;
  isChecked?: boolean;
  isDangerous?: boolean;
  onSelect: () => void;
}

/** Menu button by the pattern of WAI-ARIA; the browser's popover closes it by Escape, and by a click elsewhere. */
export const Menu = ({
  label,
  trigger,
  items,
  groups,
  className = '',
  isAbove = false,
}: {
  label: string;
  trigger: ReactNode;
  items?: readonly MenuItem[];
  groups?: readonly { title: string; items: readonly MenuItem[] }[];
  className?: string;
  isAbove?: boolean;
}) => {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const all = groups ?? [{ title: '', items: items ?? [] }];

  const open = () => {
    // The entries must be there to be measured and focused.
    flushSync(() => setIsOpen(true));
    list.current!.showPopover();
    place(button.current!, list.current!, isAbove);
    const buttons = entries();
    (buttons.find((one) => one.getAttribute('aria-checked') === 'true') ?? buttons[0])?.focus();
  };
  const close = () => {
    list.current?.hidePopover();
    button.current?.focus();
  };
  const entries = () => [...list.current!.querySelectorAll<HTMLButtonElement>('[role^=menuitem]')];
  const move = (event: KeyboardEvent) => {
    const buttons = entries();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to =
      event.key === 'ArrowDown'
        ? (at + 1) % buttons.length
        : event.key === 'ArrowUp'
          ? (at - 1 + buttons.length) % buttons.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? buttons.length - 1
              : null;
    if (event.key === 'Tab') close();
    if (to === null) return;
    event.preventDefault();
    buttons[to]?.focus();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        className={className}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          isOpen ? close() : open();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          open();
        }}
      >
        {trigger}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        className="menu"
        onKeyDown={move}
        onToggle={(event) => {
          const opened = event.newState === 'open';
          setIsOpen(opened);
          if (!opened && list.current?.contains(document.activeElement)) button.current?.focus();
        }}
      >
        {isOpen &&
          all.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of a menu, not of a form.
            <div key={group.title} role="group" aria-label={group.title || label}>
              {group.title !== '' && (
                <div aria-hidden="true" className="px-3 pt-2 pb-1 text-xs font-medium text-soft">
                  {group.title}
                </div>
              )}
              {group.items.map((item) => (
                <Entry key={item.label} item={item} onDone={close} />
              ))}
            </div>
          ))}
      </div>
    </>
  );
};

const Entry = ({ item, onDone }: { item: MenuItem; onDone: () => void }) => {
  const { label, icon, detail, isChecked, isDangerous, onSelect } = item;
  const checked =
    isChecked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': isChecked };
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`menu-entry ${isDangerous ? 'text-bad' : ''}`}
      onClick={(event) => {
        event.stopPropagation();
        onDone();
        onSelect();
      }}
      {...checked}
    >
      {icon && <Icon name={icon} size={16} />}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{label}</span>
        {detail && <span className="block truncate text-xs text-soft">{detail}</span>}
      </span>
      {isChecked && <Icon name="check" size={16} />}
    </button>
  );
};

/** Beside its button, wholly on the screen. */
const place = (button: HTMLElement, list: HTMLElement, isAbove: boolean): void => {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const x = left + width > innerWidth - 8 ? Math.max(8, right - width) : left;
  const fitsBelow = bottom + 4 + height < innerHeight - 8;
  const y = isAbove || !fitsBelow ? Math.max(8, top - 4 - height) : bottom + 4;
  list.style.left = `${Math.min(x, innerWidth - width - 8)}px`;
  list.style.top = `${y}px`;
};
