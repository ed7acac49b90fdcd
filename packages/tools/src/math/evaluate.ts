import type {
  BigNumber,
  FunctionNode,
  MathJsInstance,
  MathNode,
  OperatorNode,
  ParenthesisNode,
  SymbolNode,
} from 'mathjs';
import { arity, checkSize, createOperations, MathLimit, type Operation } from './operations.ts';

/**
 * The value of an arithmetic expression as a decimal text. Only numbers, the operations of `createOperations` and
 * the constants pi and e are understood: no names, strings, assignments, ranges or objects.
 * Throws MathLimit with a reason for everything else.
 */
export const evaluate = (math: MathJsInstance, expression: string): string => {
  let tree: MathNode;
  try {
    tree = math.parse(expression);
  } catch {
    throw new MathLimit('That is not an arithmetic expression.');
  }
  const operations = createOperations(math);

  const apply = (name: string, nodes: MathNode[]): BigNumber => {
    const operation = operations.get(name);
    if (operation === undefined) throw new MathLimit(`“${name}” is not something I calculate with.`);
    const [least, most] = arity[name] ?? [1, 2];
    if (nodes.length < least || nodes.length > most)
      throw new MathLimit(`${name} takes ${least} to ${most} values.`);
    const result = attempt(operation, nodes.map(valueAt));
    if (!isBigNumber(result) || result.isNaN()) throw new MathLimit('There is no real result.');
    return checkSize(result);
  };

  const valueAt = (node: MathNode): BigNumber => {
    switch (node.type) {
      case 'ConstantNode': {
        const { value } = node as unknown as { value: unknown };
        if (isBigNumber(value)) return checkSize(value);
        // The parser itself makes plain numbers: `17%` becomes 17 / 100.
        if (typeof value === 'number') return checkSize(math.bignumber(value));
        throw new MathLimit('Only numbers can be calculated with.');
      }
      case 'ParenthesisNode':
        return valueAt((node as ParenthesisNode).content);
      case 'OperatorNode': {
        const { fn, args } = node as OperatorNode;
        return apply(fn as string, args);
      }
      case 'FunctionNode': {
        const { fn, args } = node as FunctionNode;
        return apply((fn as SymbolNode).name ?? '', args);
      }
      case 'SymbolNode': {
        const { name } = node as SymbolNode;
        if (name === 'pi' || name === 'π') return math.bignumber(String(math.pi));
        if (name === 'e') return math.bignumber(String(math.e));
        throw new MathLimit(`“${name}” has no value here.`);
      }
      default:
        throw new MathLimit('That is not an arithmetic expression.');
    }
  };

  return format(valueAt(tree));
};

/** What the library refuses (a gcd of fractions, too many digits of pi) is a reason for whoever asked, not a bug. */
const attempt = (operation: Operation, values: BigNumber[]): unknown => {
  try {
    return operation(...values);
  } catch (error) {
    throw error instanceof MathLimit || !(error instanceof Error) ? error : new MathLimit(error.message);
  }
};

const isBigNumber = (value: unknown): value is BigNumber =>
  typeof value === 'object' && value !== null && (value as { isBigNumber?: boolean }).isBigNumber === true;

/** 30 digits hide what the 64 kept ones round; plain notation where it stays readable. */
const format = (value: BigNumber): string => {
  const rounded = value.toSignificantDigits(value.isInteger() && value.e < 60 ? 60 : 30);
  return rounded.isZero() || (rounded.e < 60 && rounded.e > -15)
    ? rounded.toFixed()
    : rounded.toSignificantDigits(15).toString();
};
