import type { RiskRule } from '@reeve/protocol';
import type { Rates } from '../limits/rates.ts';
import type { AuditLedger } from '../ports/audit.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { People } from '../ports/people.ts';
import type { PolicyDocument, PolicyEngine } from '../ports/policy.ts';
import type { PolicyStore } from '../ports/policy-store.ts';
import type { Store } from '../ports/store.ts';
import type { Tool } from '../ports/tool.ts';
import { createApprovals } from './approvals.ts';
import { createAudit } from './audit.ts';
import { createAuthority } from './authority.ts';
import { createDirectCalls } from './direct-calls.ts';
import { createGate } from './gate.ts';
import { createLocalTime } from './local-time.ts';
import { createPolicies } from './policies.ts';
import { type ApprovalTimes, createQuestions } from './questions.ts';
import { createOwnRiskRules } from './risk/own-rules.ts';
import { createSubmitPlan } from './submit-plan.ts';

export interface GatekeepingOptions {
  store: Store;
  engine: Engine;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** SHA-256, hex. */
  fingerprint: (text: string) => string;
  people: People;
  policy: PolicyEngine;
  policyStore: PolicyStore;
  /** Policies that come with Reeve and hold now. */
  shippedPolicies: () => PolicyDocument[];
  approvalTimes: () => ApprovalTimes;
  auditLedger: AuditLedger;
  /** Takes secrets out of a value. */
  redact: <T>(value: T) => T;
  /** What calls run in; see `FactsDeps`. */
  environment: () => string;
  /** The owner's rules about risk. */
  riskRules: () => Readonly<Record<string, RiskRule>>;
  timeZone: () => string;
  rates: Rates;
}

/** A tool that has not answered by then is given up. */
const toolTimeoutMs = 60_000;

/** The gate and everything that decides with it, put together. */
export const createGatekeeping = (options: GatekeepingOptions, tools: readonly Tool[]) => {
  const { store, engine, clock, newId, log, fingerprint, people, timeZone } = options;
  const authority = createAuthority({
    policy: options.policy,
    people,
    localTime: createLocalTime(clock, timeZone),
  });
  const questions = createQuestions({
    store,
    clock,
    fingerprint,
    redact: options.redact,
    times: options.approvalTimes,
    mayAnswer: (actor, { tool, judgement: { risk } }) =>
      authority.approve(actor, { requester: actor, tool: tool.name, risk }).isAllowed,
  });
  const approvals = createApprovals({
    store,
    engine,
    clock,
    authority,
    redact: options.redact,
    savePolicy: async (actor, policy) => void (await policies.save(actor, { tier: 'admin', ...policy })),
  });
  const gate = createGate({
    tools: [...tools, createSubmitPlan()],
    authority,
    questions,
    approvals,
    rates: options.rates,
    store,
    clock,
    log,
    fingerprint,
    redact: options.redact,
    environment: options.environment,
    ownRiskRules: createOwnRiskRules(options.riskRules),
    timeoutMs: toolTimeoutMs,
  });
  const policies = createPolicies({
    engine: options.policy,
    stored: options.policyStore,
    shipped: options.shippedPolicies,
    clock,
    people,
    authority,
    gate,
    changed: (actor, { tier, name, version, text }) =>
      options.auditLedger.append({
        tenantId: actor.tenantId,
        actor: actor.userId,
        type: text === null ? 'policy.removed' : 'policy.saved',
        outcome: 'ok',
        target: `${tier}/${name}`,
        channel: actor.channel,
        data: { version },
      }),
  });
  return {
    approvals,
    audit: createAudit({ ledger: options.auditLedger, clock }),
    authority,
    callTool: createDirectCalls({ store, gate, fingerprint, newId, timeZone }),
    gate,
    policies,
  };
};
