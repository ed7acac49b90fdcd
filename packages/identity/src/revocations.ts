import { type Clock, type Owner, ownerKey, type Principal } from '@reeve/core';

/** Who wants to know when something is taken back, by name of the credential, the device or the person. */
export interface Revocations {
  onRevoked(principal: Principal, end: () => void): () => void;
  credential(id: string): void;
  device(owner: Owner, deviceId: string): void;
  person(owner: Owner): void;
}

const deviceName = (owner: Owner, deviceId: string) => `device ${ownerKey(owner)} ${deviceId}`;
const personName = (owner: Owner) => `person ${ownerKey(owner)}`;

export const createRevocations = (clock: Clock): Revocations => {
  const watching = new Map<string, Set<() => void>>();
  const tell = (name: string) => {
    for (const end of [...(watching.get(name) ?? [])]) end();
  };
  return {
    onRevoked({ credential, deviceId, actor, expiresAt }, end) {
      const names = [credential, personName(actor)];
      if (deviceId !== undefined) names.push(deviceName(actor, deviceId));
      for (const name of names) watching.set(name, (watching.get(name) ?? new Set()).add(end));
      const stopClock = expiresAt === undefined ? null : clock.at(expiresAt, end);
      return () => {
        stopClock?.();
        for (const name of names) {
          const ends = watching.get(name);
          if (ends?.delete(end) && ends.size === 0) watching.delete(name);
        }
      };
    },
    credential: tell,
    device: (owner, deviceId) => tell(deviceName(owner, deviceId)),
    person: (owner) => tell(personName(owner)),
  };
};
