import type { PersonView } from '@reeve/protocol';
import { FaultError } from '@reeve/protocol';
import type { CliContext, CommandRun } from '../context.ts';
import { plural, showTime, table } from '../terminal.ts';

/** A person by id, e-mail address or name. Throws FaultError USER_NOT_FOUND, INVALID_PARAMS for a name that several have. */
export const findPerson = async (context: CliContext, who: string): Promise<PersonView> => {
  const client = await context.client();
  const { people } = await client.people.list(undefined, { signal: context.io.signal });
  const wanted = who.toLowerCase();
  const exact = people.find(({ id, email }) => id === who || email === wanted);
  const named = people.filter(({ name }) => name.toLowerCase() === wanted);
  if (!exact && named.length > 1)
    throw new FaultError('INVALID_PARAMS', `Several people are called ${who}.`, {
      next: 'Name one by e-mail address or id: see `reeve user list`.',
    });
  const found = exact ?? named[0];
  if (!found)
    throw new FaultError('USER_NOT_FOUND', `There is nobody called ${who}.`, {
      next: 'See `reeve user list`.',
    });
  return found;
};

const stateOf = (person: PersonView): string => (person.isDisabled ? 'disabled' : '');

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.people.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    table(
      ['NAME', 'E-MAIL', 'ROLE', 'SINCE', 'ID', ''],
      result.people.map((person) => [
        person.name,
        person.email ?? '-',
        person.role,
        showTime(person.createdAt),
        person.id,
        stateOf(person),
      ]),
    ),
  );
};

const describe = (person: PersonView): string =>
  [
    `${person.name} (${person.id})${person.isDisabled ? ', disabled' : ''}`,
    `  E-mail    ${person.email ?? 'none'}`,
    `  Role      ${person.role}${person.role === person.baseRole ? '' : `, a ${person.baseRole}`}`,
    `  Language  ${person.language ?? 'as configured'}`,
    ...Object.entries(person.flags).map(([name, value]) => `  ${name} = ${value ?? 'no limit'}`),
  ].join('\n');

export const show: CommandRun<[string]> = async (context, who) => {
  const person = await findPerson(context, who);
  context.print(person, () => describe(person));
};

interface Changes {
  name?: string;
  role?: string;
  flag?: string[];
}

/** `canUseBrowser=no` and `maxTokensPerDay=none`, as the API takes them. Throws FaultError INVALID_PARAMS. */
const flagsOf = (given: readonly string[]): Record<string, boolean | number | string | null> =>
  Object.fromEntries(
    given.map((text) => {
      const [name, value, ...rest] = text.split('=');
      if (!name || value === undefined || rest.length > 0)
        throw new FaultError('INVALID_PARAMS', `--flag ${text} is not like canUseBrowser=yes.`, {
          next: 'See `reeve user show` for the flags there are.',
        });
      if (/^(yes|true|no|false)$/.test(value)) return [name, value === 'yes' || value === 'true'];
      if (value === 'none') return [name, null];
      return [name, /^\d+$/.test(value) ? Number(value) : value];
    }),
  );

export const set: CommandRun<[string, Changes]> = async (context, who, { name, role, flag = [] }) => {
  const { id } = await findPerson(context, who);
  const client = await context.client();
  const change = { id, ...(name && { name }), ...(role && { role }), flags: flagsOf(flag) };
  const person = await client.people.update(change, { signal: context.io.signal });
  context.print(person, () => describe(person));
};

const setDisabled =
  (isDisabled: boolean): CommandRun<[string]> =>
  async (context, who) => {
    const { id } = await findPerson(context, who);
    const client = await context.client();
    const person = await client.people.update({ id, isDisabled }, { signal: context.io.signal });
    context.print(person, () => `${person.name} is ${isDisabled ? 'disabled' : 'enabled'}.`);
  };
export const disable = setDisabled(true);
export const enable = setDisabled(false);

export const remove: CommandRun<[string, { yes?: boolean }]> = async (context, who, { yes: isSure }) => {
  const { id, name } = await findPerson(context, who);
  if (!isSure)
    throw new FaultError(
      'INVALID_PARAMS',
      `This removes the account of ${name} and every credential of it.`,
      {
        next: 'Repeat it with --yes, or use `reeve user disable`.',
      },
    );
  const client = await context.client();
  const result = await client.people.remove({ id }, { signal: context.io.signal });
  context.print(result, () => `Removed ${name}.`);
};

export const resetLink: CommandRun<[string]> = async (context, who) => {
  const { id } = await findPerson(context, who);
  const client = await context.client();
  const link = await client.people.resetLink({ id }, { signal: context.io.signal });
  context.print(link, () => link.url);
};

export const signOut: CommandRun<[string]> = async (context, who) => {
  const { id, name } = await findPerson(context, who);
  const client = await context.client();
  const result = await client.people.signOut({ id }, { signal: context.io.signal });
  context.print(result, () => `Ended ${plural(result.ended, 'session')} of ${name}.`);
};

export const roles: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.roles.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    table(
      ['ROLE', 'NARROWS', 'WHAT IT IS'],
      result.roles.map((role) => [role.name, role.isBuiltIn ? '-' : role.base, role.description]),
    ),
  );
};

export const addRole: CommandRun<[string, { base: PersonView['baseRole']; description?: string }]> = async (
  context,
  name,
  { base, description = '' },
) => {
  const client = await context.client();
  const role = await client.roles.create({ name, base, description }, { signal: context.io.signal });
  context.print(role, () => `Made the role ${role.name}, which narrows ${role.base}.`);
};

export const removeRole: CommandRun<[string]> = async (context, name) => {
  const client = await context.client();
  const result = await client.roles.remove({ id: name }, { signal: context.io.signal });
  context.print(result, () => `Removed the role ${name}.`);
};

export const linkCode: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const made = await client.account.linkCode(undefined, { signal: context.io.signal });
  context.print(made, () => `Send LINK ${made.code} on that channel before ${showTime(made.expiresAt)}.`);
};
