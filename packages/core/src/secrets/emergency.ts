import { type EmergencyIndicator, FaultError } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { SecretMetadata } from '../ports/secrets.ts';
import type { RotationDeps } from './rotation.ts';
import { nextVersion, noSuchSecret } from './stored-secret.ts';

export interface EmergencyDeps
  extends Pick<RotationDeps, 'load' | 'save' | 'exclusively' | 'generate' | 'clock' | 'audit' | 'notify'> {
  list(): Promise<SecretMetadata[]>;
}

/**
 * Stops every use at once: of those named, or of all that the actor may change. What Reeve makes itself gets a new
 * value in the same moment; the value before is not valid for any window.
 */
export const createEmergency =
  (deps: EmergencyDeps) =>
  (
    actor: Actor,
    {
      indicator,
      names,
      note,
    }: { indicator: EmergencyIndicator; names?: readonly string[] | undefined; note?: string | undefined },
  ): Promise<{ revoked: string[]; regenerated: string[] }> =>
    deps.exclusively(async () => {
      if (actor.role !== 'admin')
        throw new FaultError('PERMISSION_DENIED', 'An emergency is for administrators.');
      const affected = (await deps.list()).filter(
        ({ tenantId, name }) => tenantId === actor.tenantId && (names === undefined || names.includes(name)),
      );
      const missing = names?.filter((name) => !affected.some((one) => one.name === name)) ?? [];
      if (missing.length > 0) throw noSuchSecret(missing.join(', '));
      const revoked: string[] = [];
      const regenerated: string[] = [];
      for (const { tenantId, userId, name } of affected) {
        const id = { tenantId, userId, name };
        const secret = await deps.load(id);
        const at = deps.clock.now();
        if (secret.policy?.generate) {
          const version = nextVersion(secret);
          const versions = [{ version, value: deps.generate(), createdAt: at, validUntil: null }];
          await deps.save(id, {
            ...secret,
            versions,
            current: version,
            rotation: null,
            revoked: null,
            updatedAt: at,
          });
          regenerated.push(name);
        } else {
          const versions = secret.versions.filter(({ version }) => version === secret.current);
          await deps.save(id, { ...secret, versions, rotation: null, revoked: { at, indicator } });
          revoked.push(name);
        }
        deps.audit(id, actor.userId, 'secret.emergency', name, { indicator, ...(note && { note }) });
      }
      deps.notify(
        `Emergency (${indicator}): ${revoked.length} secrets may not be used any more, ${regenerated.length} have new values.`,
      );
      return { revoked, regenerated };
    });
