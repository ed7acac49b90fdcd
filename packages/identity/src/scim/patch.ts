import { z } from 'zod';
import { ScimError } from './errors.ts';

/** One change, taken apart: of an attribute, of all at once (`path` null), or of values that a filter picks. */
export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  /** In lower case and without its schema; null when the value is a table of attributes. */
  attribute: string | null;
  /** Behind the dot, in lower case. */
  sub: string | null;
  /** What `[value eq "…"]` picks. */
  picked: string | null;
  value: unknown;
}

const patchSchema = z.object({
  Operations: z
    .array(z.object({ op: z.string(), path: z.string().max(500).optional(), value: z.unknown().optional() }))
    .min(1)
    .max(1000),
});

/** Attributes may be written with their schema before them. */
const coreSchema = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i;
const pathForm = /^([a-z][\w$-]*)(?:\[\s*([a-z]+)\s+eq\s+"([^"]*)"\s*\])?(?:\.([a-z][\w$-]*))?$/i;

/** Operations of a PATCH (RFC 7644, section 3.5.2), also as Entra writes them (`Replace`, `"False"`). Throws ScimError. */
export const readPatch = (body: unknown): PatchOperation[] => {
  const parsed = patchSchema.safeParse(body);
  if (!parsed.success) throw new ScimError(400, 'This is no PATCH of SCIM.', 'invalidSyntax');
  return parsed.data.Operations.map(({ op: given, path, value }) => {
    const op = given.toLowerCase();
    if (op !== 'add' && op !== 'replace' && op !== 'remove')
      throw new ScimError(400, `There is no operation ${given.slice(0, 50)}.`, 'invalidSyntax');
    if (path === undefined) {
      if (op === 'remove') throw new ScimError(400, 'To remove something it must be named.', 'invalidPath');
      return { op, attribute: null, sub: null, picked: null, value };
    }
    const found = pathForm.exec(path.replace(coreSchema, ''));
    if (!found) throw new ScimError(400, 'This path is not supported.', 'invalidPath');
    const [, attribute, , picked, sub] = found;
    return {
      op,
      attribute: attribute!.toLowerCase(),
      sub: sub?.toLowerCase() ?? null,
      picked: picked ?? null,
      value,
    };
  });
};
