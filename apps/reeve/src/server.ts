import { hash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  type Channel,
  type Clock,
  createCore,
  createRedactor,
  createTell,
  type NewId,
  ownerActor,
  type Tool,
} from '@reeve/core';
import { apiActions, checkAuthMode, createGateway } from '@reeve/gateway';
import {
  countRequest,
  createModelKnowledge,
  createTokenCounter,
  type LocalPlace,
  shippedTable,
} from '@reeve/models';
import { createPolicyEngine, shippedDocuments } from '@reeve/policy';
import { type Config, type Json, reloadableKeys, version } from '@reeve/protocol';
import { openStore } from '@reeve/store';
import { createDocs, createTools } from '@reeve/tools';
import { approvalTimes } from './approval-times.ts';
import { systemClock } from './clock.ts';
import { type ConfigFlags, loadConfig, setConfigValue, unsetValue } from './config/index.ts';
import { openAccounts } from './identity.ts';
import { createIds } from './ids.ts';
import { openLogFile } from './log-file.ts';
import { createLocalServers } from './providers/local-servers.ts';
import { readOwnTable } from './providers/own-table.ts';
import { catalogSetup } from './providers.ts';
import { rateLimits } from './rate-limits.ts';
import { keepPruned } from './retention.ts';
import { writeRunFile } from './run-file.ts';
import { createSecrets } from './secrets.ts';
import { readWorkspace } from './workspace.ts';

export interface StartOptions {
  home: string;
  env: Record<string, string | undefined>;
  flags?: ConfigFlags;
  clock?: Clock;
  newId?: NewId;
  /** Tools beside the built-in ones. */
  extraTools?: readonly Tool[];
  /** Ways in and out beside the gateway. */
  channels?: readonly Channel[];
  /** Where model servers may run; none when absent. */
  localPlaces?: readonly LocalPlace[];
  /** How long running answers may take to end when it stops; ten seconds when absent. */
  drainMs?: number;
}

export interface Server {
  url: string;
  loginLink: string;
  /** Token of this machine's command line. */
  localToken: string;
  /** UTF-8 bytes that every request carries before anything was said. */
  fixedPromptBytes: number;
  reload(): Promise<{ needsRestart: string[]; warnings: { key: string; message: string }[] }>;
  /** Takes no more work, lets running answers end for a while, closes. What is unfinished goes on at the next start. */
  stop(): Promise<void>;
}

const docsFolder = fileURLToPath(new URL('../../../docs', import.meta.url));

/**
 * The one place where Reeve is put together: config, adapters, core, gateway. Throws FaultError for everything an
 * owner can mend: CONFIG_ERROR, HOME_NOT_WRITABLE, HOME_LOCKED, DATABASE_CORRUPT, DATABASE_TOO_NEW, PORT_TAKEN.
 */
export const startServer = async ({
  home,
  env,
  flags = {},
  clock = systemClock,
  newId = createIds(),
  extraTools = [],
  channels = [],
  localPlaces = [],
  drainMs = 10_000,
}: StartOptions): Promise<Server> => {
  const startedAt = clock.now();
  const load = () => {
    const loaded = loadConfig({ home, env, flags });
    if (!loaded.ok) throw loaded.error;
    return loaded;
  };
  let loaded = load();
  const config = (): Config => loaded.config;
  // Before anything is opened that would have to be closed again.
  checkAuthMode(config().gateway);

  const logFile = { current: undefined as ReturnType<typeof openLogFile> | undefined };
  const { engine: limits } = config();
  const opened = openStore({
    home,
    clock,
    newId,
    log: {
      debug: (fields, message) => logFile.current?.log.debug(fields, message),
      info: (fields, message) => logFile.current?.log.info(fields, message),
      warn: (fields, message) => logFile.current?.log.warn(fields, message),
      error: (fields, message) => logFile.current?.log.error(fields, message),
    },
    concurrency: limits.concurrency,
    // Twice the lane's limit: an interrupting message may exceed the limit for a moment.
    laneLimit: limits.laneLimit * 2,
  });
  // Only now, for the folder is ours only now.
  const redactor = createRedactor();
  const logs = openLogFile(home, config().log.level, redactor.document);
  logFile.current = logs;
  const { store, engine, facts, artifacts, sessionKeys, versions } = opened;

  const tell = createTell(store, logs.log);

  const readKnowledge = () => createModelKnowledge([shippedTable, ...readOwnTable(home, logs.log)]);
  let factsOf = readKnowledge();
  const localServers = createLocalServers(localPlaces);
  const secrets = createSecrets({
    home,
    env,
    clock,
    log: logs.log,
    redactor,
    config,
    values: () => loaded.values,
    audit: tell,
    setSetting: (key, value) => setSetting(key, value),
    changed: () => configureModels(),
  });
  const configureModels = () => {
    secrets.learn();
    const surroundings = { env, found: localServers.found(), factsOf, secrets };
    core.catalog.configure(catalogSetup(config(), loaded.values, surroundings));
  };
  const lookForServers = async () => {
    if (config().models.discover && (await localServers.look())) configureModels();
  };

  let workspace = readWorkspace(home);
  const reload = async () => {
    const before = config();
    loaded = load();
    workspace = readWorkspace(home);
    logs.setLevel(config().log.level);
    factsOf = readKnowledge();
    configureModels();
    await lookForServers();
    core.refreshPrompt();
    await core.policies.load();
    const isChanged = (key: keyof Config) => JSON.stringify(before[key]) !== JSON.stringify(config()[key]);
    const needsRestart = (Object.keys(config()) as (keyof Config)[]).filter(
      (key) => !(reloadableKeys as readonly string[]).includes(key) && isChanged(key),
    );
    logs.log.info({ needsRestart }, 'configuration read again');
    await secrets.check();
    return { needsRestart, warnings: warnings() };
  };
  const warnings = () => [...loaded.warnings, ...secrets.warnings()];
  const setSetting = (key: string, value: Json) => {
    setConfigValue(loaded.file, key, value, env);
    return reload();
  };

  const policy = createPolicyEngine({
    api: apiActions,
    profile: () => config().policy.profile,
    log: logs.log,
  });

  const accounts = await openAccounts({
    home,
    clock,
    newId,
    log: logs.log,
    config,
    former: opened.formerCredentials,
    audit: tell,
    readSecret: async (setting, purpose) => {
      const key = secrets.key(setting, purpose);
      return typeof key === 'string' ? key : key();
    },
  }).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  const { identity } = accounts;

  const core = createCore({
    store,
    engine,
    clock,
    newId,
    log: logs.log,
    fingerprint: (text) => hash('sha256', text),
    random: Math.random,
    tools: (reminders) =>
      [
        ...createTools({ facts, reminders, docs: createDocs(docsFolder, ['features.md']), artifacts }),
        ...extraTools,
      ].map(secrets.tool),
    people: identity.people,
    newLinkCode: identity.channels.newCode,
    policy,
    policyStore: opened.policies,
    budgetStore: opened.budgets,
    shippedPolicies: () => shippedDocuments(config().policy.profile),
    approvalTimes: () => approvalTimes(config()),
    rateLimits: () => rateLimits(config()),
    auditLedger: opened.audit,
    redact: redactor.deep,
    environment: () => `${home}\n${process.cwd()}`,
    riskRules: () => config().approvals.rules,
    counter: createTokenCounter(),
    count: countRequest,
    settings: () => {
      const { agent } = config();
      const { temperature, maxOutputTokens, topP, thinking } = agent;
      return {
        ...agent,
        params: {
          ...(temperature !== undefined && { temperature }),
          ...(maxOutputTokens !== undefined && { maxOutputTokens }),
          ...(topP !== undefined && { topP }),
          ...(thinking !== undefined && { thinking }),
        },
      };
    },
    workspace: () => workspace,
    laneLimit: limits.laneLimit,
    reload,
    config: () => loaded.values,
  });
  configureModels();

  let url = '';
  const gateway = await createGateway(
    {
      core,
      store,
      engine,
      identity,
      sessionKeys,
      log: logs.log,
      system: {
        version,
        versions,
        home,
        startedAt,
        url: () => url,
        publicUrl: () => config().identity.publicUrl.replace(/\/+$/, '') || url,
        config: {
          file: loaded.file,
          values: () => loaded.values,
          warnings,
          async set(key, value) {
            const { needsRestart } = await setSetting(key, value as Json);
            return {
              value: loaded.values.find((one) => one.key === key) ?? unsetValue(key),
              needsRestart: needsRestart.some((changed) => key.startsWith(`${changed}.`)),
            };
          },
        },
        reload,
        logs: logs.read,
      },
      secrets: secrets.service,
    },
    { ...config().gateway, clock },
  );

  const close = async () => {
    await accounts.close();
    await opened.close();
    await logs.close();
  };
  const { host } = config().gateway;
  const port = await gateway.listen(host, config().gateway.port).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  url = `http://${hostForUrl(host)}:${port}`;
  const removeRunFile = writeRunFile(home, { pid: process.pid, url, token: identity.localToken, startedAt });
  await core.start();
  for (const channel of channels) channel.start(identity.channels);
  logs.log.info({ version, url, home, pid: process.pid }, 'ready');
  const stopPruning = keepPruned(
    clock,
    async () => {
      const { retentionDays } = config().audit;
      if (retentionDays > 0) await core.audit.prune(retentionDays);
    },
    logs.log,
  );
  // Whoever asks first must not wait for the policies.
  await core.authority.ready();
  // Off the start path: servers and the list of models may take a moment to answer.
  void secrets.warm();
  void lookForServers()
    .then(() => core.catalog.default())
    .catch(() => {});

  return {
    url,
    loginLink: `${url}/login#code=${identity.signIn.newLoginCode(ownerActor('cli'))}`,
    localToken: identity.localToken,
    fixedPromptBytes: core.fixedPromptBytes(),
    reload,
    async stop() {
      removeRunFile();
      stopPruning();
      localServers.stop();
      await engine.drain(drainMs);
      await gateway.close();
      await secrets.stop();
      logs.log.info({}, 'stopped');
      await close();
    },
  };
};

/** What a browser can open: an address that means "all" becomes loopback, IPv6 gets its brackets. */
const hostForUrl = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
