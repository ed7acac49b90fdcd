import { logsTailSchema, noParamsSchema, usageWindowSchema } from '@reeve/protocol/wire';
import type { z } from 'zod';
import { healthOf } from '../hello.ts';
import { type Call, defineMethod } from '../method.ts';
import { presentUsage } from '../present.ts';

const status = async ({ services, clock }: Call): Promise<object> => {
  const { core, engine, store, system } = services;
  const [stats, { sessions, events }] = await Promise.all([engine.stats(), store.counts()]);
  return {
    runtimeVersion: system.version,
    uptimeMs: Math.max(0, clock.now() - system.startedAt),
    model: core.catalog.current().id,
    sessions: { count: sessions, recent: [] },
    events,
    runs: { running: stats.running, queued: stats.queued, waiting: stats.waiting },
    storage: store.storageState().state,
  };
};

const logsTail = async (
  { services, connection }: Call,
  { limit }: z.output<typeof logsTailSchema>,
): Promise<object> => {
  const lines: string[] = [];
  for await (const { line } of services.system.logs(limit, false, connection.signal)) lines.push(line);
  return {
    file: 'reeve.log',
    cursor: lines.length,
    size: lines.length,
    lines,
    truncated: false,
    reset: true,
  };
};

const dayMs = 86_400_000;

const usageCost = async (
  { services, actor, clock }: Call,
  { days }: z.output<typeof usageWindowSchema>,
): Promise<object> => {
  const now = clock.now();
  const report = await services.store.usage(actor, now - days * dayMs);
  const all = report.byModel.map(({ usage }) => usage);
  const sum = (pick: (usage: (typeof all)[number]) => number | undefined) =>
    all.reduce((total, usage) => total + (pick(usage) ?? 0), 0);
  const present = (usage: (typeof all)[number]) => ({
    ...presentUsage(usage),
    totalCost: usage.costUsd ?? 0,
  });
  return {
    updatedAt: now,
    days,
    daily: report.byDay.map(({ day, usage }) => ({ date: day, ...present(usage) })),
    totals: present({
      inputTokens: sum((usage) => usage.inputTokens),
      outputTokens: sum((usage) => usage.outputTokens),
      cacheReadTokens: sum((usage) => usage.cacheReadTokens),
      cacheWriteTokens: sum((usage) => usage.cacheWriteTokens),
      costUsd: sum((usage) => usage.costUsd),
    }),
  };
};

const version = async ({ services }: Call): Promise<object> => ({
  version: services.system.version,
  protocols: [4, 3],
  node: process.version,
  ...services.system.versions,
});

export const systemMethods = [
  defineMethod({
    name: 'ping',
    scope: null,
    params: noParamsSchema,
    handle: async () => ({ pong: true }),
  }),
  defineMethod({
    name: 'health',
    scope: 'operator.read',
    params: noParamsSchema,
    handle: ({ services, clock }) => healthOf(services, clock.now()),
  }),
  defineMethod({ name: 'status', scope: 'operator.read', params: noParamsSchema, handle: status }),
  defineMethod({ name: 'system.version', scope: 'operator.read', params: noParamsSchema, handle: version }),
  defineMethod({ name: 'logs.tail', scope: 'operator.read', params: logsTailSchema, handle: logsTail }),
  defineMethod({
    name: 'usage.status',
    scope: 'operator.read',
    params: noParamsSchema,
    // Quotas of providers; none is asked for them.
    handle: async ({ clock }) => ({ updatedAt: clock.now(), providers: [] }),
  }),
  defineMethod({ name: 'usage.cost', scope: 'operator.read', params: usageWindowSchema, handle: usageCost }),
];
