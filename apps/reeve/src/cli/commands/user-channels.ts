import type { CommandRun } from '../context.ts';
import { showTime, table } from '../terminal.ts';
import { findPerson } from './user.ts';

export const channels: CommandRun<[string]> = async (context, who) => {
  const { id, name } = await findPerson(context, who);
  const client = await context.client();
  const result = await client.people.channels({ id }, { signal: context.io.signal });
  context.print(result, () =>
    result.channels.length === 0
      ? `${name} is known on no chat channel.`
      : table(
          ['LINK', 'CHANNEL', 'KNOWN AS', 'SINCE'],
          result.channels.map((link) => [link.id, link.channel, link.identifier, showTime(link.createdAt)]),
        ),
  );
};

export const link: CommandRun<[string, string, string]> = async (context, who, channel, identifier) => {
  const { id, name } = await findPerson(context, who);
  const client = await context.client();
  const made = await client.people.linkChannel({ id, channel, identifier }, { signal: context.io.signal });
  context.print(made, () => `${identifier} on ${channel} is ${name}. Link ${made.id}.`);
};

export const unlink: CommandRun<[string, string]> = async (context, who, linkId) => {
  const { id, name } = await findPerson(context, who);
  const client = await context.client();
  const result = await client.people.unlinkChannel({ id, linkId }, { signal: context.io.signal });
  context.print(result, () => `${name} is known there no more.`);
};
