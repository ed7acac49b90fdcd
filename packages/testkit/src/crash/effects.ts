import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tool } from '@reeve/core';
import { z } from 'zod';

/**
 * Tools that leave a line in a file at each execution: the outside world of a crash test. `keyed` and `unsafe` write
 * their key, so that a repeated effect shows.
 */
export const effectTools = (file: string): Tool[] => {
  const input = z.object({ label: z.string() });
  const make = (name: string, effect: Tool['effect']): Tool => ({
    name,
    description: `Leaves a mark (${effect}).`,
    input,
    risk: 'low',
    effect,
    async execute(value, { key, signal }) {
      const { label } = value as z.infer<typeof input>;
      if (effect === 'keyed' && readEffects(file).some((line) => line.key === key))
        return { text: 'already done' };
      appendFileSync(file, `${JSON.stringify({ name, label, key })}\n`);
      // Long enough for a kill to fall between the effect and its record.
      await pause(2, undefined, { signal }).catch(() => {});
      return { text: `done: ${label}` };
    },
  });
  return [make('mark_keyed', 'keyed'), make('mark_unsafe', 'unsafe'), make('mark_idempotent', 'idempotent')];
};

export interface Effect {
  name: string;
  label: string;
  key: string;
}

export const readEffects = (file: string): Effect[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Effect)
    : [];
