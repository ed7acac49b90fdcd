import type { Effect, Json, Risk } from '@reeve/protocol';
import type { z } from 'zod';
import type { Actor } from '../gate/actor.ts';

export interface ToolContext {
  actor: Actor;
  sessionId: string;
  runId: string;
  /** Same on every attempt of this call: the idempotency key for effect class `keyed`. */
  key: string;
  /** Unix time, ms: when the call was allowed. */
  now: number;
  timeZone: string;
  signal: AbortSignal;
}

/** What a tool hands back. Expected failures are `{ isError: true }` with a text the model can act on. */
export interface ToolOutput {
  /** What the model reads. Structured results are JSON text. */
  text: string;
  isError?: boolean;
}

/**
 * A tool: declared once, called only through the gate.
 * `execute` may throw only for bugs (the gate turns that into a failed result), must stop soon after `signal`
 * aborts, and must be true to its effect class: `idempotent` may be run twice with no further effect, `keyed` is
 * made so by `key`, `unsafe` is neither.
 */
export interface Tool<I = unknown> {
  readonly name: string;
  /** For the model: when to use it, in one or two sentences. Counts against the fixed prompt. */
  readonly description: string;
  readonly input: z.ZodType<I>;
  readonly risk: Risk;
  readonly effect: Effect;
  execute(input: I, ctx: ToolContext): Promise<ToolOutput>;
}

export const jsonOutput = (value: Json): ToolOutput => ({ text: JSON.stringify(value) });
export const failedOutput = (text: string): ToolOutput => ({ text, isError: true });
