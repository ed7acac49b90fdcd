import { failedOutput, jsonOutput, type Tool } from '@reeve/core';
import type { Unit } from 'mathjs';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { loadMath } from './math/load-math.ts';
import { unitName } from './math/unit-names.ts';

const unitText = z.string().trim().min(1).max(40);

export const createConvertUnits = (): Tool =>
  defineTool({
    name: 'convert_units',
    description: 'Convert a measure, such as 5 mi to km, degF to degC, km/h to m/s. No currencies.',
    input: z.object({ value: z.number(), from: unitText, to: unitText }),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute({ value, from, to }) {
      const math = await loadMath();
      const source = unitOf((name) => math.unit(value, name), from);
      if (source === null) return failedOutput(`There is no unit “${from}”.`);
      const target = unitOf((name) => math.unit(name), to);
      if (target === null) return failedOutput(`There is no unit “${to}”.`);
      if (!source.equalBase(target)) return failedOutput(`${from} and ${to} do not measure the same thing.`);
      const result = source.toNumber(target.formatUnits());
      if (!Number.isFinite(result)) return failedOutput('The result is too large.');
      return jsonOutput({ value, from, to, result: Number(result.toPrecision(12)) });
    },
  });

/** Names are tried as written, then in lower case: `Kilometers` and `MB` are both meant. */
const unitOf = (make: (name: string) => Unit, name: string): Unit | null => {
  for (const spelling of [unitName(name), unitName(name.toLowerCase())]) {
    try {
      return make(spelling);
    } catch {
      // The next spelling is tried; null says that none fits.
    }
  }
  return null;
};
