import { language, t } from './i18n.ts';

const day = 24 * 60 * 60 * 1000;

export const formatTime = (at: number): string =>
  new Intl.DateTimeFormat(language.get(), { hour: '2-digit', minute: '2-digit' }).format(at);

export const formatDateTime = (at: number): string =>
  new Intl.DateTimeFormat(language.get(), { dateStyle: 'medium', timeStyle: 'short' }).format(at);

export const formatDuration = (ms: number): string =>
  ms < 1000
    ? `${Math.round(ms)} ms`
    : `${(ms / 1000).toLocaleString(language.get(), { maximumFractionDigits: ms < 10_000 ? 1 : 0 })} s`;

export const formatCost = (usd: number): string =>
  usd.toLocaleString(language.get(), {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: usd < 0.01 ? 5 : usd < 1 ? 3 : 2,
  });

export const formatBytes = (bytes: number): string =>
  bytes < 1_048_576
    ? `${Math.max(1, Math.round(bytes / 1024)).toLocaleString(language.get())} KB`
    : `${(bytes / 1_048_576).toLocaleString(language.get(), { maximumFractionDigits: 1 })} MB`;

/** Heading under which a session stands in the list. */
export const ageGroup = (at: number, now = Date.now()): string => {
  const today = new Date(now).setHours(0, 0, 0, 0);
  if (at >= today) return t('age.today');
  if (at >= today - day) return t('age.yesterday');
  if (at >= today - 7 * day) return t('age.week');
  return new Intl.DateTimeFormat(language.get(), { month: 'long', year: 'numeric' }).format(at);
};

const second = 1_000;
const steps = [
  ['day', day],
  ['hour', 3_600 * second],
  ['minute', 60 * second],
  ['second', second],
] as const;

/** How long until then, in the largest unit of which there are two. */
export const formatLeft = (ms: number): string => {
  const [unit, size] = steps.find(([, one]) => ms >= 2 * one) ?? steps[3];
  return new Intl.NumberFormat(language.get(), { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.max(0, Math.floor(ms / size)),
  );
};
