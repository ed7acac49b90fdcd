import type { CommandRun } from '../context.ts';
import { safeLine, table } from '../terminal.ts';

/** Models on offer, and the state of the providers they come from. */
export const run: CommandRun<[{ refresh?: boolean }]> = async (context, { refresh = false }) => {
  const client = await context.client();
  const { signal } = context.io;
  const [models, { providers }] = await Promise.all([
    client.models.list({ refresh }, { signal }),
    client.providers.list(undefined, { signal }),
  ]);
  context.print({ ...models, providers }, () =>
    [
      table(
        ['MODEL', 'CONTEXT', 'NAME'],
        models.models.map((model) => [
          model.id,
          `${Math.round(model.contextTokens / 1000)}k`,
          model.name + (model.id === models.default ? ' (default)' : ''),
        ]),
      ),
      '',
      `Default: ${models.default} (${models.reason})`,
      '',
      table(
        ['PROVIDER', 'STATE', 'ADDRESS', 'WHY'],
        providers.map((provider) => [
          provider.id,
          provider.state,
          provider.baseUrl ?? 'built in',
          safeLine(provider.lastError ?? provider.reason, 100),
        ]),
      ),
    ].join('\n'),
  );
};
