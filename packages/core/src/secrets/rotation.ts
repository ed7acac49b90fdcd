import { FaultError } from '@reeve/protocol';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type {
  SecretAuditEntry,
  SecretAuditType,
  SecretId,
  SecretVerifier,
  StoredSecret,
} from '../ports/secrets.ts';
import { dayMs, dueAtOf, nextVersion, withoutVersion } from './stored-secret.ts';

export interface RotationDeps {
  load(id: SecretId): Promise<StoredSecret>;
  save(id: SecretId, secret: StoredSecret): Promise<void>;
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  verify: SecretVerifier;
  generate(): string;
  clock: Clock;
  log: Log;
  audit(
    scope: { tenantId: string },
    actor: string | null,
    type: SecretAuditType,
    target: string,
    data?: SecretAuditEntry['data'],
  ): void;
  notify(message: string): void;
}

const hourMs = 3_600_000;
/** Tries of a provider that cannot be asked (F222), and the pauses between them, ms. */
const mostTries = 3;
const pauses = [1_000, 5_000];
/** A provider that has not answered by then counts as not reachable. */
const verifyMs = 10_000;
/** Timers of Node end at 2^31 ms; whatever is later is looked at again by then. */
const longestWait = 24 * dayMs;

/**
 * Gives secrets new values: stored as a version on trial, tried with the provider, then made current, while the one
 * before stays valid for a window. What fails is taken back. Every state is stored before it counts, so that a
 * restart goes on where it was: `watch` resumes whatever it finds unfinished.
 */
export const createRotations = (deps: RotationDeps) => {
  const { clock, load, save, exclusively, audit, notify, log } = deps;
  /** What happens next to a secret, by its id. */
  const timers = new Map<string, () => void>();
  /** Secrets whose trial is under way in this process. */
  const trying = new Set<string>();
  let stopped = new AbortController();

  const keyOf = ({ tenantId, userId, name }: SecretId) => JSON.stringify([tenantId, userId, name]);
  const forget = (id: SecretId) => {
    timers.get(keyOf(id))?.();
    timers.delete(keyOf(id));
  };
  const wait = (ms: number, { signal }: AbortController) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      const stop = clock.at(clock.now() + ms, resolve);
      const abort = () => {
        stop();
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  const later = (id: SecretId, at: number, work: () => Promise<unknown>) => {
    forget(id);
    const until = Math.min(at, clock.now() + longestWait);
    const run = async () => {
      timers.delete(keyOf(id));
      try {
        if (until < at) watch(id, await load(id));
        else await work();
      } catch (error) {
        log.warn({ secret: id.name, err: error }, 'a secret could not be rotated');
      }
    };
    timers.set(
      keyOf(id),
      clock.at(until, () => void run()),
    );
  };

  /** Plans what happens to a secret next; goes on with a trial that was cut off. */
  function watch(id: SecretId, secret: StoredSecret): void {
    forget(id);
    const { rotation } = secret;
    const due = dueAtOf(secret);
    if (rotation?.phase === 'window') later(id, rotation.until, () => endWindow(id));
    else if (rotation?.phase === 'verifying') {
      if (!trying.has(keyOf(id))) later(id, clock.now(), () => tryOut(id, null));
    } else if (due !== null && !secret.revoked) later(id, due, () => fallDue(id));
  }

  const fallDue = async (id: SecretId) => {
    const secret = await load(id);
    if (secret.policy?.generate) return rotate(id, null);
    audit(id, null, 'secret.rotation_due', id.name);
    notify(`A new value is due for the secret ${id.name}: run \`reeve secret rotate ${id.name}\`.`);
  };

  const endWindow = (id: SecretId) =>
    exclusively(async () => {
      const secret = await load(id);
      if (secret.rotation?.phase !== 'window' || secret.rotation.until > clock.now())
        return watch(id, secret);
      const { from } = secret.rotation;
      await save(id, { ...secret, versions: withoutVersion(secret, from), rotation: null });
      audit(id, null, 'secret.version_dropped', id.name, { version: from });
    });

  const promote = (id: SecretId, trial: number, actor: string | null) =>
    exclusively(async () => {
      const secret = await load(id);
      // Somebody else gave it another value meanwhile.
      if (secret.rotation?.phase !== 'verifying' || secret.rotation.to !== trial) return secret;
      const { from, to } = secret.rotation;
      const now = clock.now();
      const until = now + (secret.policy?.windowHours ?? 24) * hourMs;
      // What an emergency stopped is never valid again, so there is nothing to go back to either.
      const hasWindow = until > now && secret.revoked === null;
      const promoted: StoredSecret = {
        ...secret,
        current: to,
        versions: hasWindow
          ? secret.versions.map((one) => (one.version === from ? { ...one, validUntil: until } : one))
          : withoutVersion(secret, from),
        rotation: hasWindow ? { phase: 'window', from, to, until } : null,
        revoked: null,
        lastFailure: null,
        updatedAt: now,
      };
      await save(id, promoted);
      audit(id, actor, 'secret.rotated', id.name, { from, to });
      return promoted;
    });

  const takeBack = (id: SecretId, trial: number, actor: string | null, reason: string) =>
    exclusively(async () => {
      const secret = await load(id);
      if (secret.rotation?.phase !== 'verifying' || secret.rotation.to !== trial) return;
      const { to } = secret.rotation;
      await save(id, {
        ...secret,
        versions: withoutVersion(secret, to),
        rotation: null,
        lastFailure: reason,
      });
      audit(id, actor, 'secret.rotation_failed', id.name, { version: to, reason });
      notify(`The new value of the secret ${id.name} was taken back: ${reason}`);
    });

  /** Asks the provider, and again when it cannot be asked. Rejects with SECRET_REFUSED after taking it back. */
  const tryOut = async (id: SecretId, actor: string | null): Promise<StoredSecret> => {
    const { signal } = stopped;
    const controller = stopped;
    trying.add(keyOf(id));
    try {
      const secret = await load(id);
      const { rotation, policy } = secret;
      if (rotation?.phase !== 'verifying') return secret;
      const value = secret.versions.find(({ version }) => version === rotation.to)?.value;
      let reason = value === undefined ? 'its value is not there any more' : '';
      let tries = rotation.attempts;
      while (reason === '' && policy?.verify) {
        const answer = await deps.verify(
          policy.verify,
          value!,
          AbortSignal.any([signal, AbortSignal.timeout(verifyMs)]),
        );
        // The next start goes on.
        if (signal.aborted) throw new FaultError('SHUTTING_DOWN');
        if (answer.result === 'valid') break;
        tries += 1;
        if (answer.result === 'invalid' || tries >= mostTries) reason = answer.reason;
        else {
          await exclusively(async () => {
            const now = await load(id);
            if (now.rotation?.phase === 'verifying' && now.rotation.to === rotation.to)
              await save(id, { ...now, rotation: { ...now.rotation, attempts: tries } });
          });
          await wait(pauses[tries - 1] ?? pauses.at(-1)!, controller);
          if (signal.aborted) throw new FaultError('SHUTTING_DOWN');
        }
      }
      if (reason === '') return await promote(id, rotation.to, actor);
      await takeBack(id, rotation.to, actor, reason);
      throw new FaultError('SECRET_REFUSED', `The new value of ${id.name} was taken back: ${reason}`);
    } finally {
      trying.delete(keyOf(id));
    }
  };

  async function rotate(id: SecretId, actor: string | null, given?: string): Promise<StoredSecret> {
    trying.add(keyOf(id));
    try {
      await exclusively(async () => {
        const before = await load(id);
        if (before.rotation?.phase === 'verifying')
          throw new FaultError('CONFLICT', `${id.name} is being rotated already.`, {
            next: 'Wait for its end.',
          });
        const value = given ?? (before.policy?.generate ? deps.generate() : null);
        if (value === null)
          throw new FaultError(
            'INVALID_PARAMS',
            `${id.name} needs a new value; Reeve does not make one for it.`,
          );
        // A rotation in the middle of a window ends that: only one value before stays valid.
        const current = before.versions.filter(({ version }) => version === before.current);
        const to = nextVersion(before);
        await save(id, {
          ...before,
          versions: [...current, { version: to, value, createdAt: clock.now(), validUntil: null }],
          rotation: { phase: 'verifying', from: before.current, to, attempts: 0 },
        });
        audit(id, actor, 'secret.rotation_started', id.name, { to });
      });
    } finally {
      trying.delete(keyOf(id));
    }
    return tryOut(id, actor);
  }

  const rollback = (id: SecretId, actor: string): Promise<StoredSecret> =>
    exclusively(async () => {
      const secret = await load(id);
      if (secret.rotation?.phase !== 'window')
        throw new FaultError('CONFLICT', `${id.name} has no value before that is still valid.`, {
          next: 'Give it a value with `reeve secret set`.',
        });
      const { from, to } = secret.rotation;
      const versions = withoutVersion(secret, to).map((one) => ({ ...one, validUntil: null }));
      const restored = { ...secret, versions, current: from, rotation: null, updatedAt: clock.now() };
      await save(id, restored);
      audit(id, actor, 'secret.rolled_back', id.name, { from: to, to: from });
      return restored;
    });

  return {
    watch,
    forget,
    rotate,
    rollback,
    stop() {
      stopped.abort();
      stopped = new AbortController();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
};
