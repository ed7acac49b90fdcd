import { splitCommands } from './clauses.ts';
import type { ToolResult } from './conversation.ts';
import { failureText, refusalText } from './failures.ts';
import { type Call, type Plan, type Reply, say } from './plan.ts';
import { UnreadableResult } from './results.ts';
import type { Setting, Utterance } from './utterance.ts';

/** No plan asks for more rounds of calls than this. */
const maxRounds = 5;

export type Response = { text: string } | { calls: Call[] };

/**
 * The next calls, or the answer to the message when all calls it needs have their results. Works the plans off in
 * order and gives each the results of the calls that it asks for, so that the same transcript always leads to the
 * same response.
 */
export const respond = async (
  message: string,
  results: readonly ToolResult[],
  setting: Setting,
): Promise<Response> => {
  const left = [...results];
  const said: string[] = [];
  for (const { plan, utterance } of await splitCommands(message, setting)) {
    const outcome = await work(plan, left, utterance);
    if (outcome.kind === 'call') return { calls: outcome.calls };
    said.push(outcome.text);
  }
  return { text: said.join('\n') };
};

const work = async (plan: Plan, left: ToolResult[], { t, tools }: Utterance): Promise<Reply> => {
  const mine: ToolResult[] = [];
  for (let round = 0; round < maxRounds; round += 1) {
    const reply = await nextOf(plan, mine, t);
    if (reply.kind === 'say') return reply;
    if (left.length < reply.calls.length) {
      const missing = reply.calls.find((wanted) => !tools.some((tool) => tool.name === wanted.name));
      return missing === undefined ? reply : say(t.tools.missing(missing.name));
    }
    for (const wanted of reply.calls) {
      const result = left.shift()!;
      if (result.isError) return say(failedText(plan, result, t));
      if (result.name !== wanted.name) return say(t.tools.unreadable(result.name));
      mine.push(result);
    }
  }
  return say(t.fallback.unknown);
};

const failedText = (plan: Plan, result: ToolResult, t: Utterance['t']): string => {
  const text = failureText(result);
  return refusalText(result, t) ?? plan.failed?.({ ...result, text }) ?? t.tools.failed(text);
};

const nextOf = async (plan: Plan, results: readonly ToolResult[], t: Utterance['t']): Promise<Reply> => {
  try {
    return await plan.next(results);
  } catch (error) {
    if (error instanceof UnreadableResult) return say(t.tools.unreadable(error.message));
    throw error;
  }
};
