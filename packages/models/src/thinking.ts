import type { ThinkingLevel } from '@reeve/protocol';

/** Tokens a model may think, by level (F049). */
export const thinkingBudgets: Readonly<Record<ThinkingLevel, number>> = {
  off: 0,
  minimal: 1_024,
  low: 4_096,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
};

/** The levels of those that speak of effort, from little to much. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type Effort = (typeof efforts)[number];

/** The nearest effort that is on offer; of two, the smaller. Only who wants no thinking gets none. */
export function nearestEffort(level: ThinkingLevel, offered: readonly Effort[]): Effort {
  const wanted = efforts.indexOf(level === 'off' ? 'none' : level);
  const fitting = level === 'off' ? offered : offered.filter((effort) => effort !== 'none');
  const [nearest = 'medium'] = [...fitting].sort((a, b) => {
    const [far, near] = [efforts.indexOf(a), efforts.indexOf(b)];
    return Math.abs(far - wanted) - Math.abs(near - wanted) || far - near;
  });
  return nearest;
}
