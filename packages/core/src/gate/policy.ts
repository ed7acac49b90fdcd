import type { Json } from '@reeve/protocol';
import type { Tool } from '../ports/tool.ts';
import type { Actor } from './actor.ts';

export interface PolicyQuestion {
  actor: Actor;
  tool: Pick<Tool, 'name' | 'risk' | 'effect'>;
  args: Json;
  sessionId: string;
}

/** `policies` names what decided, so that every answer can be explained. */
export interface PolicyAnswer {
  decision: 'allow' | 'deny';
  policies: string[];
}

/** A pure function: the same question gets the same answer. Throwing counts as deny. */
export type Policy = (question: PolicyQuestion) => PolicyAnswer;

/** All that exists while there is one account and every tool is Reeve's own. */
export const allowAll: Policy = () => ({
  decision: 'allow',
  policies: ['built-in: the owner may use every built-in tool'],
});
