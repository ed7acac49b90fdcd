import { randomUUID } from 'node:crypto';
import { mainAgent } from '@reeve/core';
import { type OperatorScope, wireLimits } from '@reeve/protocol/wire';
import type { Services } from '../context.ts';
import type { Admitted } from './handshake.ts';
import { keyFor, mainKey } from './names.ts';

/** Events that a socket may get. */
export const wireEvents = [
  'connect.challenge',
  'agent',
  'chat',
  'chat.delta',
  'chat.tool',
  'exec.approval.requested',
  'exec.approval.resolved',
  'session.message',
  'sessions.changed',
  'shutdown',
  'tick',
] as const;

/** What clients of the older handshake ask about a gateway (F003). Each says what is so today. */
const abilities = {
  streaming: true,
  multi_agent: false,
  persistent_users: false,
  cross_channel_memory: true,
  role_permissions: false,
  prompt_caching: true,
};

const nodeId = randomUUID();

/** OpenClaw's `health`, as far as there is something to say. */
export const healthOf = async ({ store }: Services, ts: number) => {
  const { sessions } = await store.counts();
  const counted = { path: '', count: sessions, recent: [] };
  return {
    ...(store.storageState().state === 'ok' && { ok: true as const }),
    ts,
    durationMs: 0,
    channels: {},
    channelOrder: [],
    channelLabels: {},
    heartbeatSeconds: 0,
    defaultAgentId: mainAgent,
    agents: [
      {
        agentId: mainAgent,
        isDefault: true,
        heartbeat: {
          enabled: false,
          every: 'disabled',
          everyMs: null,
          prompt: '',
          target: 'none',
          ackMaxChars: 0,
        },
        sessions: counted,
      },
    ],
    sessions: counted,
  };
};

/** The answer to a connect that was let in. */
export const helloFor = (
  admitted: Admitted,
  facts: {
    version: string;
    connectionId: string;
    methods: readonly string[];
    health: object;
    now: number;
    uptimeMs: number;
  },
): object => {
  const { dialect, deviceToken, protocol } = admitted;
  const scopes: readonly OperatorScope[] = admitted.scopes;
  const isOlder = dialect === 'older';
  const capabilities = Object.entries(abilities).flatMap(([name, isServed]) =>
    isServed ? [name.replaceAll('_', '-')] : [],
  );
  const maxPayload = isOlder ? wireLimits.olderMaxPayloadBytes : wireLimits.maxPayloadBytes;
  return {
    type: 'hello-ok',
    protocol,
    server: {
      version: facts.version,
      connId: facts.connectionId,
      ...(isOlder && { name: 'reeve', node_id: nodeId }),
    },
    features: {
      methods: facts.methods,
      events: wireEvents,
      capabilities,
      ...(isOlder && abilities),
    },
    snapshot: {
      presence: [],
      health: facts.health,
      stateVersion: { presence: 0, health: 0 },
      uptimeMs: facts.uptimeMs,
      sessionDefaults: {
        defaultAgentId: mainAgent,
        mainKey,
        mainSessionKey: keyFor(mainKey),
        scope: 'per-sender',
      },
    },
    auth: {
      role: 'operator',
      scopes,
      ...(deviceToken !== null && { deviceToken, issuedAtMs: facts.now }),
    },
    policy: {
      maxPayload,
      maxBufferedBytes: isOlder ? wireLimits.olderMaxBufferedBytes : wireLimits.maxBufferedBytes,
      tickIntervalMs: wireLimits.tickMs,
      ...(isOlder && {
        max_message_size: maxPayload,
        rate_limit: { requests_per_minute: (wireLimits.messagesPerWindow * 60_000) / wireLimits.windowMs },
      }),
    },
  };
};
