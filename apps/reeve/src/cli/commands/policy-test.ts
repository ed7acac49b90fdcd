import { FaultError, jsonSchema, type PersonView } from '@reeve/protocol';
import { z } from 'zod';
import type { CliContext, CommandRun } from '../context.ts';
import { readDataFile } from '../read-data-file.ts';
import { table } from '../terminal.ts';

const caseSchema = z.strictObject({
  user: z.string().min(1).optional(),
  role: z.string().min(1).optional(),
  tool: z.string().min(1),
  args: jsonSchema.default({}),
  channel: z.string().min(1).optional(),
  attended: z.boolean().default(true),
  expect: z.enum(['allow', 'ask', 'deny']),
});
type Case = z.output<typeof caseSchema>;

/** A list of cases; in TOML, where a file is no list, they stand under `cases`. */
const fileSchema = z.union([
  z.array(caseSchema),
  z.object({ cases: z.array(caseSchema) }).transform(({ cases }) => cases),
]);

/** Whose call is judged: a person by id, e-mail address or name, or whoever has a role. */
const personOf = (people: readonly PersonView[], { user, role }: Case): string | undefined => {
  if (user === undefined && role === undefined) return undefined;
  const wanted = user?.toLowerCase();
  const found = people.find((person) =>
    user === undefined
      ? person.role === role && !person.isDisabled
      : person.id === user || person.email === wanted || person.name.toLowerCase() === wanted,
  );
  if (!found)
    throw new FaultError(
      'USER_NOT_FOUND',
      `There is nobody ${user === undefined ? `with the role ${role}` : `called ${user}`}.`,
      {
        next: 'See `reeve user list`.',
      },
    );
  return found.id;
};

/** What would become of one call; an outcome that is no decision says why there is none. */
const judge = async (context: CliContext, people: readonly PersonView[], one: Case): Promise<string> => {
  const client = await context.client();
  const { tool, args, channel, attended } = one;
  const user = personOf(people, one);
  const { outcome } = await client.policies.explain(
    { tool, args, isAttended: attended, ...(user !== undefined && { user }), ...(channel && { channel }) },
    { signal: context.io.signal },
  );
  return outcome;
};

/** Judges every call of a file and compares with what is expected there; exit code 1 when one differs. */
export const run: CommandRun<[string]> = async (context, file) => {
  const parsed = fileSchema.safeParse(await readDataFile(file));
  if (!parsed.success)
    throw new FaultError('SERIALIZATION_ERROR', `${file}: ${z.prettifyError(parsed.error)}`, {
      next: 'A case has tool and expect (allow, ask or deny), and may have args, user, role, channel, attended.',
    });
  const client = await context.client();
  const needsPeople = parsed.data.some(({ user, role }) => user !== undefined || role !== undefined);
  const people = needsPeople
    ? (await client.people.list(undefined, { signal: context.io.signal })).people
    : [];
  const results: (Case & { outcome: string; isAsExpected: boolean })[] = [];
  for (const one of parsed.data) {
    const outcome = await judge(context, people, one).catch((error: unknown) => {
      if (error instanceof FaultError && !context.io.signal.aborted) return error.fault.code;
      throw error;
    });
    results.push({ ...one, outcome, isAsExpected: outcome === one.expect });
  }
  const failed = results.filter(({ isAsExpected }) => !isAsExpected);
  context.print({ cases: results.length, failed: failed.length, results }, () =>
    failed.length === 0
      ? `All ${results.length} are as expected.`
      : table(
          ['TOOL', 'ARGUMENTS', 'WHO', 'CHANNEL', 'EXPECTED', 'IS'],
          failed.map(({ tool, args, user, role, channel, expect, outcome }) => [
            tool,
            JSON.stringify(args),
            user ?? role ?? 'you',
            channel ?? '-',
            expect,
            outcome,
          ]),
        ),
  );
  return failed.length === 0 ? 0 : 1;
};
