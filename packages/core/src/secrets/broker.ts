import {
  FaultError,
  isFaultError,
  type MaskedSecret,
  type SecretInfo,
  type SecretPolicy,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type {
  SecretAuditEntry,
  SecretAuditType,
  SecretId,
  SecretScope,
  SecretStore,
  SecretVerifier,
  StoredSecret,
} from '../ports/secrets.ts';
import { createEmergency } from './emergency.ts';
import { maskSecret, parseHandle } from './handle.ts';
import type { Redactor } from './redactor.ts';
import { createRotations } from './rotation.ts';
import { currentValue, infoOf, nextVersion, noSuchSecret } from './stored-secret.ts';

export interface BrokerDeps {
  /** Opens the place of the secrets; loads whatever that needs. Rejects with FaultError SECRETS_* or PASSPHRASE_WRONG. */
  open(options: { passphrase?: string }): Promise<SecretStore>;
  verify: SecretVerifier;
  /** A new random value. */
  generate(): string;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  /** Takes every access. Must not throw. */
  audit(entry: SecretAuditEntry): void;
  /** Tells the owner what must not wait: a rotation that failed or is due, an emergency. */
  notify(message: string): void;
}

/** Who wants a value, and what for. */
export interface SecretReader extends SecretScope {
  purpose: string;
}

export type SecretsState = 'open' | 'closed' | 'locked' | 'new' | 'failing';

/**
 * Hands out values at the last moment and to nobody else. The place where they are kept is opened when one is needed
 * first, so that a start without any costs nothing. Every value that passes is redacted from then on. A person's own
 * secret goes before the tenant's of the same name. Methods reject with FaultError SECRET_* and SECRETS_*.
 */
export interface SecretBroker {
  read(handle: string, reader: SecretReader): Promise<string>;
  /** The value of a handle; any other text as it is. For settings, which may hold either. */
  resolve(setting: string, reader: SecretReader): Promise<string>;
  has(name: string, scope: SecretScope): Promise<boolean>;
  list(actor: Actor): Promise<SecretInfo[]>;
  get(actor: Actor, name: string, isMine: boolean): Promise<MaskedSecret>;
  set(
    actor: Actor,
    name: string,
    secret: { value: string; isMine: boolean; policy?: SecretPolicy | null | undefined },
  ): Promise<MaskedSecret>;
  setPolicy(
    actor: Actor,
    name: string,
    isMine: boolean,
    policy: SecretPolicy | null | undefined,
  ): Promise<SecretInfo>;
  delete(actor: Actor, name: string, isMine: boolean): Promise<void>;
  rotate(actor: Actor, name: string, isMine: boolean, value?: string): Promise<MaskedSecret>;
  rollback(actor: Actor, name: string, isMine: boolean): Promise<MaskedSecret>;
  emergency: ReturnType<typeof createEmergency>;
  lock(actor: Actor): Promise<void>;
  unlock(actor: Actor, passphrase?: string): Promise<void>;
  state(): { state: SecretsState; canWrite: boolean | null; reason: string | null };
  /** Opens the place in the background: goes on with rotations and learns what must be redacted. Never rejects. */
  warm(): Promise<void>;
  stop(): Promise<void>;
}

/** Who may see and change a secret: its owner, and for the tenant's an administrator. */
const scopeOf = ({ tenantId, userId, role }: Actor, isMine: boolean): SecretScope => {
  if (isMine) return { tenantId, userId };
  if (role !== 'admin')
    throw new FaultError('PERMISSION_DENIED', 'Secrets of everybody are for administrators.');
  return { tenantId, userId: null };
};

/** So many of their own a person keeps at most: all of them are read and written together. */
const mostOwn = 100;

/**
 * Whether a value may be looked for in what everybody reads. With a short word of their own a person could black out
 * the texts of others, so of a person's own only what is long and mixed, as keys are.
 */
const isTold = ({ userId }: SecretScope, value: string): boolean =>
  userId === null || (/^\S{16,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value));

export const createSecretBroker = (deps: BrokerDeps): SecretBroker => {
  const { clock, log, redactor } = deps;
  let opening: Promise<SecretStore> | null = null;
  let store: SecretStore | null = null;
  let isLocked = false;
  let failure: FaultError | null = null;
  /** Changes happen one after the other, so that none is lost. */
  let last: Promise<unknown> = Promise.resolve();

  const audit = (
    scope: { tenantId: string },
    actor: string | null,
    type: SecretAuditType,
    target: string,
    data?: SecretAuditEntry['data'],
  ) => deps.audit({ tenantId: scope.tenantId, actor, type, target, ...(data && { data }) });

  const learn = (id: SecretId, secret: StoredSecret): void => {
    for (const { value } of secret.versions) if (isTold(id, value)) redactor.add(id.name, value);
  };

  const open = async (passphrase?: string): Promise<SecretStore> => {
    try {
      store = await deps.open(passphrase === undefined ? {} : { passphrase });
      failure = null;
      // Reading all of them teaches the redactor what must not be seen, and tells what is due.
      for (const { tenantId, userId, name } of await store.list()) {
        const id = { tenantId, userId, name };
        const secret = await store.get(id);
        if (secret) rotations.watch(id, secret);
        if (secret) learn(id, secret);
      }
      return store;
    } catch (error) {
      opening = null;
      store = null;
      failure = isFaultError(error) ? error : null;
      throw error;
    }
  };
  const opened = (): Promise<SecretStore> => {
    if (isLocked) return Promise.reject(new FaultError('SECRETS_LOCKED'));
    opening ??= open();
    return opening;
  };

  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
  const load = async (id: SecretId): Promise<StoredSecret> => {
    const secret = await (await opened()).get(id);
    if (!secret) throw noSuchSecret(id.name);
    return secret;
  };
  const save = async (id: SecretId, secret: StoredSecret): Promise<void> => {
    const target = await opened();
    if (!target.canWrite) throw new FaultError('SECRETS_READ_ONLY');
    learn(id, secret);
    await target.set(id, secret);
    rotations.watch(id, secret);
  };

  const steps = { ...deps, load, save, exclusively, audit };
  const rotations = createRotations(steps);
  const emergency = createEmergency({ ...steps, list: async () => (await opened()).list() });

  /** Of a person and, where there is none, of everybody. */
  const lookUp = async (name: string, { tenantId, userId }: SecretScope) => {
    const place = await opened();
    for (const scope of userId === null ? [null] : [userId, null]) {
      const secret = await place.get({ tenantId, userId: scope, name });
      if (secret) return { ...secret, userId: scope };
    }
    return null;
  };

  const read: SecretBroker['read'] = async (handle, reader) => {
    const parsed = parseHandle(handle);
    if (!parsed) throw new FaultError('INVALID_PARAMS', 'This is not the handle of a secret.');
    const { name, version } = parsed;
    const refuse = (code: 'SECRET_MISSING' | 'SECRET_REVOKED', message: string): FaultError => {
      audit(reader, reader.userId, 'secret.refused', name, { purpose: reader.purpose, code });
      return new FaultError(code, message);
    };
    const secret = await lookUp(name, reader);
    if (!secret) throw refuse('SECRET_MISSING', `There is no secret named ${name}.`);
    if (secret.revoked) throw refuse('SECRET_REVOKED', `The secret ${name} was revoked in an emergency.`);
    const wanted = version ?? secret.current;
    const found = secret.versions.find((one) => one.version === wanted);
    if (!found || (found.validUntil !== null && found.validUntil <= clock.now()))
      throw refuse('SECRET_MISSING', `The secret ${name} has no version ${wanted} any more.`);
    if (isTold({ ...reader, userId: secret.userId }, found.value)) redactor.add(name, found.value);
    audit(reader, reader.userId, 'secret.read', name, { purpose: reader.purpose, version: wanted });
    return found.value;
  };

  const idOf = (actor: Actor, name: string, isMine: boolean): SecretId => ({
    ...scopeOf(actor, isMine),
    name,
  });
  const show = (id: SecretId, secret: StoredSecret): MaskedSecret => ({
    ...infoOf({ ...id, ...secret }),
    masked: maskSecret(currentValue(secret)),
  });

  const ownOf = async ({ tenantId, userId }: Actor) =>
    (await (await opened()).list()).filter((one) => one.tenantId === tenantId && one.userId === userId);

  return {
    read,
    resolve: (setting, reader) => (parseHandle(setting) ? read(setting, reader) : Promise.resolve(setting)),
    has: async (name, scope) => (await lookUp(name, scope)) !== null,

    async list(actor) {
      const all = await (await opened()).list();
      return all
        .filter(
          ({ tenantId, userId }) =>
            tenantId === actor.tenantId &&
            (userId === null ? actor.role === 'admin' : userId === actor.userId),
        )
        .map(infoOf)
        .sort((one, other) => one.name.localeCompare(other.name));
    },
    async get(actor, name, isMine) {
      const id = idOf(actor, name, isMine);
      return show(id, await load(id));
    },
    set: async (actor, name, { value, isMine, policy }) => {
      const id = idOf(actor, name, isMine);
      return exclusively(async () => {
        const before = await (await opened()).get(id);
        if (isMine && !before && (await ownOf(actor)).length >= mostOwn)
          throw new FaultError('CONFLICT', `A person keeps at most ${mostOwn} secrets.`, {
            next: 'Delete one that is not needed any more.',
          });
        const now = clock.now();
        const version = nextVersion(before);
        const secret: StoredSecret = {
          versions: [{ version, value, createdAt: now, validUntil: null }],
          current: version,
          policy: policy === undefined ? (before?.policy ?? null) : policy,
          rotation: null,
          revoked: null,
          lastFailure: null,
          createdAt: before?.createdAt ?? now,
          updatedAt: now,
        };
        await save(id, secret);
        audit(id, actor.userId, 'secret.set', name, { version });
        return show(id, secret);
      });
    },
    setPolicy: async (actor, name, isMine, policy) => {
      const id = idOf(actor, name, isMine);
      return exclusively(async () => {
        const before = await load(id);
        if (policy === undefined) return infoOf({ ...id, ...before });
        const secret = { ...before, policy };
        await save(id, secret);
        audit(id, actor.userId, 'secret.policy_changed', name);
        return infoOf({ ...id, ...secret });
      });
    },
    delete: async (actor, name, isMine) => {
      const id = idOf(actor, name, isMine);
      return exclusively(async () => {
        const target = await opened();
        if (!target.canWrite) throw new FaultError('SECRETS_READ_ONLY');
        if (!(await target.delete(id))) throw noSuchSecret(name);
        rotations.forget(id);
        audit(id, actor.userId, 'secret.deleted', name);
      });
    },
    rotate: async (actor, name, isMine, value) => {
      const id = idOf(actor, name, isMine);
      return show(id, await rotations.rotate(id, actor.userId, value));
    },
    rollback: async (actor, name, isMine) => {
      const id = idOf(actor, name, isMine);
      return show(id, await rotations.rollback(id, actor.userId));
    },
    emergency,

    async lock(actor) {
      scopeOf(actor, false);
      isLocked = true;
      const before = await opening?.catch(() => null);
      opening = store = null;
      rotations.stop();
      await before?.close();
      audit(actor, actor.userId, 'secret.locked', '*');
    },
    async unlock(actor, passphrase) {
      scopeOf(actor, false);
      if (!isLocked && store) return;
      opening = open(passphrase);
      try {
        await opening;
      } catch (error) {
        audit(actor, actor.userId, 'secret.refused', '*', { purpose: 'unlock' });
        throw error;
      }
      isLocked = false;
      audit(actor, actor.userId, 'secret.unlocked', '*');
    },
    state() {
      if (isLocked) return { state: 'locked', canWrite: null, reason: null };
      if (store) return { state: 'open', canWrite: store.canWrite, reason: null };
      if (!failure) return { state: 'closed', canWrite: null, reason: null };
      const { code, message, details } = failure.fault;
      const state = code !== 'SECRETS_LOCKED' ? 'failing' : details?.['isNew'] === true ? 'new' : 'locked';
      return { state, canWrite: null, reason: message };
    },
    async warm() {
      try {
        await opened();
      } catch (error) {
        log.warn({ err: error }, 'the secrets are not open');
      }
    },
    async stop() {
      rotations.stop();
      await last;
      await opening?.then((place) => place.close()).catch(() => {});
    },
  };
};
