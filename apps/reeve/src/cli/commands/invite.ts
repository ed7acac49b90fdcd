import type { CommandRun } from '../context.ts';
import { showTime, table } from '../terminal.ts';

/** Prints the link alone, so that it can be handed over. It is shown this once. */
export const create: CommandRun<[{ role: string; email?: string; name?: string }]> = async (
  context,
  { role, email, name },
) => {
  const client = await context.client();
  const given = { role, ...(email && { email }), ...(name && { name }) };
  const invite = await client.invites.create(given, { signal: context.io.signal });
  context.print(invite, () => invite.url);
  if (invite.isSent && !context.isJson) context.err.line(`Sent to ${email} as well.`);
};

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.invites.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    result.invites.length === 0
      ? 'No open invitations. Make one with `reeve invite create`.'
      : table(
          ['INVITATION', 'ROLE', 'FOR', 'UNTIL'],
          result.invites.map((invite) => [
            invite.id,
            invite.role,
            invite.email ?? invite.name ?? 'anybody with the link',
            showTime(invite.expiresAt),
          ]),
        ),
  );
};

export const revoke: CommandRun<[string]> = async (context, id) => {
  const client = await context.client();
  const result = await client.invites.revoke({ id }, { signal: context.io.signal });
  context.print(result, () => `Took back ${id}.`);
};
