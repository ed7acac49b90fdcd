import { FaultError, type ModelInfo } from '@reeve/protocol';
import type { CliContext, CommandRun } from '../context.ts';
import { plural, safeLine, table } from '../terminal.ts';

const readModels = async (context: CliContext, options: { refresh: boolean }) => {
  const client = await context.client();
  const { signal } = context.io;
  const [models, { providers }] = await Promise.all([
    client.models.list(options, { signal }),
    client.providers.list(undefined, { signal }),
  ]);
  return { ...models, providers };
};

/** Models on offer, and the state of the providers they come from. */
export const run: CommandRun<[{ refresh?: boolean }]> = async (context, { refresh: isFresh = false }) => {
  const { models, default: chosen, reason, providers } = await readModels(context, { refresh: isFresh });
  context.print({ models, default: chosen, reason, providers }, () =>
    [
      table(
        ['MODEL', 'CONTEXT', 'USD/1M IN', 'OUT', 'NAME'],
        models.map((model) => [
          model.id,
          thousands(model.contextTokens),
          ...pricesOf(model),
          model.name + (model.id === chosen ? ' (default)' : ''),
        ]),
      ),
      '',
      `Default: ${chosen} (${reason})`,
      '',
      table(
        ['PROVIDER', 'STATE', 'ADDRESS', 'WHY'],
        providers.map((provider) => [
          provider.account === 'default' ? provider.id : `${provider.id} (${provider.account})`,
          provider.state,
          provider.baseUrl ?? 'built in',
          safeLine(provider.lastError ?? provider.reason, 100),
        ]),
      ),
    ].join('\n'),
  );
};

/** Asks every provider for its list again. */
export const refresh: CommandRun<[]> = async (context) => {
  const { models } = await readModels(context, { refresh: true });
  const counts = Map.groupBy(models, (model) => model.provider);
  context.print({ models }, () =>
    [...counts].map(([provider, listed]) => `${provider}: ${plural(listed.length, 'model')}`).join('\n'),
  );
};

/** Everything known about one model. */
export const info: CommandRun<[string]> = async (context, name) => {
  const { models, providers } = await readModels(context, { refresh: false });
  const model = models.find(({ id }) => id === name) ?? models.find((one) => one.model === name);
  if (!model)
    throw new FaultError('NOT_FOUND', `There is no model ${name} on offer.`, {
      next: 'See `reeve models` for what is, or `reeve models refresh` to ask the providers again.',
    });
  const accounts = providers.filter((provider) => provider.id === model.provider);
  context.print({ ...model, providers: accounts }, () =>
    [
      `${model.id}${model.name === model.model ? '' : ` (${model.name})`}`,
      `  Context   ${model.contextTokens.toLocaleString('en')} tokens, of which an answer may take ${model.maxOutputTokens.toLocaleString('en')}`,
      `  Images    ${yesNo(model.supportsImages)}`,
      `  Thinking  ${yesNo(model.supportsThinking)}`,
      `  Price     ${priceLine(model)}`,
      ...accounts.map(
        ({ account, state, baseUrl, reason }) =>
          `  ${account === 'default' ? 'Provider ' : `Account ${account}:`} ${state}, ${baseUrl ?? 'built in'}; ${safeLine(reason, 100)}`,
      ),
    ].join('\n'),
  );
};

const thousands = (tokens: number): string => `${Math.round(tokens / 1000)}k`;

const yesNo = (known: boolean | undefined): string =>
  known === undefined ? 'unknown' : known ? 'yes' : 'no';

const pricesOf = ({ price, isLanguageModel }: ModelInfo): [string, string] => {
  if (price) return [usd(price.input), usd(price.output)];
  return isLanguageModel ? ['?', '?'] : ['-', '-'];
};

const usd = (amount: number): string => (amount === 0 ? 'free' : String(amount));

const priceLine = ({ price, isLanguageModel }: ModelInfo): string => {
  if (!price) return isLanguageModel ? 'unknown' : 'none, it runs here';
  const cache = [
    ...(price.cacheRead === undefined ? [] : [`${price.cacheRead} read from the cache`]),
    ...(price.cacheWrite === undefined ? [] : [`${price.cacheWrite} written to it`]),
  ];
  return `USD for a million tokens: ${[`${price.input} in`, `${price.output} out`, ...cache].join(', ')}`;
};
