import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PolicyDocument, PolicyRequest } from '@reeve/core';
import { createPolicyEngine } from '@reeve/policy';
import { openStore } from '@reeve/store';
import { startGateway } from './gateway.ts';
import { cpuMs, quantile } from './process-stats.ts';
import { report, say } from './report.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;

const flags = {
  canInstallSoftware: false,
  canExecCommands: true,
  canUseBrowser: true,
  requiresAdminApproval: false,
  contentFilter: 'off' as const,
  maxTokensPerDay: null,
};

/** 200 policies of the kind that people write by rules: tools, people, hours, channels. */
const manyPolicies = (): PolicyDocument[] =>
  Array.from({ length: 200 }, (_, n) => ({
    name: `rule-${n}`,
    tier: 'admin',
    tenantId: null,
    userId: null,
    text:
      n % 4 === 0
        ? `forbid (principal == User::"u${n}", action == Action::"call", resource == Tool::"t${n % 20}") unless { principal.skipsLists };`
        : n % 4 === 1
          ? `forbid (principal, action == Action::"call", resource == Tool::"t${n % 20}") when { context.channel == "c${n}" };`
          : n % 4 === 2
            ? `forbid (principal in Role::"r${n}", action == Action::"call unattended", resource) when { context.hour >= 22 || context.hour < 7 };`
            : `forbid (principal == User::"u${n}", action == Action::"call", resource) when { context.risk == "high" };`,
  }));

const questionOf = (n: number): PolicyRequest => ({
  principal: {
    tenantId: 'home',
    userId: `u${n % 50}`,
    role: 'user',
    baseRole: 'user',
    channel: 'web',
    flags,
  },
  action: n % 2 === 0 ? 'call' : 'call unattended',
  resource: {
    type: 'Tool',
    id: `t${n % 20}`,
    risk: 'low',
    effect: 'idempotent',
    kind: '',
    level: 'standard',
  },
  context: {
    channel: 'web',
    hour: 12,
    minute: n % 60,
    weekday: 1,
    risk: ['low', 'medium', 'high'][n % 3]!,
    riskRank: n % 3,
    attended: true,
    agent: 'main',
    taint: [],
    trust: 50,
    anomaly: 0,
    threat: 0,
    digest: `d${n}`,
    target: '',
  },
});

/** `gate.decisionP50Ms`, `gate.decisionP99Ms`: 50 people times 20 tools times 3 risks, 200 policies beside the shipped ones. */
const benchDecisions = async (rounds: number): Promise<void> => {
  const engine = createPolicyEngine({
    api: async () => [],
    profile: () => 'household',
    log: silent,
  });
  engine.configure(manyPolicies());
  await engine.ready();
  const times = await timesOf(rounds, (n) => void engine.decide(questionOf(n)));
  report('gate.decisionP50Ms', quantile(times, 0.5), 'ms');
  report('gate.decisionP99Ms', quantile(times, 0.99), 'ms');
};

/** `gate.callCpuUs`: CPU of a call from the judgement to its result on disk, by a tool that does next to nothing. */
const benchCalls = async (calls: number): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const { client, child, kill } = await startGateway({ home });
  const { id: sessionId } = await client.sessions.create({});
  const cpuOf = async (work: () => Promise<unknown>) => {
    for (let n = 0; n < 50; n += 1) await work();
    const before = cpuMs(child.pid!);
    for (let n = 0; n < calls; n += 1) await work();
    return ((cpuMs(child.pid!) - before) * 1000) / calls;
  };
  // What a request costs that does nothing is no part of the gate.
  const bare = await cpuOf(() => client.system.version());
  const called = await cpuOf(() => client.tools.call({ name: 'list_reminders', sessionId }));
  report('gate.callCpuUs', called - bare, 'us');
  await kill();
  rmSync(home, { recursive: true, force: true });
};

/** Milliseconds of each of so many in a row. */
const timesOf = async (count: number, work: (n: number) => unknown): Promise<number[]> => {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedAt = performance.now();
    await work(n);
    times.push(performance.now() - startedAt);
  }
  return times;
};

/** `audit.appendP50Ms`: one entry, chained, signed and on disk, beside a commit of one row that is nothing else. */
const benchAudit = async (entries: number): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const { audit, close } = openStore({
    home,
    clock: { now: Date.now, at: () => () => {} },
    newId: (prefix) => `${prefix}${Math.random()}`,
    log: silent,
    concurrency: 1,
    laneLimit: 1,
  });
  const append = (n: number) =>
    audit.append({ tenantId: 'home', actor: 'owner', type: 'tool.called', outcome: 'ok', data: { n } });
  // The write-ahead log grows until it is written from its beginning again; a file that grows is slower to sync.
  await timesOf(entries, append);
  report('audit.appendP50Ms', quantile(await timesOf(entries, append), 0.5), 'ms');

  const bare = new DatabaseSync(join(home, 'bare.db'));
  bare.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entry (n INTEGER, text TEXT)',
  );
  const insert = bare.prepare('INSERT INTO entry VALUES (?, ?)');
  const text = 'x'.repeat(400);
  await timesOf(entries, (n) => insert.run(n, text));
  const bareTimes = await timesOf(entries, (n) => insert.run(n, text));
  say(`  a commit of one row on this disk: ${quantile(bareTimes, 0.5).toFixed(3)} ms`);
  bare.close();

  const together = 64;
  const rounds = Math.ceil(entries / together);
  const [all] = await timesOf(1, async () => {
    for (let round = 0; round < rounds; round += 1)
      await Promise.all(Array.from({ length: together }, (_, n) => append(n)));
  });
  report('audit.appendRate64', (rounds * together * 1000) / all!, 'entries/s');

  const startedAt = performance.now();
  const verdict = await audit.verify('home', never);
  say(`  ${verdict.entries} entries verified in ${Math.round(performance.now() - startedAt)} ms`);
  if (!verdict.isIntact) throw new Error('the audit does not verify');
  await close();
  rmSync(home, { recursive: true, force: true });
};

export const benchGate = async ({ isSmoke }: { isSmoke: boolean }): Promise<void> => {
  await benchDecisions(isSmoke ? 5_000 : 50_000);
  await benchCalls(isSmoke ? 100 : 1_000);
  await benchAudit(isSmoke ? 200 : 2_000);
};
