import type { CommandRun } from '../context.ts';
import { showTime, table } from '../terminal.ts';

/** Prints the token alone, so that it can be handed over. It is shown this once. */
export const create: CommandRun<[string]> = async (context, name) => {
  const client = await context.client();
  const made = await client.scim.create({ name }, { signal: context.io.signal });
  context.print(made, () => made.token);
};

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.scim.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    result.tokens.length === 0
      ? 'No directory. Make a token for one with `reeve scim create NAME`.'
      : table(
          ['TOKEN', 'NAME', 'ENDS IN', 'SINCE'],
          result.tokens.map((token) => [token.id, token.name, token.masked, showTime(token.createdAt)]),
        ),
  );
};

export const revoke: CommandRun<[string]> = async (context, id) => {
  const client = await context.client();
  const result = await client.scim.revoke({ id }, { signal: context.io.signal });
  context.print(result, () => `Revoked ${id}.`);
};
