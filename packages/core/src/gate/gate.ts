import { type Fault, FaultError, fault, type Json, type ToolCall, type ToolInfo } from '@reeve/protocol';
import { z } from 'zod';
import type { Rates } from '../limits/rates.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ToolOffer } from '../ports/model.ts';
import type { Store } from '../ports/store.ts';
import type { Tool, ToolOutput } from '../ports/tool.ts';
import type { Actor } from './actor.ts';
import type { Approvals } from './approvals.ts';
import { shownArgsLimit } from './audit-view.ts';
import type { Authority, CallFacts } from './authority.ts';
import { factsOf } from './call-facts.ts';
import { cutMiddle, outputLimit } from './output.ts';
import { type Permit, permit } from './permit.ts';
import type { Asked, Question, Questions } from './questions.ts';
import type { RiskJudgement } from './risk/judgement.ts';
import type { OwnRiskRules } from './risk/own-rules.ts';
import { useApproval } from './use-approval.ts';

export interface GateCall {
  actor: Actor;
  sessionId: string;
  runId: string;
  call: ToolCall;
  /** Idempotency key of the call, the same on each attempt. */
  key: string;
  timeZone: string;
  /** Whether the person is there to be asked. */
  isAttended: boolean;
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
  /**
   * Puts those of the calls to a person that must not be made without one, like ones together. Whoever made them
   * waits for the answers, then makes each call; it is decided there. Throws as `call` does.
   */
  review(calls: readonly GateCall[]): Promise<Asked[]>;
  /** Ends those of the questions that nobody has answered: whoever asked is gone. */
  withdraw(actor: Actor, asked: readonly Asked[]): Promise<void>;
  /**
   * A call as the policies would see it, for explanations; without arguments, what holds for the tool as such. Throws
   * FaultError TOOL_UNKNOWN, TOOL_INPUT_INVALID.
   */
  facts(
    call: Pick<GateCall, 'actor' | 'sessionId' | 'isAttended' | 'signal'> & { name: string; args: Json },
  ): Promise<CallFacts>;
  /** What is on offer, in a stable order; built once. */
  offers: readonly ToolOffer[];
  infos: readonly ToolInfo[];
}

/** What became of a call, and why. */
interface Decided {
  result: GateResult;
  output?: string;
  decision: string;
  judgement?: RiskJudgement;
}

export interface GateDeps {
  tools: readonly Tool[];
  authority: Authority;
  questions: Questions;
  approvals: Pick<Approvals, 'settle'>;
  rates: Pick<Rates, 'toolCall'>;
  store: Store;
  clock: Clock;
  log: Log;
  fingerprint: (text: string) => string;
  /** Takes secrets out of a value. */
  redact: <T>(value: T) => T;
  environment: () => string;
  ownRiskRules: OwnRiskRules;
  /** A tool that has not answered by then is aborted. */
  timeoutMs: number;
}

/**
 * The one gate for every effect: identify, validate, judge, authorise, ask, record the intent, run, record the
 * result. The tools given here are reachable through nothing but `call`.
 */
export const createGate = (deps: GateDeps): Gate => {
  const { store, authority } = deps;
  const tools = new Map(deps.tools.map((tool) => [tool.name, tool]));
  const offers = deps.tools.map(toOffer);

  const call = async (request: GateCall): Promise<GateResult> => {
    // An earlier attempt may have got this far; nobody but the journal can know.
    const finished = await recorded(store, request);
    if (finished) return finished;
    const startedAt = deps.clock.now();
    const { result, output, decision, judgement } = await decideAndRun(request);
    const written = store.write(async (tx) => {
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
            ...judgement,
            argsShown: JSON.stringify(deps.redact(request.call.args)).slice(0, shownArgsLimit),
          },
        },
        finishedKey(request),
      );
    });
    request.hold(written);
    return result;
  };

  const decideAndRun = async (request: GateCall): Promise<Decided> => {
    const { call } = request;
    const tool = tools.get(call.name);
    if (!tool)
      return refused('denied', fault('TOOL_UNKNOWN', `There is no tool named ${call.name}.`), 'unknown tool');
    const parsed = tool.input.safeParse(call.args);
    const allowed = await permitOf(request, tool, parsed.success ? { input: parsed.data } : null);
    const { judgement } = allowed;
    const refuse = (status: GateResult['status'], value: Fault, why = allowed.why): Decided => ({
      ...refused(status, value, why),
      ...(judgement && { judgement }),
    });
    if (allowed.status === 'refused') return refuse('denied', allowed.fault);
    const tooMany = deps.rates.toolCall(request.actor, tool.name);
    if (tooMany) return refuse('denied', tooMany, 'rate limit');
    if (!parsed.success) return refuse('failed', fault('TOOL_INPUT_INVALID', z.prettifyError(parsed.error)));
    if (allowed.status === 'ask') return refuse('denied', fault('APPROVAL_NEEDED'));

    if (request.signal.aborted) return refuse('cancelled', fault('TIMEOUT', 'Stopped before it began.'));
    if (tool.effect === 'unsafe' && (await hasStarted(store, request)))
      return refuse('interrupted', fault('TOOL_INTERRUPTED'));
    if (allowed.approval && !(await useApproval(store, allowed.approval, allowed.digest, request.key)))
      return refuse('denied', fault('APPROVAL_VOID'), `used before: ${allowed.approval.id}`);
    const intent = store.write((tx) =>
      tx.append(request.sessionId, startedEvent(request, tool), startedKey(request)),
    );
    // Only an effect that must not be blindly repeated has to wait for its intent to be on disk.
    if (tool.effect !== 'idempotent') await intent;
    const [output] = await Promise.all([execute(tool, parsed.data, request), intent]);
    const text = cutMiddle(output.text, (omitted) => cutNote(request, omitted));
    return {
      result: { status: output.status, text },
      output: output.text,
      decision: allowed.why,
      ...(judgement && { judgement }),
    };
  };

  /** Arguments that do not fit are judged, too: whoever may not call a tool is not told how it would be called. */
  const permitOf = async (
    request: GateCall,
    tool: Tool,
    parsed: { input: unknown } | null,
  ): Promise<Permit & { digest: string; judgement?: RiskJudgement }> => {
    try {
      await authority.ready();
      const { basis: _basis, ...bare } = tool;
      const facts = await factsOf(
        deps,
        parsed ? tool : bare,
        { args: request.call.args, input: parsed?.input, isAttended: request.isAttended },
        request,
      );
      if (!parsed) {
        const { call: answer } = authority.call(request.actor, facts);
        const why = `${answer.isAllowed ? 'allow' : 'deny'}: ${answer.policies.join('; ')}`;
        return answer.isAllowed
          ? { status: 'allowed', why, approval: null, digest: '', judgement: facts.judgement }
          : { status: 'refused', why, fault: fault('GOV_DENIED'), digest: '', judgement: facts.judgement };
      }
      return {
        ...(await permit(deps, request, request.key, facts)),
        digest: facts.digest,
        judgement: facts.judgement,
      };
    } catch (error) {
      if (isStorageFault(error)) throw error;
      deps.log.error({ tool: tool.name, runId: request.runId, err: error }, 'a call could not be judged');
      return {
        status: 'refused',
        why: 'deny: it could not be judged',
        fault: fault('GOV_DENIED'),
        digest: '',
      };
    }
  };

  /** What has to be asked about one call: itself, or the steps of the plan that it is. */
  const questionsOf = async (request: GateCall): Promise<Question[]> => {
    const tool = tools.get(request.call.name);
    const parsed = tool?.input.safeParse(request.call.args);
    if (!tool || !parsed?.success) return [];
    const toQuestion = async (
      one: Tool,
      args: Json,
      input: unknown,
      callKey: string | null,
    ): Promise<Question | null> => {
      const facts = await factsOf(deps, one, { args, input, isAttended: request.isAttended }, request);
      const answer = await permit(deps, request, callKey ?? '', facts);
      if (answer.status !== 'ask') return null;
      const preview = await one.preview?.(input, request);
      return { callKey, facts, args, policies: answer.policies, ...(preview !== undefined && { preview }) };
    };
    const own = await toQuestion(tool, request.call.args, parsed.data, request.key);
    const planned: Question[] = [];
    for (const step of tool.plans?.(parsed.data) ?? []) {
      const other = tools.get(step.tool);
      const input = other?.input.safeParse(step.args);
      const question = other && input?.success ? await toQuestion(other, step.args, input.data, null) : null;
      if (question) planned.push(question);
    }
    if (planned.length === 0) return own ? [own] : [];
    const itself = own ?? {
      callKey: request.key,
      facts: await factsOf(
        deps,
        tool,
        { args: request.call.args, input: parsed.data, isAttended: request.isAttended },
        request,
      ),
      args: request.call.args,
      policies: [],
    };
    return [itself, ...planned];
  };

  const review = async (calls: readonly GateCall[]): Promise<Asked[]> => {
    await authority.ready();
    const groups = new Map<string, { first: GateCall; questions: Question[] }>();
    for (const request of calls) {
      if (await recorded(store, request)) continue;
      const questions = await questionsOf(request).catch((error: unknown) => {
        if (isStorageFault(error)) throw error;
        // The call itself will say so, and be refused.
        deps.log.error({ tool: request.call.name, err: error }, 'a call could not be reviewed');
        return [];
      });
      if (questions.length === 0) continue;
      const [{ facts }] = questions as [Question];
      const name = questions.length > 1 ? request.key : `${facts.tool.name} ${facts.judgement.risk}`;
      const group = groups.get(name);
      if (group) group.questions.push(...questions);
      else groups.set(name, { first: request, questions });
    }
    const asked: Asked[] = [];
    for (const { first, questions } of groups.values())
      asked.push(await deps.questions.ask(first, first.key, questions));
    return asked;
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
    review,
    async facts({ name, args, ...request }) {
      const tool = tools.get(name);
      if (!tool) throw new FaultError('TOOL_UNKNOWN');
      const { isAttended } = request;
      const parsed = tool.input.safeParse(args);
      if (parsed.success) return factsOf(deps, tool, { args, input: parsed.data, isAttended }, request);
      if (Object.keys(args ?? {}).length > 0)
        throw new FaultError('TOOL_INPUT_INVALID', z.prettifyError(parsed.error));
      const { basis: _basis, ...anyCall } = tool;
      return factsOf(deps, anyCall, { args, input: args, isAttended }, request);
    },
    async withdraw({ tenantId }, asked) {
      for (const { approvalId } of asked) {
        const approval = await store.approval(tenantId, approvalId);
        if (approval?.status === 'pending') await deps.approvals.settle(approval, 'void', 'Its run ended.');
      }
    },
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
