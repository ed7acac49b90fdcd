import type { ReactNode } from 'react';

/** A setting: its name, what it does, and where it is changed. */
export const Row = ({
  label,
  htmlFor,
  detail,
  children,
}: {
  label: string;
  htmlFor?: string;
  detail?: ReactNode;
  children: ReactNode;
}) => (
  <div className="flex flex-col gap-2 border-b border-line py-4 last:border-0 sm:flex-row sm:items-start sm:gap-6">
    <div className="min-w-0 flex-1">
      {htmlFor === undefined ? (
        <span className="text-sm font-medium">{label}</span>
      ) : (
        <label htmlFor={htmlFor} className="text-sm font-medium [overflow-wrap:anywhere]">
          {label}
        </label>
      )}
      {detail && <div className="mt-0.5 text-sm text-soft [overflow-wrap:anywhere]">{detail}</div>}
    </div>
    <div className="flex w-full shrink-0 flex-wrap items-center gap-2 sm:w-72 sm:justify-end">{children}</div>
  </div>
);
