import { type Fault, fault, type Json, type ToolCall, type ToolInfo } from '@reeve/protocol';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ToolOffer } from '../ports/model.ts';
import type { Store } from '../ports/store.ts';
import type { Tool, ToolOutput } from '../ports/tool.ts';
import type { Actor } from './actor.ts';
import { cutMiddle, outputLimit } from './output.ts';
import type { Policy } from './policy.ts';

export interface GateCall {
  actor: Actor;
  sessionId: string;
  runId: string;
  call: ToolCall;
  /** Idempotency key of the call, the same on each attempt. */
  key: string;
  timeZone: string;
  signal: AbortSignal;
  /** Takes the write of the result: it need not be durable before the run goes on, but before its next effect. */
  hold(write: Promise<unknown>): void;
}

/** What the model is told, and what the journal says. Every call gets one, whatever happens. */
export type GateResult = {
  status: 'ok' | 'failed' | 'denied' | 'interrupted' | 'cancelled';
  text: string;
};

export interface Gate {
  /** The one way to a tool. Never throws but for a failing disk (FaultError DATABASE_ERROR): then nothing is known and the call is tried again. */
  call(call: GateCall): Promise<GateResult>;
  /** What is on offer, in a stable order; built once. */
  offers: readonly ToolOffer[];
  infos: readonly ToolInfo[];
}

export interface GateDeps {
  tools: readonly Tool[];
  policy: Policy;
  store: Store;
  clock: Clock;
  log: Log;
  /** A tool that has not answered by then is aborted. */
  timeoutMs: number;
}

/**
 * The one gate for every effect: identify, authorise, validate, record the intent, run, record the result. Stages
 * to come (budgets, information flow, approvals, containment) take their place in this order and nowhere else.
 * The tools given here are reachable through nothing but `call`.
 */
export const createGate = (deps: GateDeps): Gate => {
  const tools = new Map(deps.tools.map((tool) => [tool.name, tool]));
  const offers = deps.tools.map(toOffer);

  const call = async (request: GateCall): Promise<GateResult> => {
    // An earlier attempt may have got this far; nobody but the journal can know.
    const finished = await recorded(deps.store, request);
    if (finished) return finished;
    const startedAt = deps.clock.now();
    const { result, output, decision } = await decideAndRun(request);
    const written = deps.store.write(async (tx) => {
      const artifactId =
        output !== undefined && output !== result.text
          ? `art_${request.runId}_${request.call.id}`
          : undefined;
      if (artifactId)
        await tx.saveArtifact({
          id: artifactId,
          sessionId: request.sessionId,
          name: request.call.name,
          text: output!,
        });
      await tx.append(
        request.sessionId,
        {
          type: 'tool.finished',
          data: {
            runId: request.runId,
            messageId: request.key,
            callId: request.call.id,
            tool: request.call.name,
            ...result,
            ...(artifactId !== undefined && { artifactId }),
            decision,
            durationMs: deps.clock.now() - startedAt,
          },
        },
        finishedKey(request),
      );
    });
    request.hold(written);
    return result;
  };

  const decideAndRun = async (
    request: GateCall,
  ): Promise<{ result: GateResult; output?: string; decision: string }> => {
    const { call } = request;
    const tool = tools.get(call.name);
    if (!tool)
      return refused('denied', fault('TOOL_UNKNOWN', `There is no tool named ${call.name}.`), 'unknown tool');

    const { decision, policies } = decide(deps.policy, request, tool);
    const explained = `${decision}: ${policies.join('; ')}`;
    if (decision === 'deny') return refused('denied', fault('GOV_DENIED'), explained);

    const parsed = tool.input.safeParse(call.args);
    if (!parsed.success)
      return refused('failed', fault('TOOL_INPUT_INVALID', z.prettifyError(parsed.error)), explained);

    if (request.signal.aborted)
      return refused('cancelled', fault('TIMEOUT', 'Stopped before it began.'), explained);
    if (tool.effect === 'unsafe' && (await hasStarted(deps.store, request))) {
      return refused('interrupted', fault('TOOL_INTERRUPTED'), explained);
    }
    const intent = deps.store.write((tx) =>
      tx.append(request.sessionId, startedEvent(request, tool), startedKey(request)),
    );
    // Only an effect that must not be blindly repeated has to wait for its intent to be on disk.
    if (tool.effect !== 'idempotent') await intent;
    const [output] = await Promise.all([execute(tool, parsed.data, request), intent]);
    const text = cutMiddle(output.text, (omitted) => cutNote(request, omitted));
    return { result: { status: output.status, text }, output: output.text, decision: explained };
  };

  const execute = async (
    tool: Tool,
    input: unknown,
    request: GateCall,
  ): Promise<ToolOutput & { status: GateResult['status'] }> => {
    const limit = new AbortController();
    const stop = deps.clock.at(deps.clock.now() + deps.timeoutMs, () => limit.abort());
    const signal = AbortSignal.any([request.signal, limit.signal]);
    try {
      const output = await abortable(
        tool.execute(input, {
          actor: request.actor,
          sessionId: request.sessionId,
          runId: request.runId,
          key: request.key,
          now: deps.clock.now(),
          timeZone: request.timeZone,
          signal,
        }),
        signal,
      );
      return { ...output, status: output.isError ? 'failed' : 'ok' };
    } catch (error) {
      if (request.signal.aborted)
        return { text: describe(fault('TIMEOUT', 'Stopped by the user.')), status: 'cancelled' };
      if (limit.signal.aborted)
        return { text: describe(fault('TIMEOUT', `${tool.name} did not answer in time.`)), status: 'failed' };
      if (isStorageFault(error)) throw error;
      deps.log.error({ tool: tool.name, runId: request.runId, err: error }, 'a tool threw');
      return { text: describe(fault('TOOL_FAILED')), status: 'failed' };
    } finally {
      stop();
    }
  };

  return {
    call,
    offers,
    infos: deps.tools.map((tool, index) => ({
      name: tool.name,
      description: tool.description,
      risk: tool.risk,
      effect: tool.effect,
      parameters: offers[index]!.parameters,
    })),
  };
};

const startedKey = (request: GateCall) => `${request.key}#started`;
const finishedKey = (request: GateCall) => `${request.key}#finished`;

const startedEvent = ({ runId, call }: GateCall, tool: Tool) =>
  ({
    type: 'tool.started',
    data: { runId, callId: call.id, tool: tool.name, args: call.args, risk: tool.risk, effect: tool.effect },
  }) as const;

const hasStarted = async (store: Store, request: GateCall) =>
  (await store.eventByKey(request.sessionId, startedKey(request))) !== null;

const recorded = async (store: Store, request: GateCall): Promise<GateResult | null> => {
  const event = await store.eventByKey(request.sessionId, finishedKey(request));
  return event?.type === 'tool.finished' ? { status: event.data.status, text: event.data.text } : null;
};

const decide = (policy: Policy, { actor, call, sessionId }: GateCall, tool: Tool) => {
  try {
    return policy({ actor, tool, args: call.args, sessionId });
  } catch {
    return { decision: 'deny' as const, policies: ['the policy could not be evaluated'] };
  }
};

const describe = (value: Fault): string =>
  JSON.stringify({ error: { code: value.code, message: value.message, next: value.next } });

const refused = (status: GateResult['status'], value: Fault, decision: string) => ({
  result: { status, text: describe(value) },
  decision,
});

const cutNote = (request: GateCall, omitted: number) =>
  `\n\n[… ${omitted} characters left out here; the whole of it is artifact art_${request.runId}_${request.call.id}, which read_artifact reads in parts of up to ${outputLimit} …]\n\n`;

const isStorageFault = (error: unknown): boolean =>
  error instanceof Error && 'fault' in error && (error.fault as Fault).code === 'DATABASE_ERROR';

/** A tool that ignores its signal must not hold its run. */
const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/** JSON Schema of the input without what costs tokens and tells a model nothing. */
const toOffer = (tool: Tool): ToolOffer => {
  const { $schema: _schema, ...parameters } = z.toJSONSchema(tool.input, { io: 'input' }) as Record<
    string,
    Json
  >;
  return { name: tool.name, description: tool.description, parameters };
};
