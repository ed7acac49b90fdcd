import type { ApprovalCall, ApprovalRequest, ApprovalScope, Risk } from '@reeve/protocol';
import type { StoredApproval } from '../ports/approvals.ts';
import type { Clock } from '../ports/clock.ts';
import { nothingPermits } from '../ports/policy.ts';
import type { Store } from '../ports/store.ts';
import { type Actor, homeTenant } from './actor.ts';
import { shownArgsLimit } from './audit-view.ts';
import type { CallFacts } from './authority.ts';
import { higherRisk, riskRank } from './risk/judgement.ts';

/** How long a question waits, in ms. */
export interface ApprovalTimes {
  attended: Record<Risk, number>;
  /** When nobody is there: a schedule, or a person who went away. */
  unattended: number;
  /** How long the answer "for this session" holds. */
  sessionGrant: number;
}

/** One call that a person has to be asked about. */
export interface Question {
  /** The key of the call; null for a step of a plan. */
  callKey: string | null;
  facts: CallFacts;
  args: ApprovalCall['args'];
  policies: string[];
  preview?: string;
}

export interface Asker {
  actor: Actor;
  sessionId: string;
  runId: string;
}

/** A question that a run waits for. */
export interface Asked {
  approvalId: string;
  timeoutMs: number;
}

export interface Questions {
  /**
   * Puts calls to a person as one question, durably, and once: the same key gives the question that is there.
   */
  ask(asker: Asker, key: string, questions: readonly Question[]): Promise<Asked>;
  /** The approval that lets a call pass for the rest of the session, if there is one. */
  sessionGrant(sessionId: string, facts: CallFacts): Promise<StoredApproval | null>;
}

/** Only what is not worse than medium can be waved through for longer than one call (F199). */
export const isMild = (risk: Risk) => riskRank(risk) <= riskRank('medium');

export const createQuestions = (deps: {
  store: Store;
  clock: Clock;
  fingerprint: (text: string) => string;
  /** Takes secrets out of a value. */
  redact: <T>(value: T) => T;
  times: () => ApprovalTimes;
  /** Whether somebody may answer the question about a call of their own. */
  mayAnswer: (actor: Actor, facts: CallFacts) => boolean;
}): Questions => {
  const { store, clock } = deps;

  return {
    async ask({ actor, sessionId, runId }, key, questions) {
      const approvalId = `apr_${deps.fingerprint(key).slice(0, 16)}`;
      const risk = questions.map(({ facts }) => facts.judgement.risk).reduce(higherRisk);
      // Where it is for somebody else to answer, whoever asked is there in vain.
      const isAttended = questions.every(({ facts }) => facts.isAttended && deps.mayAnswer(actor, facts));
      const { attended, unattended } = deps.times();
      const timeoutMs = isAttended ? attended[risk] : unattended;
      const [first] = questions as [Question];
      const isOneTool = questions.every(({ facts }) => facts.tool === first.facts.tool);
      const isPlan = questions.some(({ callKey }) => callKey === null);
      const canBeLonger = isOneTool && !isPlan && isMild(risk);
      // What is forbidden without asking stays so, whatever else is permitted.
      const isOpen = first.policies.every((name) => name === nothingPermits);
      const policy = canBeLonger && isOpen ? alwaysPolicy(actor, first.facts) : null;
      const scopes: ApprovalScope[] = ['once', ...(canBeLonger ? (['session'] as const) : [])];
      // What may be is for the tier admin to say, and that is of the first tenant.
      if (policy !== null && actor.tenantId === homeTenant) scopes.push('always');
      const data: ApprovalRequest = {
        approvalId,
        runId,
        requestedBy: actor.userId,
        channel: actor.channel,
        risk,
        calls: questions.map((question) => toCall(question, deps.redact)),
        policies: [...new Set(questions.flatMap(({ policies }) => policies))],
        scopes,
        policy,
        isAttended,
        expiresAt: clock.now() + timeoutMs,
      };
      const event = await store.write((tx) =>
        tx.append(sessionId, { type: 'approval.requested', data }, `${approvalId}#requested`),
      );
      // After a restart the question is the one that was put before, with the time that it has left.
      const asked = event.type === 'approval.requested' ? event.data : data;
      return { approvalId, timeoutMs: Math.max(0, asked.expiresAt - clock.now()) };
    },

    async sessionGrant(sessionId, { tool, judgement }) {
      if (!isMild(judgement.risk)) return null;
      return store.sessionGrant(sessionId, tool.name, clock.now() - deps.times().sessionGrant);
    },
  };
};

const toCall = ({ callKey, facts, args, preview }: Question, redact: <T>(value: T) => T): ApprovalCall => ({
  callKey,
  tool: facts.tool.name,
  args,
  target: facts.target,
  risk: facts.judgement.risk,
  rules: facts.judgement.rules,
  digest: facts.digest,
  ...(preview !== undefined && { preview }),
  argsShown: JSON.stringify(redact(args)).slice(0, shownArgsLimit),
});

/** What "always" would write: this tool, at this risk, for this person. */
const alwaysPolicy = ({ userId }: Actor, { tool, judgement }: CallFacts): string =>
  `@description(${JSON.stringify(`Allowed always: ${tool.name} at ${judgement.risk} risk`)})
permit (
  principal == User::${JSON.stringify(userId)},
  action == Action::"call unattended",
  resource == Tool::${JSON.stringify(tool.name)}
)
when { context.risk == ${JSON.stringify(judgement.risk)} };
`;
