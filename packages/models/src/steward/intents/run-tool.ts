import type { ToolOffer } from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { phrase } from '../phrase.ts';
import { callPlan, type Intent, sayPlan } from '../plan.ts';

const patterns = [
  phrase`^(?:run|use|call|execute|invoke|start)(?: the)?(?<word> tool)? (?<name>[\w-]{1,64})(?: tool)?(?:(?: with| on| for|:)? (?<args>[\s\S]+))?$`,
  phrase`^(?:benutze?|verwende|nutze?|starte?|rufe?|führe?)(?: bitte)?(?: das)?(?<word> werkzeug| tool)? (?<name>[\w-]{1,64})(?: (?:aus|auf)\b)?(?:(?: mit| für|:)? (?<args>[\s\S]+?))?(?: (?:aus|auf))?$`,
];

/** Characters of a result that are shown. */
const maxShown = 2000;

/** A tool by its name, with JSON, `key=value` pairs, or one value for its first field. */
export const runTool: Intent = {
  id: 'run-tool',
  kind: 'write',
  match: ({ text, raw, tools, t }) => {
    for (const pattern of patterns) {
      // The closing punctuation that was taken off may belong to the arguments: "5!", "}".
      const groups = (pattern.exec(raw.replace(/[\s?.]+$/, '')) ?? pattern.exec(text))?.groups;
      if (groups === undefined) continue;
      const { name = '', word, args } = groups;
      const tool = tools.find((each) => sameName(each.name, name));
      if (tool !== undefined)
        return callPlan(tool.name, readArguments(args ?? '', tool), (result) =>
          t.tools.ran(tool.name, shown(result.text)),
        );
      if (word !== undefined || name.includes('_')) {
        return sayPlan(t.tools.unknown(name, tools.map((each) => each.name).join(', ') || t.tools.none));
      }
    }
    return null;
  },
};

const sameName = (a: string, b: string): boolean =>
  a.toLowerCase().replaceAll('-', '_') === b.toLowerCase().replaceAll('-', '_');

/** A flat JSON object as `key: value` pairs, anything else as it is. */
const shown = (text: string): string => {
  const words = flat(text) ?? text;
  return words.length > maxShown ? `${words.slice(0, maxShown)} …` : words;
};

const flat = (text: string): string | null => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const entries = Object.entries(value).filter(([, each]) => each !== null);
    if (entries.some(([, each]) => typeof each === 'object')) return null;
    return entries.map(([key, each]) => `${key}: ${String(each)}`).join(', ');
  } catch {
    return null;
  }
};

const readArguments = (text: string, tool: ToolOffer): { [key: string]: Json } => {
  const given = text.trim();
  if (given === '') return {};
  if (given.startsWith('{')) {
    try {
      const value = JSON.parse(given) as Json;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    } catch {
      // Not JSON after all: taken as plain text, which the gate checks like any argument.
    }
  }
  const fields = fieldsOf(tool);
  const pairs = [...given.matchAll(/(?<key>[\w-]+)\s*=\s*(?<value>"[^"]*"|'[^']*'|\S+)/g)];
  const rest = pairs
    .reduce((left, pair) => left.replace(pair[0], ''), given)
    .replace(/[\s,]|\b(?:and|und)\b/g, '');
  if (pairs.length > 0 && rest === '') {
    return Object.fromEntries(
      pairs.map(({ groups }) => {
        const field = fieldFor(groups!['key']!, fields);
        return [
          field.name,
          typedValue(groups!['value']!.replace(/^(["'])(.*)\1,?$/, '$2').replace(/,$/, ''), field.type),
        ];
      }),
    );
  }
  const first = fields.find((field) => field.isRequired) ?? fields[0];
  return first === undefined
    ? {}
    : { [first.name]: typedValue(given.replace(/^(["'])(.*)\1$/, '$2'), first.type) };
};

interface Field {
  name: string;
  type: string;
  isRequired: boolean;
}

const fieldsOf = ({ parameters }: ToolOffer): Field[] => {
  const required = Array.isArray(parameters['required']) ? parameters['required'] : [];
  return Object.entries((parameters['properties'] ?? {}) as Record<string, { type?: Json }>).map(
    ([name, { type }]) => ({
      name,
      type: typeof type === 'string' ? type : 'string',
      isRequired: required.includes(name),
    }),
  );
};

/** `zone` is enough for `timeZone`; a name that fits no field stays, and the gate refuses it. */
const fieldFor = (key: string, fields: readonly Field[]): Field => {
  const wanted = key.toLowerCase().replace(/[-_]/g, '');
  return (
    fields.find((field) => field.name.toLowerCase() === wanted) ??
    fields.find((field) => field.name.toLowerCase().endsWith(wanted)) ?? {
      name: key,
      type: 'string',
      isRequired: false,
    }
  );
};

const typedValue = (text: string, type: string): Json => {
  if ((type === 'number' || type === 'integer') && text !== '' && Number.isFinite(Number(text)))
    return Number(text);
  if (type === 'boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
};
