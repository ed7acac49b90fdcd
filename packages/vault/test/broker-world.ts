import { randomUUID } from 'node:crypto';
import {
  type Actor,
  createRedactor,
  createSecretBroker,
  homeTenant,
  type SecretAuditEntry,
  type SecretBroker,
  type SecretVerifier,
  silentLog,
} from '@reeve/core';
import type { SecretPolicy } from '@reeve/protocol';
import { createPlace } from './support.ts';

export const admin: Actor = { tenantId: homeTenant, userId: 'owner', role: 'admin', channel: 'http' };
export const reader = { tenantId: homeTenant, userId: null, purpose: 'provider openai' };
export const [before, after] = ['old-value-0123456789', 'new-value-0123456789'];
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export const unreachable = { result: 'unknown', reason: 'its provider cannot be reached' } as const;
export const invalid = { result: 'invalid', reason: 'its provider answers with HTTP 401' } as const;
export const valid = { result: 'valid' } as const;

/** A broker on a real file, with a clock and a provider of the test's. */
export const createWorld = () => {
  const world = {
    place: createPlace(),
    audits: [] as SecretAuditEntry[],
    notices: [] as string[],
    /** What the provider says of a value, in turn; the last one for ever. */
    answers: [valid] as Awaited<ReturnType<SecretVerifier>>[],
    tried: [] as string[],
    broker: undefined as unknown as SecretBroker,
    start() {
      world.broker = createSecretBroker({
        open: (options) => world.place.open(options),
        verify: async (_rule, value) => {
          world.tried.push(value);
          return world.answers.length > 1 ? world.answers.shift()! : world.answers[0]!;
        },
        generate: () => `generated-value-${randomUUID()}`,
        clock: world.place.clock,
        log: silentLog,
        redactor: createRedactor(),
        audit: (entry) => void world.audits.push(entry),
        notify: (message) => void world.notices.push(message),
      });
    },
    async restart() {
      await world.broker.stop();
      world.start();
    },
    async dispose() {
      await world.broker.stop();
      await world.place.dispose();
    },
    keep: (more: Partial<SecretPolicy> = {}, value = before) =>
      world.broker.set(admin, 'openai', { value, isMine: false, policy: policy(more) }),
    read: (handle = 'secret:openai') => world.broker.read(handle, reader),
  };
  world.start();
  return world;
};

export const policy = (more: Partial<SecretPolicy> = {}): SecretPolicy => ({
  intervalDays: null,
  windowHours: 24,
  verify: { kind: 'http', url: 'https://x.example' },
  generate: false,
  ...more,
});

export const code = (fault: string) => ({ fault: { code: fault } });

/** The work of timers is done on a real disk: as many turns as it takes; the limit of the test is the limit. */
export const settled = async (isDone: () => Promise<boolean>) => {
  while (!(await isDone())) await new Promise((resolve) => setImmediate(resolve));
};
