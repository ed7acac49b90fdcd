import { FaultError } from '@reeve/protocol';
import { memoryForgetSchema, memoryLearnSchema, memorySearchSchema } from '@reeve/protocol/wire';
import type { z } from 'zod';
import { type Call, defineMethod } from '../method.ts';
import type { Named } from '../names.ts';
import { nameSession } from './sessions-of.ts';
import { callTool } from './tool-call.ts';

interface Fact {
  id: string;
  text: string;
  rememberedAt: string;
}

/** Most facts that one call of the tool gives. */
const atOnce = 20;

/** How a fact with a name is written down, so that a person and a model can read it too. */
const named = (category: string, key: string) => `[${category}] ${key}: `;
const namedPattern = /^\[([^\]]+)\] ([^:]+): ([\s\S]+)$/;

const find = async (call: Call, where: Named, query: string, limit: number): Promise<Fact[]> => {
  const found = (await callTool(call, where, 'recall', { query, limit })) as { facts: Fact[] } | null;
  if (found) return found.facts;
  // So long together that the text was cut: fewer fit.
  if (limit > 1) return find(call, where, query, Math.floor(limit / 2));
  throw new FaultError('PAYLOAD_TOO_LARGE', 'The fact is too long to be shown here.');
};

const present = ({ id, text, rememberedAt }: Fact) => {
  const [, category, key, value] = namedPattern.exec(text) ?? [];
  return {
    id,
    content: text,
    remembered_at: rememberedAt,
    ...(value !== undefined && { category, key, value }),
  };
};

const search = async (call: Call, params: z.output<typeof memorySearchSchema>): Promise<object> => {
  const where = await nameSession(call, params.session_key);
  const facts = await find(call, where, params.query, Math.min(params.limit, atOnce));
  return { memories: facts.map(present) };
};

const byName = async (call: Call, where: Named, category: string, key: string): Promise<Fact[]> => {
  const start = named(category, key);
  return (await find(call, where, `${category} ${key}`, atOnce)).filter(({ text }) => text.startsWith(start));
};

const forgetAll = async (call: Call, where: Named, ids: readonly string[]): Promise<number> => {
  let forgotten = 0;
  for (const id of ids) {
    const done = (await callTool(call, where, 'forget_fact', { id })) as { forgotten: boolean };
    if (done.forgotten) forgotten += 1;
  }
  return forgotten;
};

/** A fact with a name replaces the one that had it. */
const learn = async (call: Call, params: z.output<typeof memoryLearnSchema>): Promise<object> => {
  const where = await nameSession(call, params.session_key);
  if ('content' in params) {
    const fact = (await callTool(call, where, 'remember', { text: params.content })) as unknown as Fact;
    return { ok: true, id: fact.id };
  }
  const { category, key, value } = params;
  const before = await byName(call, where, category, key);
  const text = named(category, key) + value;
  const fact = (await callTool(call, where, 'remember', { text })) as unknown as Fact;
  await forgetAll(
    call,
    where,
    before.map(({ id }) => id),
  );
  return { ok: true, id: fact.id };
};

const forget = async (call: Call, params: z.output<typeof memoryForgetSchema>): Promise<object> => {
  const where = await nameSession(call, params.session_key);
  const ids =
    'id' in params
      ? [params.id]
      : (await byName(call, where, params.category, params.key)).map(({ id }) => id);
  if ((await forgetAll(call, where, ids)) === 0)
    throw new FaultError('NOT_FOUND', 'Nothing like that is remembered.');
  return { ok: true };
};

export const memoryMethods = [
  // A search is told in the journal, and asks the gate like every tool.
  defineMethod({ name: 'memory.search', scope: 'operator.read', params: memorySearchSchema, handle: search }),
  defineMethod({ name: 'memory.learn', scope: 'operator.write', params: memoryLearnSchema, handle: learn }),
  defineMethod({
    name: 'memory.forget',
    scope: 'operator.write',
    params: memoryForgetSchema,
    handle: forget,
  }),
];
