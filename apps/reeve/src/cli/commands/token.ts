import type { CommandRun } from '../context.ts';
import { showTime, table } from '../terminal.ts';

/** Prints the token alone, so that a script can take it. It is shown this once. */
export const create: CommandRun<[{ name: string }]> = async (context, { name }) => {
  const client = await context.client();
  const token = await client.auth.createToken({ name }, { signal: context.io.signal });
  context.print(token, () => token.token);
};

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.auth.listTokens(undefined, { signal: context.io.signal });
  context.print(result, () =>
    result.tokens.length === 0
      ? 'No tokens. Create one with `reeve token create --name NAME`.'
      : table(
          ['TOKEN', 'NAME', 'CREATED', 'LAST USED'],
          result.tokens.map((token) => [
            token.id,
            token.name,
            showTime(token.createdAt),
            token.lastUsedAt ? showTime(token.lastUsedAt) : 'never',
          ]),
        ),
  );
};

export const revoke: CommandRun<[string]> = async (context, id) => {
  const client = await context.client();
  const result = await client.auth.revokeToken({ id }, { signal: context.io.signal });
  context.print(result, () => `Revoked ${id}.`);
};

export const loginLink: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.auth.loginLink(undefined, { signal: context.io.signal });
  context.print(result, () => result.url);
};
