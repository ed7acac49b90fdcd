import { t } from '../lib/i18n.ts';

const dayMs = 86_400_000;
const height = 80;

/** A bar for each day up to today; what a bar says is in its title, and in the list for who does not see it. */
export const DayChart = ({
  days,
  span,
}: {
  /** Days of UTC as YYYY-MM-DD. */
  days: readonly { day: string; amount: number; text: string }[];
  span: number;
}) => {
  const byDay = new Map(days.map((one) => [one.day, one]));
  const shown = Array.from({ length: span }, (_, at) =>
    new Date(Date.now() - (span - 1 - at) * dayMs).toISOString().slice(0, 10),
  );
  const most = Math.max(1, ...days.map(({ amount }) => amount));
  return (
    <figure>
      <figcaption className="mb-2 text-sm font-medium text-soft">{t('usage.byDay')}</figcaption>
      <svg
        viewBox={`0 0 ${span * 10} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-24 w-full rounded-lg border border-line bg-raised p-2"
      >
        {shown.map((day, at) => {
          const used = byDay.get(day);
          const size = used ? Math.max(2, (used.amount / most) * height) : 0;
          return (
            <rect key={day} x={at * 10 + 1} y={height - size} width={8} height={size} className="fill-accent">
              <title>{used?.text ?? day}</title>
            </rect>
          );
        })}
      </svg>
      <ul className="sr-only">
        {days.map(({ day, text }) => (
          <li key={day}>{text}</li>
        ))}
      </ul>
    </figure>
  );
};
