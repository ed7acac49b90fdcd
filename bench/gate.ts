import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyDocument, PolicyRequest } from '@reeve/core';
import { createPolicyEngine } from '@reeve/policy';
import { openStore } from '@reeve/store';
import { startHarness } from '@reeve/testkit';
import { quantile } from './process-stats.ts';
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
        ? `forbid (principal == User::"u${n}", action == Action::"call", resource == Tool::"t${n % 20}") unless { principal.bypassesLists };`
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
    bypassRoles: () => [],
    log: silent,
  });
  engine.configure(manyPolicies());
  await engine.ready();
  const times: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const startedAt = performance.now();
    engine.decide(questionOf(n));
    times.push(performance.now() - startedAt);
  }
  report('gate.decisionP50Ms', quantile(times, 0.5), 'ms');
  report('gate.decisionP99Ms', quantile(times, 0.99), 'ms');
};

/** `gate.callCpuUs`: CPU of everything between a model's call and its result, a tool that does nothing taken. */
const benchCalls = async (turns: number): Promise<void> => {
  await using harness = await startHarness();
  const { id: sessionId } = await harness.client.sessions.create({});
  const call = () => harness.client.tools.call({ name: 'list_reminders', sessionId });
  const nothing = () => harness.client.system.version();
  const cpuOf = async (work: () => Promise<unknown>) => {
    for (let n = 0; n < 50; n += 1) await work();
    const before = process.cpuUsage();
    for (let n = 0; n < turns; n += 1) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / turns;
  };
  // What a request costs that does nothing is no part of the gate.
  const bare = await cpuOf(nothing);
  report('gate.callCpuUs', Math.max(0, (await cpuOf(call)) - bare), 'us');
};

/** `audit.appendP50Ms`: one entry, chained, signed and on disk. */
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
  const times: number[] = [];
  for (let n = 0; n < entries; n += 1) {
    const startedAt = performance.now();
    await audit.append({ tenantId: 'home', actor: 'owner', type: 'tool.called', outcome: 'ok', data: { n } });
    times.push(performance.now() - startedAt);
  }
  report('audit.appendP50Ms', quantile(times, 0.5), 'ms');
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
