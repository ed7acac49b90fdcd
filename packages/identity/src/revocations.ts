import { BoundedMap, type Clock, type Owner, ownerKey, type Principal } from '@reeve/core';

/**
 * Whether nothing was taken back since something was begun. Whatever has two halves, such as a link and its use, asks
 * it in the write that ends it: whoever comes after a revocation finds it false, whoever came before is found by it.
 */
export type IsStill = () => boolean;

/** Who wants to know when something is taken back, by name of the credential, the device or the person. */
export interface Revocations {
  onRevoked(principal: Principal, end: () => void): () => void;
  credential(id: string): void;
  device(owner: Owner, deviceId: string): void;
  person(owner: Owner): void;
  /** All that signs a person in; what they have open is told one by one. To be called before it is ended. */
  signIns(owner: Owner): void;
  /** For what a person begins now: with `by`, it ends with that credential or device as well. */
  since(owner: Owner, by?: Principal): IsStill;
}

/** Ends that are remembered; what was begun before the oldest of them counts as taken back. */
const remembered = 10_000;

const deviceName = (owner: Owner, deviceId: string) => `device ${ownerKey(owner)} ${deviceId}`;
const personName = (owner: Owner) => `person ${ownerKey(owner)}`;
const signInsName = (owner: Owner) => `sign-ins ${ownerKey(owner)}`;

export const createRevocations = (clock: Clock): Revocations => {
  const watching = new Map<string, Set<() => void>>();
  let count = 0;
  let forgotten = 0;
  const ended = new BoundedMap<string, number>(remembered, (at) => {
    forgotten = at;
  });
  const mark = (name: string) => {
    count += 1;
    ended.set(name, count);
  };
  const tell = (name: string) => {
    mark(name);
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
    signIns: (owner) => mark(signInsName(owner)),
    since(owner, by) {
      const at = count;
      const names = [signInsName(owner)];
      if (by?.deviceId !== undefined) names.push(deviceName(owner, by.deviceId));
      // No credential comes back: one that ended before, while the request was still coming, begins nothing.
      const isOver = () => by !== undefined && ended.has(by.credential);
      return () => at >= forgotten && !isOver() && names.every((name) => (ended.get(name) ?? 0) <= at);
    },
  };
};
