import { FaultError, type ModelInfo, type ProviderStatus } from '@reeve/protocol';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ModelFacts, ModelProvider, ModelRequest } from '../ports/model.ts';
import { type Circuits, createCircuits } from './circuits.ts';
import { createHealth, type HealthWindow } from './health.ts';
import { createModelLists } from './model-lists.ts';
import { createModelPolicy, needsOf, orderSlots, type Routing } from './routing.ts';
import { healthName, type Slot } from './slots.ts';
import type { StreamLimits } from './timed-stream.ts';

export interface CatalogEntry {
  /** Several entries may be one provider under different accounts: they are asked in this order. */
  provider: ModelProvider;
  /** Row of the vendor table; names the facts about its models. */
  vendor: string;
  /** Why it is in use, for the owner. */
  reason: string;
  /** What the owner configured; unset = what is known about each model. */
  contextTokens?: number;
  maxOutputTokens?: number;
  isLanguageModel: boolean;
  /** Used when nothing else is chosen and this is the first entry; null asks the server for its list. */
  preferredModel: string | null;
  timeouts: StreamLimits;
  maxRetries: number;
}

export interface CatalogSetup {
  /** The built-in steward is the last one. */
  entries: CatalogEntry[];
  /** `provider/model`, or empty to choose. */
  defaultModel: string;
  fallbacks: string[];
  routing: Routing;
  /** Patterns of `provider/model`; empty allows all. */
  allow: readonly string[];
  deny: readonly string[];
  factsOf: (vendor: string, model: string) => ModelFacts | null;
}

/** The models of this Reeve: which exist, which answers, and why. */
export interface ModelCatalog {
  configure(setup: CatalogSetup): void;
  /** Those that may be used. Cached for an hour. */
  list(options?: { refresh?: boolean }): Promise<ModelInfo[]>;
  default(): Promise<{ id: string; reason: string }>;
  /** The same as it was last found, at once: for health probes. */
  current(): { id: string; reason: string };
  /** Throws FaultError NOT_FOUND for a model of no known provider, GOV_DENIED for one that the owner forbade. */
  resolve(ref: string): Promise<Slot>;
  /** The model of a provider that answers when none is named, under each account. Its name is '' when there is none. */
  ofProvider(id: string): Promise<Slot[]>;
  /** The chain for a request: the model asked for, or the default; then the fallbacks; then the steward. Each under every account. */
  slots(ref: string | null): Promise<Slot[]>;
  /** The chain in the order in which this request should be asked of it. `inputTokens` is our count. */
  order(
    slots: readonly Slot[],
    request: Pick<ModelRequest, 'messages' | 'tools'>,
    inputTokens: number,
  ): Slot[];
  status(): ProviderStatus[];
  /** Models that were asked for and refused by the owner's rule, since the start. */
  denials(): number;
  readonly circuits: Circuits;
  readonly health: HealthWindow;
}

/** Where neither the owner nor the server nor the table of models says anything. */
const defaultWindow = { contextTokens: 128_000, maxOutputTokens: 8_192 };

/** Models in a server's list that cannot hold a conversation. */
const notForChat =
  /embed|whisper|tts|dall-e|image|moderation|babbage|davinci|realtime|audio|transcribe|rerank|guard/i;

const emptySetup: CatalogSetup = {
  entries: [],
  defaultModel: '',
  fallbacks: [],
  routing: 'ordered',
  allow: [],
  deny: [],
  factsOf: () => null,
};

export const createModelCatalog = (deps: { clock: Clock; log: Log }): ModelCatalog => {
  const { clock } = deps;
  const circuits = createCircuits(clock);
  const health = createHealth(clock);
  let setup = emptySetup;
  let lists = createModelLists({ now: clock.now, log: deps.log });
  let policy = createModelPolicy(setup);
  let current = { id: '', reason: '' };

  /** One entry per provider: its first account lists the models. */
  const providers = (): CatalogEntry[] =>
    setup.entries.filter(
      (entry, index) => setup.entries.findIndex((other) => other.provider.id === entry.provider.id) === index,
    );

  const checkAllowed = (id: string) => {
    const pattern = policy.denialOf(id);
    if (pattern === null) return;
    policy.countDenial();
    throw new FaultError(
      'GOV_DENIED',
      pattern === 'allow'
        ? `The model ${id} is not on the list of allowed models.`
        : `The model ${id} is denied by the rule ${pattern}.`,
      { next: 'Choose another model (see /model), or change models.allow and models.deny.' },
    );
  };

  /** The same model under each account of its provider. */
  const slotsOf = (
    providerId: string,
    model: string,
    why: string,
    isChosen: boolean,
    info?: ModelInfo,
  ): Slot[] =>
    setup.entries
      .filter((entry) => entry.provider.id === providerId)
      .map((entry): Slot => {
        const facts = setup.factsOf(entry.vendor, model);
        const { account } = entry.provider;
        return {
          provider: entry.provider,
          model,
          why: account === 'default' ? why : `${why}, account ${account}`,
          isChosen,
          isLanguageModel: entry.isLanguageModel,
          contextTokens:
            entry.contextTokens ?? info?.contextTokens ?? facts?.contextTokens ?? defaultWindow.contextTokens,
          maxOutputTokens:
            entry.maxOutputTokens ??
            facts?.maxOutputTokens ??
            info?.maxOutputTokens ??
            defaultWindow.maxOutputTokens,
          limits: entry.timeouts,
          maxRetries: entry.maxRetries,
          facts,
        };
      });

  /** `provider/model`, a provider alone, or the bare name of a listed model. */
  const find = async (ref: string, why: string, isChosen: boolean): Promise<Slot[]> => {
    if (isNoName(ref)) throw new FaultError('NOT_FOUND', 'That is no name of a model.');
    const [head, ...rest] = ref.split('/');
    const entry = providers().find((candidate) => candidate.provider.id === head);
    if (entry && rest.length > 0) {
      const model = rest.join('/');
      const known = await lists.known(entry.provider.id);
      return slotsOf(
        entry.provider.id,
        model,
        why,
        isChosen,
        known?.find((info) => info.model === model),
      );
    }
    if (entry) return slotsOf(entry.provider.id, await firstModel(entry), why, isChosen);
    for (const candidate of providers()) {
      const info = (await lists.of(candidate.provider)).find((listed) => listed.model === ref);
      if (info) return slotsOf(candidate.provider.id, ref, why, isChosen, info);
    }
    throw new FaultError('NOT_FOUND', `There is no model ${ref}.`, {
      next: 'See `reeve models` for what is on offer.',
    });
  };

  const allowed = (slots: Slot[]) =>
    slots.filter((slot) => !slot.isLanguageModel || policy.denialOf(idOf(slot)) === null);

  const firstModel = async (entry: CatalogEntry): Promise<string> =>
    entry.preferredModel ??
    (await lists.of(entry.provider)).find(
      (info) => !notForChat.test(info.model) && policy.denialOf(info.id) === null,
    )?.model ??
    '';

  const chooseDefault = async (): Promise<{ slots: Slot[]; reason: string }> => {
    if (setup.defaultModel !== '') {
      const slots = allowed(await find(setup.defaultModel, 'default', false));
      if (slots.length > 0) return { slots, reason: 'agent.model in the configuration' };
    }
    for (const entry of providers()) {
      const model = await firstModel(entry);
      const slots = model === '' ? [] : allowed(slotsOf(entry.provider.id, model, 'default', false));
      if (slots.length > 0) return { slots, reason: entry.reason };
    }
    throw new FaultError('LLM_ERROR', 'No model is configured.');
  };

  return {
    circuits,
    health,
    configure(next) {
      setup = next;
      circuits.reset();
      lists = createModelLists({ now: clock.now, log: deps.log });
      policy = createModelPolicy(next);
      const [first] = setup.entries;
      current = {
        id: setup.defaultModel || `${first?.provider.id ?? ''}/${first?.preferredModel ?? ''}`,
        reason: first?.reason ?? '',
      };
    },
    async list({ refresh = false } = {}) {
      const all = await Promise.all(providers().map((entry) => lists.of(entry.provider, refresh)));
      return all.flat().filter((info) => !info.isLanguageModel || policy.denialOf(info.id) === null);
    },
    async default() {
      const { slots, reason } = await chooseDefault();
      current = { id: idOf(slots[0]!), reason };
      return current;
    },
    current: () => current,
    async resolve(ref) {
      const [slot] = await find(ref, 'asked for', true);
      if (slot!.isLanguageModel) checkAllowed(idOf(slot!));
      return slot!;
    },
    ofProvider: (id) => find(id, 'asked for', true),
    async slots(ref) {
      const chosen = ref === null ? [] : await find(ref, 'chosen', true);
      if (chosen[0]?.isLanguageModel) checkAllowed(idOf(chosen[0]));
      const chain = chosen.length > 0 ? chosen : [...(await chooseDefault()).slots];
      for (const fallback of setup.fallbacks)
        chain.push(...allowed(await find(fallback, 'fallback', false).catch(() => [])));
      const last = setup.entries.at(-1);
      if (last) chain.push(...slotsOf(last.provider.id, await firstModel(last), 'always there', false));
      return chain.filter(
        (one, index) =>
          chain.findIndex((other) => other.provider === one.provider && other.model === one.model) === index,
      );
    },
    order: (slots, request, inputTokens) => orderSlots(slots, setup.routing, needsOf(request, inputTokens)),
    status: () =>
      setup.entries.map(({ provider, reason }) => ({
        id: provider.id,
        name: provider.name,
        baseUrl: provider.baseUrl,
        hasKey: provider.hasKey,
        account: provider.account,
        reason,
        ...health.of(healthName(provider)),
        cooling: circuits
          .cooling()
          .filter((one) => one.provider === provider.id && one.account === provider.account)
          .map(({ model, class: errorClass, until }) => ({ model, class: errorClass, until })),
      })),
    denials: () => policy.denials(),
  };
};

/** Names become part of addresses at some vendors: they must not lead anywhere else there. */
const isNoName = (ref: string): boolean =>
  /[\p{Cc}\s\\?#]/u.test(ref) || ref.split('/').some((part) => part === '.' || part === '..');

const idOf = (slot: Slot) => `${slot.provider.id}/${slot.model}`;
