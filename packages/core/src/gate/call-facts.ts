import type { Json } from '@reeve/protocol';
import type { Tool, ToolContext } from '../ports/tool.ts';
import type { CallFacts } from './authority.ts';
import type { OwnRiskRules } from './risk/own-rules.ts';
import { judgeRisk, targetOf } from './risk/risk.ts';

/** JSON with the keys of every object in order: equal values give equal texts. */
export const canonicalJson = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`)
      .join(',')}}`;
  return JSON.stringify(value);
};

export interface FactsDeps {
  fingerprint: (text: string) => string;
  /** What a call runs in: folders, variables, containment. A question about a call is void when this changes. */
  environment: () => string;
  ownRiskRules: OwnRiskRules;
}

/**
 * What is to be decided about. The digest binds an answer to this very call: tool, exact arguments, environment,
 * session, and what the call rests on.
 */
export const factsOf = async (
  deps: FactsDeps,
  tool: Tool,
  call: {
    args: Json;
    /** What the tool is given: the arguments as its schema reads them; undefined when they do not fit. */
    input: unknown;
    isAttended: boolean;
  },
  ctx: Pick<ToolContext, 'actor' | 'sessionId' | 'signal'>,
): Promise<CallFacts> => {
  const basis = (await tool.basis?.(call.input, ctx)) ?? '';
  // What the schema drops must not stand for what runs: `argv` beside the `command` that is meant.
  const judged = call.input === undefined ? call.args : (call.input as Json);
  return {
    tool,
    judgement: judgeRisk(tool.name, tool, judged, deps.ownRiskRules),
    target: targetOf(judged),
    digest: deps.fingerprint(
      [tool.name, canonicalJson(call.args), deps.environment(), ctx.sessionId, basis].join('\n'),
    ),
    isAttended: call.isAttended,
  };
};
