import { FaultError, type SecretInfo } from '@reeve/protocol';
import type { SecretMetadata, StoredSecret } from '../ports/secrets.ts';
import { handleOf } from './handle.ts';

export const dayMs = 86_400_000;

/** The current value. */
export const currentValue = (secret: StoredSecret): string =>
  secret.versions.find(({ version }) => version === secret.current)?.value ?? '';

/** Numbers of versions are never given twice. */
export const nextVersion = (secret: StoredSecret | null): number =>
  Math.max(0, ...(secret?.versions.map(({ version }) => version) ?? [])) + 1;

export const withoutVersion = (secret: StoredSecret, version: number): StoredSecret['versions'] =>
  secret.versions.filter((one) => one.version !== version);

/** When a new value is due; null = never. */
export const dueAtOf = ({ policy, updatedAt }: Pick<StoredSecret, 'policy' | 'updatedAt'>): number | null =>
  policy?.intervalDays && updatedAt !== null ? updatedAt + policy.intervalDays * dayMs : null;

/** For whoever manages secrets by their names; readers are told SECRET_MISSING. */
export const noSuchSecret = (name: string): FaultError =>
  new FaultError('NOT_FOUND', `There is no secret named ${name}.`, {
    next: 'See `reeve secret list`; keep one with `reeve secret set NAME`.',
  });

/** What may be told of a secret. */
export const infoOf = (secret: SecretMetadata): SecretInfo => ({
  name: secret.name,
  handle: handleOf(secret.name),
  isMine: secret.userId !== null,
  version: secret.current,
  createdAt: secret.createdAt,
  updatedAt: secret.updatedAt,
  policy: secret.policy,
  rotation: secret.rotation && {
    phase: secret.rotation.phase,
    from: secret.rotation.from,
    to: secret.rotation.to,
    until: secret.rotation.phase === 'window' ? secret.rotation.until : null,
  },
  dueAt: dueAtOf(secret),
  lastFailure: secret.lastFailure,
  revoked: secret.revoked,
});
