import type { Effect, Json, Risk, ToolLevel } from '@reeve/protocol';
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
  /**
   * The value behind a handle such as `secret:smtp`, for the request that is about to be made and for nothing else.
   * Rejects with FaultError SECRET_MISSING, SECRET_REVOKED or SECRETS_LOCKED. Absent where there is no vault.
   */
  secret?(handle: string): Promise<string>;
}

/** What a tool hands back. Expected failures are `{ isError: true }` with a text the model can act on. */
export interface ToolOutput {
  /** What the model reads. Structured results are JSON text. */
  text: string;
  isError?: boolean;
}

export interface PlannedCall {
  tool: string;
  args: Json;
}

export type ToolKind = 'command' | 'browser' | 'code' | 'file' | 'network' | 'install';

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
  /** The narrowest set of tools that it is in: `read-only` reads, `chat-safe` changes the person's own data, `admin` is about Reeve itself or its machine. `standard` when absent. */
  readonly level?: ToolLevel;
  /** What it works with, where rules of risk and rights depend on that. */
  readonly kind?: ToolKind;
  /**
   * What a call rests on beside its arguments, such as the content of the file that it changes: a question about the
   * call is void as soon as this changes. Must only read. May throw; the call is then refused.
   */
  basis?(input: I, ctx: Pick<ToolContext, 'actor' | 'sessionId' | 'signal'>): Promise<string>;
  /** What would change, as a unified diff, for the person who is asked. Must only read. */
  preview?(input: I, ctx: Pick<ToolContext, 'actor' | 'sessionId' | 'signal'>): Promise<string>;
  /** The calls that this one stands for, when it is a plan: they are asked about together. */
  plans?(input: I): readonly PlannedCall[];
  execute(input: I, ctx: ToolContext): Promise<ToolOutput>;
}

export const jsonOutput = (value: Json): ToolOutput => ({ text: JSON.stringify(value) });
export const failedOutput = (text: string): ToolOutput => ({ text, isError: true });
