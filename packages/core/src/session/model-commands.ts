import {
  FaultError,
  type GenerationParams,
  generationParamsSchema,
  type Session,
  type SlashCommandName,
  thinkingLevels,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { ModelCatalog } from '../model/catalog.ts';
import type { Store, UsageReport } from '../ports/store.ts';

/** How people and OpenAI's API write the parameters. */
const paramNames: Record<string, keyof GenerationParams> = {
  temperature: 'temperature',
  max_tokens: 'maxOutputTokens',
  top_p: 'topP',
  seed: 'seed',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
};

const shown = (params: GenerationParams): string => {
  const parts = Object.entries(paramNames)
    .filter(([, key]) => params[key] !== undefined)
    .map(([name, key]) => `${name} = ${String(params[key])}`);
  return parts.length === 0 ? 'as the configuration says' : parts.join(', ');
};

const readParams = (text: string): GenerationParams => {
  const values: Record<string, number> = {};
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [name = '', value = ''] = part.split('=', 2);
    const key = paramNames[name];
    if (key === undefined || value === '' || Number.isNaN(Number(value)))
      throw new FaultError('INVALID_PARAMS', `I cannot read “${part}”.`, {
        next: `Write name=value, with one of ${Object.keys(paramNames).join(', ')}.`,
      });
    values[key] = Number(value);
  }
  const parsed = generationParamsSchema.safeParse(values);
  if (!parsed.success)
    throw new FaultError(
      'INVALID_PARAMS',
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  return parsed.data;
};

/** USD as people read it: cents matter, and so do fractions of them. */
export const formatCost = (usd: number): string =>
  usd >= 1 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(2)}`;

/** The slash commands about models: which one, how it writes, what it cost. */
export const createModelCommands = (deps: { store: Store; catalog: ModelCatalog }) => {
  const { catalog, store } = deps;
  const configure = (session: Session, data: { model?: string | null; params?: GenerationParams | null }) =>
    store.write((tx) => tx.append(session.id, { type: 'session.configured', data }));
  const merged = (session: Session, change: GenerationParams) => ({ ...session.params, ...change });

  return {
    async model(_actor, session, rest) {
      if (rest === '') {
        const { id, reason } = await catalog.default();
        const models = await catalog.list();
        return [
          session.model === null
            ? `This session uses the default model, ${id} (${reason}).`
            : `This session uses ${session.model}; the default is ${id}.`,
          '',
          'On offer:',
          ...models.map((model) => `- ${model.id}`),
        ].join('\n');
      }
      const model = rest === 'default' ? null : rest;
      if (model !== null) await catalog.resolve(model);
      await configure(session, { model });
      return model === null
        ? 'This session uses the default model again.'
        : `This session now uses ${model}.`;
    },

    async params(_actor, session, rest) {
      if (rest === '') return `Models write in this session: ${shown(session.params ?? {})}.`;
      if (rest === 'default') {
        const thinking = session.params?.thinking;
        await configure(session, { params: thinking === undefined ? null : { thinking } });
        return 'Models write in this session as the configuration says.';
      }
      const params = merged(session, readParams(rest));
      await configure(session, { params });
      return `Models now write in this session: ${shown(params)}.`;
    },

    async think(_actor, session, rest) {
      if (rest === '')
        return `Thinking in this session: ${session.params?.thinking ?? 'as the configuration says'}.`;
      if (rest === 'default') {
        const { thinking: _dropped, ...params } = session.params ?? {};
        await configure(session, { params: Object.keys(params).length === 0 ? null : params });
        return 'Models think in this session as the configuration says.';
      }
      const thinking = thinkingLevels.find((level) => level === rest.toLowerCase());
      if (!thinking)
        throw new FaultError('INVALID_PARAMS', `There is no level “${rest}”.`, {
          next: `Choose one of ${thinkingLevels.join(', ')}, default.`,
        });
      await configure(session, { params: merged(session, { thinking }) });
      return `Thinking in this session: ${thinking}.`;
    },

    async usage(actor, session) {
      const { byModel } = await store.usage(actor, 0);
      if (byModel.length === 0) return 'No tokens used yet.';
      const cost = session.costUsd > 0 ? `, ${formatCost(session.costUsd)}` : '';
      return [
        `This session: ${session.inputTokens} in, ${session.outputTokens} out${cost}.`,
        ...byModel.map(usageLine),
      ].join('\n');
    },
  } satisfies Partial<
    Record<SlashCommandName, (actor: Actor, session: Session, rest: string) => Promise<string>>
  >;
};

const usageLine = ({ provider, model, calls, usage }: UsageReport['byModel'][number]): string =>
  [
    `- ${provider}/${model}: ${calls} calls, ${usage.inputTokens} in, ${usage.outputTokens} out`,
    usage.estimated ? ' (estimated)' : '',
    usage.costUsd === undefined ? '' : `, ${formatCost(usage.costUsd)}`,
  ].join('');
