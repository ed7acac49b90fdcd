import type { Actor, Clock, NewId } from '@reeve/core';
import type { OperatorScope } from '@reeve/protocol/wire';
import type { z } from 'zod';
import type { Services } from '../context.ts';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';
import type { SessionNames } from './names.ts';
import type { RunNames } from './run-names.ts';

/** One request and what it may reach. `actor` comes from the verified connection. */
export interface Call {
  actor: Actor;
  connection: Connection;
  requestId: string;
  services: Services;
  names: SessionNames;
  runNames: RunNames;
  hub: Hub;
  clock: Clock;
  newId: NewId;
  /** Names of all methods. */
  methods: readonly string[];
  /** Answers now; the result of the method answers once more under the same id. */
  answer(payload: object): void;
}

/**
 * A method of the wire: what it needs, what it takes, what it does. `handle` resolves to the payload of its answer;
 * it throws FaultError for what a caller can mend.
 */
export interface Method<P = unknown> {
  name: string;
  /** What else it is called. */
  aliases?: readonly string[];
  /** Null for what everybody may who is connected. */
  scope: OperatorScope | null | ((params: P) => OperatorScope);
  params: z.ZodType<P>;
  handle(call: Call, params: P): Promise<object>;
}

/** Keeps the type of the parameters while a method is written and forgets it in the table of all. */
export const defineMethod = <P>(method: Method<P>): Method => method as unknown as Method;
