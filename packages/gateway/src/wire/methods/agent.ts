import { mainAgent } from '@reeve/core';
import { FaultError, isFaultError } from '@reeve/protocol';
import { agentModelSchema, agentSchema, agentWaitSchema, noParamsSchema } from '@reeve/protocol/wire';
import type { z } from 'zod';
import { changeConfig } from '../../change-config.ts';
import type { RunResult } from '../live-run.ts';
import { type Call, defineMethod } from '../method.ts';
import { mainKey } from '../names.ts';
import { presentUsage } from '../present.ts';
import { nameOfRef } from './sessions-of.ts';
import { findRun, resultOf, speak } from './speak.ts';

const checkAgent = (agentId: string | undefined) => {
  if (agentId !== undefined && agentId.toLowerCase() !== mainAgent)
    throw new FaultError('NOT_FOUND', 'There is no such agent.', { next: 'Use the agent main.' });
};

/** Answers twice: at once, and at the end of the run. */
const run = async (call: Call, params: z.output<typeof agentSchema>): Promise<object> => {
  checkAgent(params.agentId);
  const { sessionKey, sessionId } = params;
  const named = await nameOfRef(
    call,
    sessionKey === undefined && sessionId !== undefined ? { sessionId } : { key: sessionKey ?? mainKey },
  );
  const { connection, hub } = call;
  const unfollow = hub.follow(connection, call.actor, named);
  const letGo = connection.hold(named.sessionId);
  const acceptedAt = call.clock.now();
  try {
    const { wireId, sent } = await speak(call, {
      ...params,
      named,
      text: params.message,
      model: modelOf(params),
    });
    const result = resultOf(call, sent);
    unfollow(sent.runId);
    call.answer({ runId: wireId, sessionKey: named.key, agentId: mainAgent, status: 'accepted', acceptedAt });
    letGo();
    return finished(wireId, sent.sessionId, named.key, await result, call.clock.now() - acceptedAt);
  } catch (error) {
    letGo();
    unfollow();
    throw error;
  }
};

const modelOf = ({ provider, model }: { provider?: string | undefined; model?: string | undefined }) =>
  provider !== undefined && model !== undefined && !model.includes('/') ? `${provider}/${model}` : model;

const finished = (
  runId: string,
  sessionId: string,
  key: string,
  result: RunResult,
  durationMs: number,
): object => {
  const { fault, outcome } = result;
  if (fault)
    throw new FaultError(fault.code, fault.message, { ...fault, details: { ...fault.details, runId } });
  const isAborted = outcome === 'cancelled';
  return {
    runId,
    status: 'ok',
    summary: isAborted ? 'aborted' : 'completed',
    result: {
      payloads: result.texts.map((text) => ({ text, mediaUrl: null })),
      meta: {
        durationMs,
        aborted: isAborted,
        agentMeta: {
          sessionId,
          sessionKey: key,
          provider: result.provider,
          model: result.model,
          usage: presentUsage(result.usage),
        },
        stopReason: isAborted ? 'aborted' : result.finishReason,
      },
    },
  };
};

const wait = async (call: Call, { runId, timeoutMs }: z.output<typeof agentWaitSchema>): Promise<object> => {
  const known = await findRun(call, runId);
  if (!known) throw new FaultError('NOT_FOUND', 'There is no such run.');
  const entry = await call.services.store.turn(known.runId);
  if (known.outcome !== null || !entry)
    return { runId, status: statusOf(known.outcome), endedAt: call.clock.now() };
  let stopTimer = () => {};
  const timeout = new Promise<null>((resolve) => {
    stopTimer = call.clock.at(call.clock.now() + timeoutMs, () => resolve(null));
  });
  const { sessionId, messageId, seq } = entry;
  const result = await Promise.race([
    resultOf(call, { sessionId, messageId, runId: known.runId, seq, isRepeated: true }),
    timeout,
  ]);
  stopTimer();
  if (result === null) return { runId, status: 'timeout' };
  return {
    runId,
    status: statusOf(result.outcome),
    endedAt: call.clock.now(),
    stopReason: result.outcome === 'cancelled' ? 'aborted' : result.finishReason,
    ...(result.fault && { error: result.fault.message }),
  };
};

const statusOf = (outcome: RunResult['outcome'] | null) => (outcome === 'failed' ? 'error' : 'ok');

const status = async (call: Call): Promise<object> => {
  const { core, engine } = call.services;
  const { id, reason } = await core.catalog.default();
  const { running, queued, waiting } = await engine.stats();
  return {
    agent: mainAgent,
    model: id,
    model_reason: reason,
    runs: { running, queued, waiting },
    providers: core.catalog.status().map((provider) => ({ id: provider.id, state: provider.state })),
  };
};

/** Shows the default model, or chooses it. */
const model = async (call: Call, { set }: z.output<typeof agentModelSchema>): Promise<object> => {
  const { services, actor, connection } = call;
  const { core } = services;
  const previous = (await core.catalog.default().catch(noModel)).id;
  if (set === undefined) return { model: previous };
  await core.catalog.resolve(set);
  await changeConfig({ services, actor, address: connection.address }, 'agent.model', set);
  return { model: (await core.catalog.default()).id, previous };
};

const noModel = (error: unknown) => {
  if (isFaultError(error)) return { id: '', reason: error.message };
  throw error;
};

const list = async ({ services }: Call): Promise<object> => ({
  defaultId: mainAgent,
  mainKey,
  scope: 'per-sender',
  agents: [
    { id: mainAgent, kind: 'agent', name: 'Reeve', model: { primary: services.core.catalog.current().id } },
  ],
});

export const agentMethods = [
  defineMethod({ name: 'agent', scope: 'operator.write', params: agentSchema, handle: run }),
  defineMethod({ name: 'agent.wait', scope: 'operator.write', params: agentWaitSchema, handle: wait }),
  defineMethod({ name: 'agent.status', scope: 'operator.read', params: noParamsSchema, handle: status }),
  defineMethod({
    name: 'agent.model',
    scope: ({ set }) => (set === undefined ? 'operator.read' : 'operator.admin'),
    params: agentModelSchema,
    handle: model,
  }),
  defineMethod({
    name: 'agents.list',
    aliases: ['agent.list'],
    scope: 'operator.read',
    params: noParamsSchema,
    handle: list,
  }),
];
