import type { Gate } from '../gate/gate.ts';
import type { Slot } from '../model/slots.ts';
import type { EventBus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunCtx } from '../ports/engine.ts';
import type { ModelMessage, ModelRequest, TokenCounter } from '../ports/model.ts';
import type { Store, Transcript, Turn } from '../ports/store.ts';
import { extractiveSummary, planCompaction, summaryRequest } from './compaction.ts';
import { toModelMessages } from './context.ts';
import { createVolatilePrompt } from './prompt.ts';
import { ContextOverflow } from './think.ts';
import { budgetOf, type CountRequest, measure } from './window.ts';

export interface AgentSettings {
  timeZone: string;
  language: string;
  maxSteps: number;
  temperature: number | undefined;
  maxOutputTokens: number | undefined;
}

export interface PrepareDeps {
  store: Store;
  bus: EventBus;
  clock: Clock;
  gate: Gate;
  counter: TokenCounter;
  count: CountRequest;
  settings: () => AgentSettings;
  /** Tier 1 of the prompt, built once per reload. */
  staticPrompt: () => string;
  /** A model's own words for the summary; rejects when no language model answers. */
  summarise: (slots: Slot[], messages: ModelMessage[], signal: AbortSignal) => Promise<string>;
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
        .summarise(languageModels, summaryRequest(transcript.summary, plan.old), signal)
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

  const systemPrompt = () =>
    `${deps.staticPrompt()}\n\n${volatilePrompt(deps.clock.now(), deps.settings().timeZone)}`;

  const prepare = async (
    ctx: Pick<RunCtx, 'runId' | 'signal'>,
    turn: Turn,
    slots: Slot[],
    { canCallTools, mustShrink }: { canCallTools: boolean; mustShrink: boolean },
  ): Promise<Omit<ModelRequest, 'model'>> => {
    const settings = deps.settings();
    const tools = canCallTools ? [...deps.gate.offers] : [];
    const window = slots.find((slot) => slot.isLanguageModel) ?? slots[0]!;
    const budget = budgetOf(window);
    for (let round = 0; ; round += 1) {
      const transcript = await deps.store.transcript(turn.sessionId, turn.runId);
      if (!transcript) throw new Error(`no session ${turn.sessionId}`);
      const messages = toModelMessages(systemPrompt(), transcript);
      const { tokens, isOver } = await measure(
        { messages, tools },
        { counter: deps.counter, count: deps.count, toolBytes: canCallTools ? toolBytes : 0 },
        budget,
      );
      if (isOver || (mustShrink && round === 0)) {
        if (round < rounds && (await compact(ctx.runId, transcript, slots, tokens, budget, ctx.signal)))
          continue;
        if (tokens > window.contextTokens)
          throw new ContextOverflow('the message alone is larger than the window');
      }
      return {
        messages,
        tools,
        params: {
          ...(settings.temperature !== undefined && { temperature: settings.temperature }),
          ...(settings.maxOutputTokens !== undefined && { maxOutputTokens: settings.maxOutputTokens }),
          ...turn.params,
        },
        turn: { now: deps.clock.now(), timeZone: settings.timeZone, language: settings.language },
      };
    }
  };

  /** `/compact`: summarises now, whatever the budget. False when there is nothing old enough. */
  const compactNow = async (sessionId: string, slots: Slot[], signal: AbortSignal): Promise<boolean> => {
    const transcript = await deps.store.transcript(sessionId);
    if (!transcript) return false;
    await deps.counter.load();
    const tokens = deps.count(deps.counter, {
      messages: toModelMessages(systemPrompt(), transcript),
      tools: [],
    });
    return compact('', transcript, slots, tokens, budgetOf(slots[0]!), signal);
  };

  return { prepare, compactNow };
};
