import type { GenerationParams } from '@reeve/protocol';
import type { Owner } from '../gate/actor.ts';
import type { Gate } from '../gate/gate.ts';
import type { Slot } from '../model/slots.ts';
import type { EventBus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunCtx } from '../ports/engine.ts';
import type { ModelMessage, ModelRequest, TokenCounter, ToolOffer } from '../ports/model.ts';
import type { Store, Transcript, Turn } from '../ports/store.ts';
import { extractiveSummary, planCompaction, summaryRequest } from './compaction.ts';
import { type LoadedImages, type SystemPrompt, toModelMessages } from './context.ts';
import { createVolatilePrompt } from './prompt.ts';
import { ContextOverflow } from './think.ts';
import { budgetOf, type CountRequest, measure } from './window.ts';

export interface AgentSettings {
  timeZone: string;
  language: string;
  maxSteps: number;
  /** Parameters of every answer, below those of a session and of a message. */
  params: GenerationParams;
}

export interface PrepareDeps {
  store: Store;
  bus: EventBus;
  clock: Clock;
  gate: Gate;
  counter: TokenCounter;
  count: CountRequest;
  settings: () => AgentSettings;
  /** What a person wants to be called, in one line; null while that is not known. */
  nameOf: (owner: Owner) => string | null;
  /** Tier 1 of the prompt, built once per reload. */
  staticPrompt: () => string;
  /** A model's own words for the summary; rejects when no language model answers. */
  summarise: (
    sessionId: string,
    slots: Slot[],
    messages: ModelMessage[],
    signal: AbortSignal,
  ) => Promise<string>;
  /** See {@link ModelCatalog}. */
  order: (
    slots: readonly Slot[],
    request: Pick<ModelRequest, 'messages' | 'tools'>,
    inputTokens: number,
  ) => Slot[];
}

export interface PrepareOptions {
  step: number;
  canCallTools: boolean;
  mustShrink: boolean;
}

/** Share of the budget that a summary may take. */
const summaryShare = 0.15;
const rounds = 3;

export const createPrepare = (deps: PrepareDeps) => {
  const volatilePrompt = createVolatilePrompt();
  const toolBytes = Buffer.byteLength(JSON.stringify(deps.gate.offers));

  const compact = async (
    runId: string,
    transcript: Transcript,
    slots: Slot[],
    tokensBefore: number,
    budget: number,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const plan = planCompaction(transcript);
    if (!plan) return false;
    const { id: sessionId } = transcript.session;
    deps.bus.publish({ sessionId, type: 'run.progressed', data: { runId, phase: 'compacting' } });
    await deps.counter.load();
    const limit = Math.floor(budget * summaryShare);
    const languageModels = slots.filter((slot) => slot.isLanguageModel);
    let method: 'model' | 'extractive' = 'extractive';
    let summary = '';
    if (languageModels.length > 0) {
      summary = await deps
        .summarise(sessionId, languageModels, summaryRequest(transcript.summary, plan.old), signal)
        .catch(() => '');
      signal.throwIfAborted();
      if (summary !== '' && deps.counter.count(summary) <= budget / 2) method = 'model';
    }
    if (method === 'extractive')
      summary = extractiveSummary(transcript.summary, plan.old, deps.counter, limit);
    const tokensAfter = Math.max(
      0,
      tokensBefore -
        plan.old.reduce((sum, message) => sum + deps.counter.count(message.text), 0) +
        deps.counter.count(summary),
    );
    await deps.store.write((tx) =>
      tx.append(
        sessionId,
        {
          type: 'context.compacted',
          data: { runId, throughSeq: plan.throughSeq, summary, method, tokensBefore, tokensAfter },
        },
        `compacted through ${plan.throughSeq}`,
      ),
    );
    return true;
  };

  const systemPrompt = (owner: Owner | null): SystemPrompt => ({
    static: deps.staticPrompt(),
    volatile: volatilePrompt(deps.clock.now(), deps.settings().timeZone, owner && deps.nameOf(owner)),
  });

  const loadImages = async ({ session, messages }: Transcript): Promise<LoadedImages> => {
    const loaded = new Map<string, string>();
    for (const { images = [] } of messages) {
      for (const image of images) {
        const data = 'url' in image ? null : await deps.store.artifact(session.id, image.artifactId);
        if (data !== null && 'artifactId' in image) loaded.set(image.artifactId, data);
      }
    }
    return loaded;
  };

  /** Throws ContextOverflow when the message alone is larger than the window. */
  const prepare = async (
    ctx: Pick<RunCtx, 'runId' | 'signal'>,
    turn: Turn,
    slots: Slot[],
    { step, canCallTools, mustShrink }: PrepareOptions,
  ): Promise<{ request: Omit<ModelRequest, 'model'>; slots: Slot[] }> => {
    const settings = deps.settings();
    const tools = canCallTools ? offersFor(deps.gate.offers, turn) : [];
    const ownBytes = canCallTools ? toolBytes : 0;
    const clientBytes = turn.client?.tools ? Buffer.byteLength(JSON.stringify(turn.client.tools)) : 0;
    const window = slots.find((slot) => slot.isLanguageModel) ?? slots[0]!;
    const budget = budgetOf(window);
    for (let round = 0; ; round += 1) {
      const transcript = await deps.store.transcript(turn.sessionId, turn.runId);
      if (!transcript) throw new Error(`no session ${turn.sessionId}`);
      const images = await loadImages(transcript);
      const messages = toModelMessages(systemPrompt(turn.owner), transcript, images, turn.runId);
      const { tokens, likelyTokens, isOver } = await measure(
        { messages, tools },
        { counter: deps.counter, count: deps.count, toolBytes: ownBytes + clientBytes },
        window,
        budget,
        ctx.signal,
      );
      if (isOver || (mustShrink && round === 0)) {
        if (round < rounds && (await compact(ctx.runId, transcript, slots, tokens, budget, ctx.signal)))
          continue;
        if (tokens > window.contextTokens)
          throw new ContextOverflow('the message alone is larger than the window', window);
      }
      const { toolChoice, responseFormat } = turn.client ?? {};
      return {
        slots: deps.order(slots, { messages, tools }, likelyTokens),
        request: {
          messages,
          tools,
          // A call that was asked for has been made by then: to insist would never end.
          ...(toolChoice !== undefined && step === 1 && tools.length > 0 && { toolChoice }),
          ...(responseFormat !== undefined && { responseFormat }),
          params: { ...settings.params, ...turn.sessionParams, ...turn.params },
          turn: { now: deps.clock.now(), timeZone: settings.timeZone, language: settings.language },
        },
      };
    }
  };

  /** `/compact`: summarises now, whatever the budget. False when there is nothing old enough. */
  const compactNow = async (sessionId: string, slots: Slot[], signal: AbortSignal): Promise<boolean> => {
    const transcript = await deps.store.transcript(sessionId);
    if (!transcript) return false;
    await deps.counter.load();
    const tokens = deps.count(
      deps.counter,
      { messages: toModelMessages(systemPrompt(null), transcript), tools: [] },
      slots[0]!.provider.tokens,
    );
    return compact('', transcript, slots, tokens, budgetOf(slots[0]!), signal);
  };

  return { prepare, compactNow };
};

/** Our tools and those that the client runs itself; of two with one name the client's, which it asked for. */
const offersFor = (own: readonly ToolOffer[], { client }: Turn): ToolOffer[] => {
  const theirs = client?.tools ?? [];
  if (theirs.length === 0) return [...own];
  const names = new Set(theirs.map((tool) => tool.name));
  return [...own.filter((tool) => !names.has(tool.name)), ...theirs];
};
