import { type Json, type RiskCondition, type RiskRule, readRiskCondition } from '@reeve/protocol';
import type { RiskJudgement } from './judgement.ts';

/** Says of a call which of the owner's rules fit. */
export type OwnRiskRules = (tool: string, args: Json) => RiskJudgement[];

type Rules = Readonly<Record<string, RiskRule>>;

/** Characters of a value that are compared: enough for an address or a path. */
const comparedLimit = 10_000;

/** `current` gives the rules that hold now; they are read again when they are others. */
export const createOwnRiskRules = (current: () => Rules): OwnRiskRules => {
  let known: { rules: Rules; read: ReturnType<typeof readRules> } | undefined;
  return (tool, args) => {
    const rules = current();
    if (known?.rules !== rules) known = { rules, read: readRules(rules) };
    return known.read
      .filter(({ tools }) => tools.size === 0 || tools.has(tool))
      .filter(({ conditions }) => conditions.every((condition) => holds(condition, args)))
      .map(({ judgement }) => judgement);
  };
};

const readRules = (rules: Rules) =>
  Object.entries(rules).map(([name, { tools, when, risk }]) => ({
    tools: new Set(tools),
    conditions: when.map(readRiskCondition).filter((condition) => condition !== null),
    judgement: { risk, rules: [`own rule: ${name}`] },
  }));

/** A list fits when any of its values does; what is not there is nothing, and fits only a negation. */
const holds = ({ param, isNegated, test, values }: RiskCondition, args: Json): boolean => {
  const given = valuesAt(args, param.split('.')).map((value) => value.slice(0, comparedLimit).toLowerCase());
  const wanted = values.map((value) => value.toLowerCase());
  const fits = (value: string) =>
    test === 'like' ? isLike(value, wanted[0]!) : wanted.some((one) => one === value);
  return isNegated ? given.length === 0 || !given.every(fits) : given.some(fits);
};

const valuesAt = (value: Json | undefined, path: readonly string[]): string[] => {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path));
  const [name, ...rest] = path;
  if (name === undefined)
    return value === undefined || value === null
      ? []
      : [typeof value === 'string' ? value : JSON.stringify(value)];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt(value[name], rest);
};

/** `*` stands for any characters. In time of the product of both lengths, whatever a model sends. */
const isLike = (text: string, pattern: string): boolean => {
  let at = 0;
  let star = -1;
  let resume = 0;
  let p = 0;
  while (at < text.length) {
    if (pattern[p] === '*') {
      star = p;
      p += 1;
      resume = at;
    } else if (pattern[p] === text[at]) {
      p += 1;
      at += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
};
