import type { CommandRun } from '../context.ts';
import { showTime, table } from '../terminal.ts';

/** Prints the link alone that invites the first admin of the tenant. It is shown this once. */
export const create: CommandRun<[string]> = async (context, name) => {
  const client = await context.client();
  const tenant = await client.tenants.create({ name }, { signal: context.io.signal });
  context.print(tenant, () => tenant.url);
};

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.tenants.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    table(
      ['TENANT', 'NAME', 'PEOPLE', 'SINCE'],
      result.tenants.map((tenant) => [
        tenant.id,
        tenant.name,
        String(tenant.people),
        showTime(tenant.createdAt),
      ]),
    ),
  );
};
