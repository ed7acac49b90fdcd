import { failedOutput, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { evaluate } from './math/evaluate.ts';
import { loadMath } from './math/load-math.ts';
import { MathLimit } from './math/operations.ts';

export const createCalculate = (): Tool =>
  defineTool({
    name: 'calculate',
    description: 'Exact arithmetic: + - * / ^ % ! ( ), sqrt, log, sin, round, min, max, mean, pi …',
    input: z.object({ expression: z.string().trim().min(1).max(300) }),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute({ expression }) {
      try {
        return jsonOutput({ expression, result: evaluate(await loadMath(), expression) });
      } catch (error) {
        if (error instanceof MathLimit) return failedOutput(error.message);
        throw error;
      }
    },
  });
