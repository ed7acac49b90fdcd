import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  createSecretBroker,
  guardProvider,
  guardTool,
  handleOf,
  homeTenant,
  type Log,
  type ModelProvider,
  type Redactor,
  type SecretAuditEntry,
  type Tool,
} from '@reeve/core';
import type { SecretsService } from '@reeve/gateway';
import { type Config, type ConfigValue, FaultError, isFaultError } from '@reeve/protocol';
import { findAdoptable } from './secrets/adoptable.ts';
import { plainKeys, referencesIn } from './secrets/references.ts';

export interface SecretsOptions {
  home: string;
  env: Record<string, string | undefined>;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  config(): Config;
  values(): readonly ConfigValue[];
  audit(entry: SecretAuditEntry): void;
  /** Writes a setting to reeve.toml and puts it into effect. */
  setSetting(key: string, value: string): Promise<unknown>;
  /** Values have changed: whoever gave one up may try again. */
  changed(): void;
}

/** After these what was missing may be there, and the other way round. */
const changes = new Set<SecretAuditEntry['type']>([
  'secret.set',
  'secret.deleted',
  'secret.rotated',
  'secret.rolled_back',
  'secret.unlocked',
]);

const tenant = { tenantId: homeTenant, userId: null };
/** Bytes of a value that Reeve makes. */
const generatedBytes = 32;

/** The vault and what hangs on it: keys of providers, warnings about what is missing, keys that can be moved in. */
export const createSecrets = (options: SecretsOptions) => {
  const { home, env, clock, log, redactor, config } = options;
  const { secrets: settings } = config();
  let warnings: { key: string; message: string }[] = [];

  const broker = createSecretBroker({
    open: async ({ passphrase }) => {
      const { openSecretStore } = await import('@reeve/vault');
      return openSecretStore({ settings, home, env, clock, log, passphrase });
    },
    verify: async (...call) => (await import('@reeve/vault')).verifySecret(...call),
    generate: () => randomBytes(generatedBytes).toString('base64url'),
    clock,
    log,
    redactor,
    audit(entry) {
      options.audit(entry);
      if (!changes.has(entry.type)) return;
      options.changed();
      void check();
    },
    notify: (message) => log.warn({}, message),
  });

  /** Names every setting whose secret is not there. Never rejects. */
  const check = async (): Promise<void> => {
    const found: typeof warnings = [];
    for (const { key, name } of referencesIn(config())) {
      try {
        if (!(await broker.has(name, tenant)))
          found.push({
            key,
            message: `${key} names the secret ${name}, which does not exist. Run \`reeve secret set ${name}\`.`,
          });
      } catch (error) {
        if (!isFaultError(error)) throw error;
        found.push({
          key,
          message: `${key} names the secret ${name}: ${error.fault.message} ${error.fault.next}`,
        });
      }
    }
    for (const { key, message } of found)
      if (!warnings.some((one) => one.message === message)) log.warn({ setting: key }, message);
    warnings = found;
  };

  const adoptable = () => findAdoptable(config(), options.values(), env);

  const service: SecretsService = {
    broker,
    redactor,
    status: () => ({ backend: settings.backend, ...broker.state(), warnings }),
    adoptable: () => adoptable().map(({ value: _, ...rest }) => rest),
    async adopt(actor, from, wanted) {
      const found = adoptable().find((one) => one.from === from);
      if (!found) throw new FaultError('NOT_FOUND', `${from} holds no key in plain text.`);
      const name = wanted ?? found.name;
      if (await broker.has(name, tenant))
        throw new FaultError('CONFLICT', `There is a secret named ${name} already.`, {
          next: 'Give it another name, or delete that one.',
        });
      await broker.set(actor, name, { value: found.value, isMine: false });
      try {
        await options.setSetting(found.setting, handleOf(name));
      } catch (error) {
        await broker.delete(actor, name, false);
        throw error;
      }
      return { name, setting: found.setting, variable: found.source === 'env' ? from : null };
    },
  };

  return {
    service,
    warnings: () => warnings,
    check,
    /** A key for a provider: asked for at each request when it is kept in the vault. */
    key: (text: string, purpose: string): string | (() => Promise<string>) =>
      text.startsWith('secret:') ? () => broker.read(text, { ...tenant, purpose }) : text,
    provider: (provider: ModelProvider) => guardProvider(provider, redactor),
    tool: (tool: Tool) => guardTool(tool, redactor, broker.read),
    /** Keys that lie open are redacted too. */
    learn() {
      for (const { name, value } of plainKeys(config(), env)) redactor.add(name, value);
    },
    /** Off the start path: opens a vault that there is, or that a setting needs. Never rejects. */
    async warm() {
      const isThere = settings.backend !== 'local' || existsSync(join(home, 'vault.age'));
      if (isThere) await broker.warm();
      await check();
    },
    stop: broker.stop,
  };
};
