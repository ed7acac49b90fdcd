import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DurableEvent, SendOutput } from '@reeve/protocol';
import { type GatewayProcess, spawnCrashGateway } from '../harness/child-process.ts';
import { type ModelServer, reply, startModelServer } from '../model/index.ts';
import { readEffects } from './effects.ts';
import { createRandom } from './random.ts';

export interface CampaignResult {
  kills: number;
  acknowledged: number;
  /** Acknowledged messages that the journal does not have. */
  lost: number;
  /** Effects that happened twice though their tool forbids it, and steps that ran again after they were recorded. */
  repeated: number;
  /** Runs without exactly one end, after the dust has settled. */
  stuck: number;
  /** From a restart's first answer to the end of the last interrupted run, ms. */
  recoveryMs: number[];
  violations: string[];
}

export interface CampaignOptions {
  kills: number;
  seed: number;
  /** Sessions that speak at the same time. */
  sessions?: number;
  /** The longest time between readiness and the kill, ms. */
  killWithinMs?: number;
  onKill?: (done: number) => void;
}

/** What `judge` finds. */
export type Verdict = Pick<CampaignResult, 'acknowledged' | 'lost' | 'repeated' | 'stuck'>;

/** Each answer first leaves a mark of every kind, then speaks. */
export const scriptMarks = (model: ModelServer): void =>
  model.setScript((request) => {
    const last = request.messages.at(-1)!;
    if (last.role === 'tool') return reply.text('All marks are set, as you asked.');
    const label = last.text;
    return reply
      .text('Setting marks.')
      .toolCall('mark_keyed', { label })
      .toolCall('mark_unsafe', { label })
      .toolCall('mark_idempotent', { label });
  });

/**
 * Kills a gateway again and again (SIGKILL) while it works, restarts it on the same data folder, and compares what
 * was acknowledged with what is there.
 */
export const runCrashCampaign = async ({
  kills,
  seed,
  sessions = 6,
  killWithinMs = 250,
  onKill,
}: CampaignOptions): Promise<CampaignResult> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-crash-'));
  const effects = join(home, 'effects.jsonl');
  const random = createRandom(seed);
  const model = await startModelServer();
  scriptMarks(model);
  const env = { REEVE_OPENAI_BASE_URL: model.url, REEVE_OPENAI_MODEL: 'test-model' };
  const start = () => spawnCrashGateway({ home, env, effects });
  const result: CampaignResult = {
    kills: 0,
    acknowledged: 0,
    lost: 0,
    repeated: 0,
    stuck: 0,
    recoveryMs: [],
    violations: [],
  };
  const acknowledged = new Map<string, SendOutput>();
  const sessionIds: string[] = [];
  let n = 0;

  const speak = async (gateway: GatewayProcess, lane: number, isOver: () => boolean) => {
    while (!isOver()) {
      n += 1;
      const text = `message ${n}`;
      // A third of them start a session: those are the easiest to lose.
      const sessionId = random() < 0.33 ? undefined : sessionIds[lane];
      try {
        const sent = await gateway.client.chat.send({
          text,
          idempotencyKey: text,
          ...(sessionId !== undefined && { sessionId }),
        });
        acknowledged.set(text, sent);
        sessionIds[lane] = sent.sessionId;
        await pause(random() * 20);
      } catch {
        return;
      }
    }
  };

  try {
    for (let round = 0; round < kills; round += 1) {
      const gateway = await start();
      // Every other time the dust may settle first; in between, a kill falls into the recovery itself.
      if (round % 2 === 1) {
        const restartedAt = performance.now();
        await awaitRuns(gateway, [...acknowledged.values()].slice(-sessions * 4));
        result.recoveryMs.push(performance.now() - restartedAt);
      }
      let isOver = false;
      const speakers = Array.from({ length: sessions }, (_, lane) => speak(gateway, lane, () => isOver));
      await pause(random() * killWithinMs);
      isOver = true;
      await gateway.kill();
      await Promise.all(speakers);
      result.kills += 1;
      onKill?.(result.kills);
    }
    const gateway = await start();
    await awaitRuns(gateway, [...acknowledged.values()]);
    await judge(gateway, acknowledged, effects, result);
    await gateway.stop();
    result.violations = model.violations;
  } finally {
    await model.close();
    rmSync(home, { recursive: true, force: true });
  }
  return result;
};

/** Until no session runs any more; every run gets as long as a person would wait. */
export const awaitRuns = async (gateway: GatewayProcess, sent: readonly SendOutput[]): Promise<void> => {
  const limit = AbortSignal.timeout(60_000);
  for (const { sessionId, seq, runId } of sent) {
    try {
      for await (const _item of await gateway.client.chat.stream(
        { sessionId, after: seq, runId },
        { signal: limit },
      )) {
        // Only its end matters.
      }
    } catch {
      // What is missing is counted by the judge.
    }
  }
};

/** Compares what was acknowledged (by text) with the journal and the marks; adds to `result`. */
export const judge = async (
  gateway: GatewayProcess,
  acknowledged: Map<string, SendOutput>,
  effects: string,
  result: Verdict,
): Promise<void> => {
  const journals = new Map<string, DurableEvent[]>();
  for (const { sessionId } of acknowledged.values()) {
    if (journals.has(sessionId)) continue;
    const exported = await gateway.client.sessions
      .export({ id: sessionId, format: 'jsonl' })
      .catch(() => null);
    journals.set(
      sessionId,
      (exported?.content ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as DurableEvent),
    );
  }
  for (const [text, { sessionId, runId }] of acknowledged) {
    result.acknowledged += 1;
    const events = journals.get(sessionId)!;
    const received = events.filter(
      (event) => event.type === 'message.received' && event.data.runId === runId && event.data.text === text,
    );
    if (received.length !== 1) result.lost += 1;
    const ends = events.filter((event) => event.type === 'run.finished' && event.data.runId === runId);
    if (ends.length !== 1) result.stuck += 1;
  }
  for (const events of journals.values()) {
    const once = (type: DurableEvent['type'], id: (event: DurableEvent) => string) => {
      const ids = events.filter((event) => event.type === type).map(id);
      result.repeated += ids.length - new Set(ids).size;
    };
    once('model.answered', (event) => (event.type === 'model.answered' ? event.data.messageId : ''));
    once('tool.finished', (event) =>
      event.type === 'tool.finished'
        ? `${event.data.runId} ${event.data.callId} ${event.data.messageId}`
        : '',
    );
  }
  const marks = readEffects(effects);
  for (const name of ['mark_keyed', 'mark_unsafe']) {
    const keys = marks.filter((mark) => mark.name === name).map((mark) => mark.key);
    result.repeated += keys.length - new Set(keys).size;
  }
  const check = await gateway.client.system.rebuildJournal();
  result.lost += check.differences + check.brokenChains.length;
};
