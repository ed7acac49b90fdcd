import type { CommandRun } from '../context.ts';
import { readSecret } from '../read-secret.ts';
import { showTime, table } from '../terminal.ts';

interface KeyOptions {
  name: string;
  scope?: string[];
  expires?: number;
}

/** Prints the key alone, so that a script can take it. It is shown this once. */
export const create: CommandRun<[KeyOptions]> = async (context, { name, scope: scopes, expires }) => {
  const client = await context.client();
  const given = { name, ...(scopes && { scopes }), ...(expires !== undefined && { expiresInDays: expires }) };
  const token = await client.auth.createToken(given, { signal: context.io.signal });
  context.print(token, () => token.token);
};

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.auth.listTokens(undefined, { signal: context.io.signal });
  context.print(result, () =>
    result.tokens.length === 0
      ? 'No API keys. Create one with `reeve token create --name NAME`.'
      : table(
          ['ID', 'KEY', 'NAME', 'FOR', 'CREATED', 'ENDS', 'LAST USED'],
          result.tokens.map((token) => [
            token.id,
            token.masked,
            token.name,
            token.scopes?.join(' ') ?? 'everything',
            showTime(token.createdAt),
            token.expiresAt === null ? 'never' : showTime(token.expiresAt),
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

/** Asks for the password, or reads it from standard input: it never stands in a command line. */
export const hashShared: CommandRun<[{ stdin?: boolean }]> = async (context, { stdin }) => {
  const password = await readSecret(context.io, { message: 'Shared password', isFromStdin: stdin });
  const { hashPassword } = await import('@reeve/identity');
  const hash = await hashPassword(password);
  context.print({ hash }, () => hash);
};
