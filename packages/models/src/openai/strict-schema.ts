/**
 * Whether a schema is of the kind to which OpenAI holds a model strictly ("Structured model outputs", supported
 * schemas): every object lists all its properties as required and allows no others. The API refuses any other schema
 * in strict mode.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (type === 'object' || properties !== undefined) {
    const names = Object.keys(properties ?? {});
    const listed: unknown[] = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || !names.every((name) => listed.includes(name))) return false;
  }
  return Object.values(schema).every(isStrictSchema);
}
