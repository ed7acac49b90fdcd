import type { MathJsInstance } from 'mathjs';

let loading: Promise<MathJsInstance> | undefined;

/**
 * A mathjs instance with only what the tools use, on decimal numbers of 64 digits. Loaded once, on first use
 * (mathjs takes a second). Its evaluator is not part of it: `calculate` walks the syntax tree itself.
 */
export const loadMath = (): Promise<MathJsInstance> => {
  loading ??= buildMath().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
};

const buildMath = async (): Promise<MathJsInstance> => {
  const lib = await import('mathjs');
  const math = lib.create(
    {
      ...lib.parseDependencies,
      ...lib.unitDependencies,
      ...lib.createUnitDependencies,
      ...lib.bignumberDependencies,
      ...lib.addDependencies,
      ...lib.subtractDependencies,
      ...lib.multiplyDependencies,
      ...lib.divideDependencies,
      ...lib.modDependencies,
      ...lib.powDependencies,
      ...lib.factorialDependencies,
      ...lib.combinationsDependencies,
      ...lib.permutationsDependencies,
      ...lib.gcdDependencies,
      ...lib.lcmDependencies,
      ...lib.piDependencies,
      ...lib.eDependencies,
      ...lib.roundDependencies,
    },
    { number: 'BigNumber', precision: 64 },
  );
  for (const [name, definition] of Object.entries(extraUnits)) math.createUnit(name, definition);
  return math;
};

/** Exact definitions: the international nautical mile and knot, the thermochemical calorie, metric spoons are not meant (US ones are built in). */
const extraUnits: Record<string, string> = {
  nauticalmile: '1852 m',
  knot: '0.5144444444444444 m/s',
  calorie: '4.184 J',
  kilocalorie: '4184 J',
};
