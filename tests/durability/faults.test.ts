import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendOutput } from '@reeve/protocol';
import {
  awaitRuns,
  type GatewayProcess,
  judge,
  scriptMarks,
  spawnCrashGateway,
  startModelServer,
} from '@reeve/testkit';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';

/** Each has a gateway of its own, and most of the time waits for a disk to get well. */
const { concurrent: test } = testWith('strace');

const setUp = async () => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-fault-'));
  const effects = join(home, 'effects.jsonl');
  const model = await startModelServer();
  scriptMarks(model);
  const env = { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'test-model' };
  const start = (inject?: string) =>
    spawnCrashGateway({
      home,
      env,
      effects,
      // Only what touches the database itself, so that a count means the same in each run.
      ...(inject !== undefined && {
        wrapper: [
          'strace',
          '-f',
          // Stops at nothing but these calls, so that the rest is as fast as without; cannot send signals.
          ...(inject.includes(':error=') ? ['--seccomp-bpf'] : []),
          '-qq',
          '-o',
          '/dev/null',
          '-P',
          join(home, 'reeve.db'),
          '-P',
          join(home, 'reeve.db-wal'),
          '-e',
          'trace=fsync,fdatasync,pwrite64',
          '-e',
          `inject=${inject}`,
        ],
      }),
    });
  // The first start makes the database; the faults are for the work on it.
  await (await start()).stop();
  return {
    home,
    effects,
    start,
    async [Symbol.asyncDispose]() {
      await model.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

/** Sends until it is acknowledged, as a client with a key may. */
const insist = async (
  gateway: GatewayProcess,
  text: string,
  sessionId: string | undefined,
  tries: number,
): Promise<{ sent: SendOutput; refusals: string[] }> => {
  const refusals: string[] = [];
  for (;;) {
    try {
      return {
        sent: await gateway.client.chat.send({
          text,
          idempotencyKey: text,
          ...(sessionId !== undefined && { sessionId }),
        }),
        refusals,
      };
    } catch (error) {
      refusals.push((error as { fault?: { code: string } }).fault?.code ?? String(error));
      if (refusals.length > tries) throw error;
    }
  }
};

test('a kill at every fsync of a turn: whatever was acknowledged is answered once after the restart', {
  timeout: 600_000,
}, async () => {
  await using place = await setUp();
  const acknowledged = new Map<string, SendOutput>();
  let isKilled = true;
  let kills = 0;
  for (let nth = 1; isKilled && nth < 40; nth += 1) {
    const text = `turn with a kill at fsync ${nth}`;
    const gateway = await place.start(`fsync,fdatasync:signal=SIGKILL:when=${nth}`).catch(() => null);
    isKilled = true;
    if (gateway) {
      const sent = await gateway.client.chat.send({ text, idempotencyKey: text }).catch(() => null);
      if (sent) acknowledged.set(text, sent);
      if (sent) await awaitRuns(gateway, [sent]);
      isKilled = await gateway.client.system.health().then(
        () => false,
        () => true,
      );
      await gateway.kill();
    }
    if (isKilled) kills += 1;
    const after = await place.start();
    await awaitRuns(after, [...acknowledged.values()]);
    const again = await insist(after, text, undefined, 0);
    acknowledged.set(text, again.sent);
    await awaitRuns(after, [again.sent]);
    await after.stop();
  }
  expect(kills).toBeGreaterThanOrEqual(5);
  expect(isKilled).toBe(false);
  const verdict = { acknowledged: 0, lost: 0, repeated: 0, stuck: 0 };
  const gateway = await place.start();
  await judge(gateway, acknowledged, place.effects, verdict);
  await gateway.stop();
  expect(verdict).toMatchObject({ lost: 0, repeated: 0, stuck: 0 });
});

// A step that shares no factor with the writes of a turn comes to every write of it in the end.
for (const [error, inject] of [
  ['ENOSPC', 'pwrite64:error=ENOSPC:when=40+61'],
  ['EIO', 'pwrite64:error=EIO:when=40+61'],
  ['EIO at fsync', 'fsync,fdatasync:error=EIO:when=4+5'],
] as const) {
  test(`${error} at writes of the database: the client hears of it, nothing acknowledged is lost, work goes on`, {
    timeout: 300_000,
  }, async () => {
    await using place = await setUp();
    const gateway = await place.start(inject);
    const acknowledged = new Map<string, SendOutput>();
    const refusals: string[] = [];
    let sessionId: string | undefined;
    // How many writes a turn shares with others differs: it goes on until a fault has met one that a client waits for.
    for (let n = 0; n < 12 || (refusals.length === 0 && n < 60); n += 1) {
      const text = `message ${n}`;
      const answer = await insist(gateway, text, n % 5 === 0 ? undefined : sessionId, 30);
      sessionId = answer.sent.sessionId;
      refusals.push(...answer.refusals);
      acknowledged.set(text, answer.sent);
    }
    await awaitRuns(gateway, [...acknowledged.values()]);
    expect(new Set(refusals)).toEqual(new Set(['DATABASE_ERROR']));
    expect(gateway.child.exitCode).toBe(null);
    await gateway.kill();
    expect(readFileSync(join(place.home, 'logs', 'reeve.log'), 'utf8')).toMatch(
      /could not be written: SQLITE_(IOERR|FULL)/,
    );

    const after = await place.start();
    await awaitRuns(after, [...acknowledged.values()]);
    const verdict = { acknowledged: 0, lost: 0, repeated: 0, stuck: 0 };
    await judge(after, acknowledged, place.effects, verdict);
    await after.stop();
    expect(verdict).toEqual({ acknowledged: 12, lost: 0, repeated: 0, stuck: 0 });
  });
}
