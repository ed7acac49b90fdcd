import type { Json } from '@reeve/protocol';
import type { KeySpec } from './keys.ts';

const words: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

/**
 * A setting from text (environment, flag, command line). Lists are comma separated. Text that does not fit
 * comes back as it is, so that validation can name it.
 */
export const parseText = (text: string, kind: KeySpec['kind']): Json => {
  const trimmed = text.trim();
  if (kind === 'list')
    return trimmed
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  if (kind === 'boolean') return words[trimmed.toLowerCase()] ?? text;
  if (kind === 'number') return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
  return text;
};
