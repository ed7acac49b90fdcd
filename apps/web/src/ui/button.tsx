import type { ButtonHTMLAttributes, Ref } from 'react';
import { Icon, type IconName } from './icons.tsx';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> };

const kinds = {
  main: 'bg-accent text-on-accent hover:bg-accent-strong disabled:opacity-40',
  plain: 'border border-line bg-raised hover:bg-hover disabled:opacity-50',
  quiet: 'text-soft hover:bg-hover hover:text-ink disabled:opacity-50',
  danger: 'border border-line text-bad hover:bg-hover',
} as const;
export type ButtonKind = keyof typeof kinds;

export const Button = ({ kind = 'plain', className = '', ...rest }: Props & { kind?: ButtonKind }) => (
  <button
    type="button"
    className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg px-3 text-sm font-medium whitespace-nowrap transition-colors ${kinds[kind]} ${className}`}
    {...rest}
  />
);

/** A button that is a picture; `label` is its name and its tooltip. */
export const IconButton = ({
  icon,
  label,
  size = 18,
  kind = 'quiet',
  className = '',
  ...rest
}: Props & { icon: IconName; label: string; size?: number; kind?: ButtonKind }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className={`inline-flex size-8 shrink-0 items-center justify-center rounded-lg transition-colors ${kinds[kind]} ${className}`}
    {...rest}
  >
    <Icon name={icon} size={size} />
  </button>
);
