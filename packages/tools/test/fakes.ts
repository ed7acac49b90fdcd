import {
  type Artifacts,
  type Docs,
  type Fact,
  type Facts,
  type Owner,
  ownerActor,
  type Reminder,
  type Reminders,
  sameOwner,
  type Tool,
  type ToolContext,
  type ToolOutput,
} from '@reeve/core';
import type { Json } from '@reeve/protocol';
import { createTools } from '../src/index.ts';

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Facts in memory; search counts shared words. */
export const fakeFacts = (): Facts => {
  const kept = new Map<string, Fact & { key: string; owner: Owner }>();
  const own = (owner: Owner) => [...kept.values()].filter((fact) => sameOwner(fact.owner, owner));
  return {
    async remember(owner, { text, sessionId, at, key }) {
      const known = own(owner).find((fact) => fact.key === key);
      if (known !== undefined) return known;
      const fact = { id: `fact_${kept.size + 1}`, text, sessionId, rememberedAt: at, key, owner };
      kept.set(fact.id, fact);
      return fact;
    },
    async search(owner, query, limit) {
      const wanted = new Set(wordsOf(query));
      return own(owner)
        .map((fact) => ({ fact, score: wordsOf(fact.text).filter((word) => wanted.has(word)).length }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
        .map(({ fact }) => fact);
    },
    async list(owner, limit) {
      return own(owner).reverse().slice(0, limit);
    },
    async forget(owner, id) {
      const fact = kept.get(id);
      return fact !== undefined && sameOwner(fact.owner, owner) && kept.delete(id);
    },
  };
};

export const fakeReminders = (now: () => number): Reminders => {
  const kept = new Map<string, Reminder>();
  return {
    async add(_actor, { key, ...reminder }) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const nextAt = reminder.when.kind === 'once' ? reminder.when.at : now() + 60_000;
      const made: Reminder = { ...reminder, id: `rem_${kept.size + 1}`, nextAt, createdAt: now() };
      kept.set(key, made);
      return made;
    },
    async list() {
      return [...kept.values()].sort((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0));
    },
    async cancel(_actor, id) {
      const entry = [...kept].find(([, reminder]) => reminder.id === id);
      return entry !== undefined && kept.delete(entry[0]);
    },
  };
};

export const fakeArtifacts = (text: string): Artifacts => ({
  async read(sessionId, id, offset, limit) {
    if (id !== 'art_1' || sessionId !== 'ses_1') return null;
    return {
      artifact: { id, sessionId, name: 'output', length: text.length },
      text: text.slice(offset, offset + limit),
    };
  },
});

export const noDocs: Docs = { search: async () => [] };

/** Sunday 3 May 2026, 12:00 in Berlin. */
export const noon = Date.parse('2026-05-03T12:00:00+02:00');

export const bench = (more: Partial<ToolContext> = {}, docs: Docs = noDocs) => {
  const facts = fakeFacts();
  const reminders = fakeReminders(() => noon);
  const tools = createTools({ facts, reminders, docs, artifacts: fakeArtifacts('0123456789') });
  let calls = 0;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of each output is what the tests assert.
  type Loose = any;
  /** Validates as the gate does, runs, and reads the JSON of a success. */
  const run = async (
    name: string,
    args: Json,
    context: Partial<ToolContext> = {},
  ): Promise<ToolOutput & { json: Loose }> => {
    const tool = tools.find((each: Tool) => each.name === name)!;
    calls += 1;
    const output = await tool.execute(tool.input.parse(args), {
      actor: ownerActor('test'),
      sessionId: 'ses_1',
      runId: 'run_1',
      key: `key_${calls}`,
      now: noon,
      timeZone: 'Europe/Berlin',
      signal: new AbortController().signal,
      ...more,
      ...context,
    });
    return { ...output, json: output.isError === true ? null : JSON.parse(output.text) };
  };
  return { tools, facts, reminders, run };
};
