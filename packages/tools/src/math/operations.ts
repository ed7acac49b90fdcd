import type { BigNumber, MathJsInstance } from 'mathjs';

export type Operation = (...args: BigNumber[]) => unknown;

/** A reason why something is not calculated, for whoever asked. */
export class MathLimit extends Error {}

/** Results beyond 10^±1000 are refused: before the work where it would be long. */
const maxExponent = 1000;
/** 400! has 869 digits. */
const maxFactorial = 400;
/** Above this, angles would need more digits of pi than the instance keeps. */
const maxAngle = 1e15;

const tooLarge = () => new MathLimit('The result is too large.');

export const checkSize = (value: BigNumber): BigNumber => {
  if (!value.isFinite()) throw new MathLimit('There is no finite result (a division by zero, say).');
  if (!value.isZero() && Math.abs(value.e) > maxExponent) throw tooLarge();
  return value;
};

/**
 * What an expression may contain, by the names mathjs gives to operators and functions. Nothing else is reachable.
 * Each operation's cost is bounded by its own check, not by a clock, so that results never depend on the machine.
 */
export const createOperations = (math: MathJsInstance): ReadonlyMap<string, Operation> => {
  const atMost =
    (limit: number, run: Operation): Operation =>
    (...args) => {
      if (args.some((value) => value.abs().gt(limit))) throw tooLarge();
      return run(...args);
    };
  const each = (args: BigNumber[], combine: (a: BigNumber, b: BigNumber) => BigNumber) =>
    args.slice(1).reduce(combine, args[0]!);
  const sum = (...args: BigNumber[]) => each(args, (a, b) => a.add(b));
  const power: Operation = (base, exponent) => {
    if (base!.isZero() || exponent!.isZero()) return math.pow(base!, exponent!);
    const digits = base!.abs().log().toNumber() * exponent!.toNumber();
    if (Math.abs(digits) > maxExponent) throw tooLarge();
    return math.pow(base!, exponent!);
  };
  return new Map<string, Operation>([
    ['add', (a, b) => a!.add(b!)],
    ['subtract', (a, b) => a!.sub(b!)],
    ['multiply', (a, b) => a!.mul(b!)],
    ['divide', (a, b) => a!.div(b!)],
    ['mod', (a, b) => math.mod(a!, b!)],
    ['pow', power],
    ['unaryMinus', (a) => a!.neg()],
    ['unaryPlus', (a) => a],
    ['factorial', atMost(maxFactorial, (a) => math.factorial(a!))],
    ['combinations', atMost(maxFactorial, (a, b) => math.combinations(a!, b!))],
    ['permutations', atMost(maxFactorial, (a, b) => math.permutations(a!, b!))],
    ['gcd', (a, b) => math.gcd(a!, b!)],
    ['lcm', (a, b) => math.lcm(a!, b!)],
    ['sqrt', (a) => a!.sqrt()],
    ['cbrt', (a) => a!.cbrt()],
    ['abs', (a) => a!.abs()],
    ['floor', (a) => a!.floor()],
    ['ceil', (a) => a!.ceil()],
    ['round', (a, digits) => math.round(a!, digits ?? math.bignumber(0))],
    ['exp', atMost(maxExponent * Math.LN10, (a) => a!.exp())],
    ['log', (a, base) => (base === undefined ? a!.ln() : a!.log(base))],
    ['ln', (a) => a!.ln()],
    ['log10', (a) => a!.log(10)],
    ['log2', (a) => a!.log(2)],
    ['sin', atMost(maxAngle, (a) => a!.sin())],
    ['cos', atMost(maxAngle, (a) => a!.cos())],
    ['tan', atMost(maxAngle, (a) => a!.tan())],
    ['asin', (a) => a!.asin()],
    ['acos', (a) => a!.acos()],
    ['atan', (a) => a!.atan()],
    ['min', (...args) => each(args, (a, b) => (b.lt(a) ? b : a))],
    ['max', (...args) => each(args, (a, b) => (b.gt(a) ? b : a))],
    ['sum', sum],
    ['mean', (...args) => sum(...args).div(args.length)],
  ]);
};

export const arity: Record<string, [number, number]> = {
  round: [1, 2],
  log: [1, 2],
  combinations: [2, 2],
  permutations: [2, 2],
  gcd: [2, 2],
  lcm: [2, 2],
  mod: [2, 2],
  pow: [2, 2],
  min: [1, 100],
  max: [1, 100],
  sum: [1, 100],
  mean: [1, 100],
};
