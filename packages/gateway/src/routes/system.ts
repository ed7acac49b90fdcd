import { FaultError } from '@reeve/protocol';
import { changeConfig, reloadConfig } from '../change-config.ts';
import { open, type Services, signedIn } from '../context.ts';
import { prepareStream } from '../http/sse.ts';

const never = new AbortController().signal;

/** Why it cannot take work; empty when it can. */
const failing = ({ store }: Services): string[] => (store.storageState().state === 'ok' ? [] : ['storage']);

export const systemRoutes = {
  health: open.system.health.handler(({ context: { services, wireClients } }) => ({
    status: failing(services).length === 0 ? ('ok' as const) : ('degraded' as const),
    version: services.system.version,
    protocol: 4,
    ws_clients: wireClients(),
    // What is configured is no one's business before sign-in, beyond what a health probe needs.
    model: services.core.catalog.current().id,
    providers: services.core.catalog.status().map(({ id, state }) => ({ id, state })),
  })),

  ready: open.system.ready.handler(({ context: { services, reply } }) => {
    const reasons = failing(services);
    if (reasons.length > 0) reply.status(503);
    return { ready: reasons.length === 0, failing: reasons };
  }),

  version: signedIn.system.version.handler(({ context: { services } }) => ({
    version: services.system.version,
    node: process.version,
    ...services.system.versions,
  })),

  status: signedIn.system.status.handler(async ({ context: { services } }) => {
    const { core, store, engine, system } = services;
    const [{ schedules, ...runs }, counts, model] = await Promise.all([
      engine.stats(),
      store.counts(),
      core.catalog.default(),
    ]);
    return {
      version: system.version,
      startedAt: system.startedAt,
      uptimeMs: process.uptime() * 1000,
      home: system.home,
      url: system.url(),
      model: model.id,
      modelReason: model.reason,
      modelDenials: core.catalog.denials(),
      ...counts,
      runs,
      schedules,
      storage: store.storageState(),
      rssBytes: process.memoryUsage.rss(),
    };
  }),

  metrics: signedIn.system.metrics.handler(() => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      cpuMs: (user + system) / 1000,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      uptimeMs: process.uptime() * 1000,
    };
  }),

  tools: signedIn.system.tools.handler(({ context: { services } }) => ({
    tools: [...services.core.gate.infos],
  })),

  logs: signedIn.system.logs.handler(async function* ({
    input,
    context: { services, reply },
    signal = never,
  }) {
    prepareStream(reply.request, reply);
    yield* services.system.logs(input.lines, input.follow, signal);
  }),

  rebuildJournal: signedIn.system.rebuildJournal.handler(({ context: { services } }) =>
    services.store.rebuild(),
  ),

  reload: signedIn.system.reload.handler(async ({ context: { services, actor, client } }) => ({
    ok: true as const,
    ...(await reloadConfig({ services, actor, address: client.address })),
  })),
};

export const modelRoutes = {
  list: signedIn.models.list.handler(async ({ input, context: { services } }) => {
    const { catalog } = services.core;
    const models = await catalog.list({ refresh: input.refresh });
    const { id, reason } = await catalog.default();
    return { models, default: id, reason };
  }),
};

export const providerRoutes = {
  list: signedIn.providers.list.handler(({ context: { services } }) => ({
    providers: services.core.catalog.status(),
  })),
  test: signedIn.providers.test.handler(({ input, context: { services, actor }, signal = never }) =>
    services.core.probe(actor, input.id, signal),
  ),
};

export const configRoutes = {
  list: signedIn.config.list.handler(({ context: { services } }) => {
    const { config } = services.system;
    return { file: config.file, values: config.values(), warnings: config.warnings() };
  }),
  set: signedIn.config.set.handler(async ({ input, context: { services, principal, actor, client } }) => {
    // A page of another site can never get here; still, the keys that open the door to others are not for cookies.
    if (principal?.by === 'cookie' && input.key.startsWith('gateway.')) {
      throw new FaultError(
        'PERMISSION_DENIED',
        'Settings of the gateway itself are changed from the command line.',
        { next: `Run \`reeve config set ${input.key} …\` on the machine.` },
      );
    }
    return changeConfig({ services, actor, address: client.address }, input.key, input.value);
  }),
};
