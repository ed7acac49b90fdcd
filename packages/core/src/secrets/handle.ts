import { secretNamePattern } from '@reeve/protocol';

/** What stands for a secret wherever its value must not: `secret:NAME`, or `secret:NAME#VERSION` during a rotation. */
export interface SecretHandle {
  name: string;
  /** null = the current one. */
  version: number | null;
}

const prefix = 'secret:';

/** The handle that a whole text is; null when it is something else. */
export const parseHandle = (text: string): SecretHandle | null => {
  if (!text.startsWith(prefix)) return null;
  const [name = '', version, ...rest] = text.slice(prefix.length).split('#');
  if (!secretNamePattern.test(name) || rest.length > 0) return null;
  if (version === undefined) return { name, version: null };
  return /^[1-9]\d{0,8}$/.test(version) ? { name, version: Number(version) } : null;
};

export const isHandle = (text: string): boolean => parseHandle(text) !== null;

export const handleOf = (name: string): string => prefix + name;

/** Shortest value of which anything is shown. */
const shortestShown = 12;

/** The last four characters of a value that is long enough to spare them. */
export const maskSecret = (value: string): string =>
  value.length >= shortestShown ? `…${value.slice(-4)}` : '…';
