import { code, table } from './markdown.ts';

/** The part of JSON Schema that zod writes and the reference shows. */
export interface Schema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
}

interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  meaning: string;
}

/** Anything with zod's own conversion; `io` says whether defaults count as given. */
export interface SchemaSource {
  toJSONSchema(options?: { io?: 'input' | 'output' }): unknown;
}

export const schemaOf = (source: SchemaSource, io: 'input' | 'output' = 'output'): Schema =>
  source.toJSONSchema({ io }) as Schema;

/** The fields of an object, nested ones by their path, as a table; a sentence when there are none. */
export const fieldTable = (schema: Schema): string => {
  const fields = fieldsOf(schema, '', true);
  if (fields.length === 0) return 'No fields.';
  return table(
    ['Field', 'Type', 'Needed', 'Meaning'],
    fields.map(({ name, type, isRequired, meaning }) => [
      code(name),
      type,
      isRequired ? 'yes' : 'no',
      meaning,
    ]),
  );
};

const fieldsOf = (schema: Schema, path: string, isOutside: boolean): Field[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const full = path === '' ? name : `${path}.${name}`;
    const isRequired = isOutside && schema.required?.includes(name) === true;
    const inner = unwrap(field);
    const below = inner.items
      ? { schema: unwrap(inner.items), path: `${full}[]` }
      : { schema: inner, path: full };
    return [
      { name: full, type: typeOf(field), isRequired, meaning: meaningOf(field) },
      ...fieldsOf(below.schema, below.path, isRequired),
    ];
  });

/** What is left of "this or null". */
const unwrap = (schema: Schema): Schema => {
  const others = schema.anyOf?.filter(({ type }) => type !== 'null');
  return others?.length === 1 ? others[0]! : schema;
};

/** More values than this are not listed; the reference of what they are is elsewhere. */
const mostListed = 8;

const typeOf = (schema: Schema): string => {
  if (schema.$ref) return 'any JSON value';
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) {
    return schema.enum.length > mostListed
      ? `one of ${schema.enum.length} names`
      : schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return choices.length > mostListed ? 'one of several shapes' : choices.map(typeOf).join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'values'}`;
  if (schema.type === 'string') return schema.format ? `text (${schema.format})` : `text${limits(schema)}`;
  if (schema.type === 'integer' || schema.type === 'number') {
    return `${schema.type === 'integer' ? 'whole number' : 'number'}${limits(schema)}`;
  }
  return schema.type ?? 'any JSON value';
};

const limits = ({ minimum, maximum, minLength = 0, maxLength }: Schema): string => {
  // Zod bounds a whole number by what a double can hold; that is no limit of ours.
  const isReal = (limit: number | undefined) =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  if (isReal(minimum) && isReal(maximum)) return ` from ${minimum} to ${maximum}`;
  if (isReal(minimum)) return `, at least ${minimum}`;
  if (isReal(maximum)) return `, at most ${maximum}`;
  if (maxLength === undefined) return minLength > 0 ? ', not empty' : '';
  return minLength > 0 ? `, ${minLength} to ${maxLength} characters` : `, up to ${maxLength} characters`;
};

const meaningOf = ({ description, default: fallback }: Schema): string =>
  [
    ...(description === undefined ? [] : [description]),
    ...(fallback === undefined ? [] : [`Default ${code(JSON.stringify(fallback))}.`]),
  ].join(' ');
