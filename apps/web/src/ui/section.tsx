import { type ReactNode, useId } from 'react';

/** A part of a page under its heading. */
export const Section = ({
  title,
  detail,
  actions,
  children,
}: {
  title: string;
  detail?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) => {
  const id = useId();
  return (
    <section aria-labelledby={id} className="pt-8">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {detail && <p className="mt-0.5 text-sm text-soft">{detail}</p>}
        </div>
        {actions}
      </div>
      <div className="mt-3">{children}</div>
    </section>
  );
};

/** Things one below the other, or what to say when there are none. */
export const List = ({
  label,
  empty,
  children,
}: {
  label: string;
  empty: string;
  children: readonly ReactNode[];
}) =>
  children.length === 0 ? (
    <p className="rounded-xl border border-dashed border-line px-4 py-6 text-center text-sm text-soft">
      {empty}
    </p>
  ) : (
    <ul aria-label={label} className="divide-y divide-line rounded-xl border border-line bg-raised">
      {children}
    </ul>
  );

/** One of them: what it is called, what there is to know, and what can be done with it. */
export const Entry = ({
  title,
  badge,
  detail,
  actions,
  children,
}: {
  title: ReactNode;
  badge?: ReactNode;
  detail?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) => (
  <li className="px-4 py-3 text-sm">
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium [overflow-wrap:anywhere]">
          {title} {badge}
        </p>
        {detail && <p className="mt-0.5 text-soft [overflow-wrap:anywhere]">{detail}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-1">{actions}</div>}
    </div>
    {children}
  </li>
);

const tones = {
  plain: 'border-line text-soft',
  good: 'border-good text-good',
  bad: 'border-bad text-bad',
  accent: 'border-accent text-accent',
} as const;
export type Tone = keyof typeof tones;

/** A word about the state of something. */
export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) => (
  <span
    className={`inline-block rounded-full border px-2 py-px text-xs font-medium whitespace-nowrap ${tones[tone]}`}
  >
    {children}
  </span>
);
