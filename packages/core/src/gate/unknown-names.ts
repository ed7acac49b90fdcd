import { builtInRoles } from '@reeve/protocol';
import type { People } from '../ports/people.ts';
import type { PolicyProblem } from '../ports/policy.ts';

/** An entity as Cedar writes it: `Tool::"send_email"`. */
const entity = /\b(Tool|Role|User)::"((?:[^"\\]|\\.)*)"/g;

/**
 * Names in a policy that nothing has (F196). They are no mistake, since what they name may come later, yet a name
 * that was misspelt forbids nothing.
 */
export const unknownNames = (
  { name, text, tenantId }: { name: string; text: string; tenantId: string },
  { tools, people }: { tools: ReadonlySet<string>; people: People },
): PolicyProblem[] => {
  const known: Record<string, (id: string) => boolean> = {
    Tool: (id) => tools.has(id),
    User: (userId) => people.find({ tenantId, userId }) !== null,
    Role: (id) =>
      (builtInRoles as readonly string[]).includes(id) ||
      people.list(tenantId).some(({ role, baseRole }) => role === id || baseRole === id),
  };
  const says: Record<string, (id: string) => string> = {
    Tool: (id) => `There is no tool ${id}.`,
    User: (id) => `There is no person with the id ${id}.`,
    Role: (id) => `Nobody has the role ${id}.`,
  };
  const unknown = new Set<string>();
  for (const [, type = '', id = ''] of text.matchAll(entity))
    if (!known[type]!(id)) unknown.add(says[type]!(id));
  return [...unknown].map((message) => ({ policy: name, message, isError: false }));
};
