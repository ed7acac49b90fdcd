import type { ModelFacts } from '@reeve/core';
import shipped from '../../data/models.json' with { type: 'json' };
import { type Vendor, vendorOf } from '../vendors/index.ts';
import type { ModelRow, ModelTable } from './model-table.ts';

/** The table that comes with Reeve; a test checks its form. */
export const shippedTable = shipped as ModelTable;

export type ModelKnowledge = (vendor: string, model: string) => ModelFacts | null;

/**
 * What is known about a vendor's model. In each table the longest pattern that fits counts, and the vendor's own row
 * more than another's; later tables win over earlier ones, fact by fact. A price counts only for the vendor it is
 * of, for one that resells at cost, and is nothing for a server of the owner. Null when nothing is known.
 */
export function createModelKnowledge(tables: readonly ModelTable[] = [shippedTable]): ModelKnowledge {
  const finders = tables.map((table) => createFinder(table.models));
  const known = new Map<string, ModelFacts | null>();
  return (vendorName, model) => {
    const key = `${vendorName}\n${model}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const vendor = vendorOf(vendorName);
    const name = plainName(model);
    const facts: ModelFacts = Object.assign({}, ...finders.map((find) => find(vendor, name)));
    const whole = withVendor(facts, vendor, model);
    known.set(key, whole);
    return whole;
  };
}

/** Names differ in case, dots, makers' prefixes and Fireworks' `p` for a dot. */
const plainName = (model: string): string =>
  model
    .toLowerCase()
    .slice(model.lastIndexOf('/') + 1)
    .replace(/(?<=\d)[.p](?=\d)/g, '-');

type Finder = (vendor: Vendor | undefined, name: string) => ModelFacts;

function createFinder(rows: readonly ModelRow[]): Finder {
  const exact = new Map<string, ModelRow[]>();
  const patterns: { row: ModelRow; fits: RegExp; length: number }[] = [];
  for (const row of rows) {
    const pattern = plainName(row.pattern);
    if (!pattern.includes('*')) exact.set(pattern, [...(exact.get(pattern) ?? []), row]);
    else {
      const literal = pattern.split('*');
      const fits = new RegExp(`^${literal.map((part) => part.replace(/[^a-z0-9_-]/g, '\\$&')).join('.*')}$`);
      patterns.push({ row, fits, length: literal.join('').length });
    }
  }
  patterns.sort((a, b) => b.length - a.length);
  return (vendor, name) => {
    const fitting = [
      ...(exact.get(name) ?? []),
      ...patterns.filter(({ fits }) => fits.test(name)).map(({ row }) => row),
    ];
    const [any] = fitting;
    const own = vendor && fitting.find((row) => row.vendor === vendor.id);
    return { ...factsOf(any, vendor), ...factsOf(own, vendor) };
  };
}

function factsOf(row: ModelRow | undefined, vendor: Vendor | undefined): ModelFacts {
  if (row === undefined) return {};
  const { pattern: _, vendor: maker, price, ...facts } = row;
  const isPriceHere =
    maker !== undefined && (maker === vendor?.id || vendor?.quirks?.atCostOf?.includes(maker) === true);
  return (isPriceHere && price ? { ...facts, price } : facts) as ModelFacts;
}

const free = { input: 0, output: 0 };

function withVendor(facts: ModelFacts, vendor: Vendor | undefined, model: string): ModelFacts | null {
  const whole: ModelFacts = { ...facts };
  if (vendor?.isLocal || model.endsWith(':free')) whole.price = free;
  const window = vendor?.quirks?.window;
  if (window) whole.contextTokens = Math.min(facts.contextTokens ?? window.unknown, window.most);
  return Object.keys(whole).length > 0 ? whole : null;
}
