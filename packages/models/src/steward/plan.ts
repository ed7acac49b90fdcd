import type { Json } from '@reeve/protocol';
import type { ToolResult } from './conversation.ts';
import type { Utterance } from './utterance.ts';

export interface Call {
  name: string;
  args: { [key: string]: Json };
}

export type Reply = { kind: 'say'; text: string } | { kind: 'call'; calls: Call[] };

/**
 * What to do about an utterance. Nothing is kept between model calls: `next` gets the results so far (each a
 * success) and names the next calls or the answer. It must ask for the same calls again for the same results.
 */
export interface Plan {
  next(results: readonly ToolResult[]): Reply | Promise<Reply>;
  /** Words for a call that failed; null leaves it to the general ones. */
  failed?(result: ToolResult): string | null;
}

/**
 * A kind of utterance. `chat` needs no tool, `read` has no effect, `write` has one; `last` are the ways out when
 * nothing else fits, which never count as a clear command of their own.
 */
export interface Intent {
  id: string;
  kind: 'chat' | 'read' | 'write' | 'last';
  match(
    utterance: Utterance,
    isCommand: (text: string) => Promise<boolean>,
  ): Plan | null | Promise<Plan | null>;
}

export const say = (text: string): Reply => ({ kind: 'say', text });
export const call = (name: string, args: Call['args']): Reply => ({ kind: 'call', calls: [{ name, args }] });

export const sayPlan = (text: string): Plan => ({ next: () => say(text) });

/** The common plan: one call, and its result in words. */
export const callPlan = (
  name: string,
  args: Call['args'],
  word: (result: ToolResult) => string,
  failed: (result: ToolResult) => string | null = () => null,
): Plan => ({ next: ([result]) => (result === undefined ? call(name, args) : say(word(result))), failed });
