import {
  FaultError,
  type GenerationParams,
  generationParamsSchema,
  type Session,
  type SlashCommandName,
  thinkingLevels,
} from '@reeve/protocol';
import type { ModelCatalog } from '../model/catalog.ts';
import type { Store, UsageReport } from '../ports/store.ts';
import { formatCost } from './budget-commands.ts';
import type { CommandTexts } from './command-texts/index.ts';
import type { CommandCall, CommandHandler } from './commands.ts';

/** How people and OpenAI's API write the parameters. */
const paramNames: Record<string, keyof GenerationParams> = {
  temperature: 'temperature',
  max_tokens: 'maxOutputTokens',
  top_p: 'topP',
  seed: 'seed',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
};

const shown = (params: GenerationParams, texts: CommandTexts): string => {
  const parts = Object.entries(paramNames)
    .filter(([, key]) => params[key] !== undefined)
    .map(([name, key]) => `${name} = ${String(params[key])}`);
  return parts.length === 0 ? texts.asConfigured : parts.join(', ');
};

const readParams = (text: string, texts: CommandTexts): GenerationParams => {
  const values: Record<string, number> = {};
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [name = '', value = ''] = part.split('=', 2);
    const key = paramNames[name];
    if (key === undefined || value === '' || Number.isNaN(Number(value)))
      throw new FaultError('INVALID_PARAMS', texts.unreadable(part), {
        next: texts.writeParams(Object.keys(paramNames).join(', ')),
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

/** The slash commands about models: which one, how it writes, what it cost. */
export const createModelCommands = (deps: {
  store: Store;
  catalog: ModelCatalog;
  /** A line for each budget that bounds the session. */
  budgetLines: (call: CommandCall) => Promise<string[]>;
}) => {
  const { catalog, store } = deps;
  const configure = (session: Session, data: { model?: string | null; params?: GenerationParams | null }) =>
    store.write((tx) => tx.append(session.id, { type: 'session.configured', data }));
  const merged = (session: Session, change: GenerationParams) => ({ ...session.params, ...change });

  return {
    async model({ session, rest, texts }) {
      if (rest === '') {
        const { id, reason } = await catalog.default();
        const models = await catalog.list();
        return [
          session.model === null ? texts.modelIsDefault(id, reason) : texts.modelIs(session.model, id),
          '',
          texts.onOffer,
          ...models.map((model) => `- ${model.id}`),
        ].join('\n');
      }
      const model = rest === 'default' ? null : rest;
      if (model !== null)
        await catalog.resolve(model).catch((error: unknown) => {
          if (!(error instanceof FaultError) || error.fault.code !== 'NOT_FOUND') throw error;
          throw new FaultError('NOT_FOUND', texts.noModel(model), { next: texts.seeModels });
        });
      await configure(session, { model });
      return model === null ? texts.modelDefaultAgain : texts.modelNow(model);
    },

    async params({ session, rest, texts }) {
      if (rest === '') return texts.paramsAre(shown(session.params ?? {}, texts));
      if (rest === 'default') {
        const thinking = session.params?.thinking;
        await configure(session, { params: thinking === undefined ? null : { thinking } });
        return texts.paramsDefault;
      }
      const params = merged(session, readParams(rest, texts));
      await configure(session, { params });
      return texts.paramsNow(shown(params, texts));
    },

    async think({ session, rest, texts }) {
      if (rest === '') return texts.thinkingIs(session.params?.thinking ?? texts.asConfigured);
      if (rest === 'default') {
        const { thinking: _dropped, ...params } = session.params ?? {};
        await configure(session, { params: Object.keys(params).length === 0 ? null : params });
        return texts.thinkingDefault;
      }
      const thinking = thinkingLevels.find((level) => level === rest.toLowerCase());
      if (!thinking)
        throw new FaultError('INVALID_PARAMS', texts.noLevel(rest), {
          next: texts.chooseLevel(thinkingLevels.join(', ')),
        });
      await configure(session, { params: merged(session, { thinking }) });
      return texts.thinkingIs(thinking);
    },

    async usage(call) {
      const { actor, session, texts } = call;
      const { byModel } = await store.usage(actor, 0);
      const budgets = await deps.budgetLines(call);
      const cost = session.costUsd > 0 ? `, ${formatCost(session.costUsd)}` : '';
      const used =
        byModel.length === 0
          ? [texts.noUsage]
          : [
              texts.sessionUsage(session.inputTokens, session.outputTokens, cost),
              ...byModel.map((row) => usageLine(row, texts)),
            ];
      return [...used, ...budgets].join('\n');
    },
  } satisfies Partial<Record<SlashCommandName, CommandHandler>>;
};

const usageLine = (
  { provider, model, calls, usage }: UsageReport['byModel'][number],
  texts: CommandTexts,
): string => {
  const { inputTokens, outputTokens, estimated = false, costUsd } = usage;
  const cost = costUsd === undefined ? '' : `, ${formatCost(costUsd)}`;
  return `- ${texts.modelUsage(`${provider}/${model}`, calls, inputTokens, outputTokens, estimated)}${cost}`;
};
