import { includesScope, isUnscopedMethod, type Permission, type Risk } from '@reeve/protocol';
import { mainAgent } from '../main-agent.ts';
import type { People, Person } from '../ports/people.ts';
import type { PolicyDecision, PolicyEngine, PolicyPrincipal, PolicyRequest } from '../ports/policy.ts';
import type { Tool } from '../ports/tool.ts';
import type { Actor, Owner } from './actor.ts';
import type { LocalTime } from './local-time.ts';
import { type RiskJudgement, riskRank } from './risk/judgement.ts';

/** Everything about a call that a decision may depend on. */
export interface CallFacts {
  tool: Tool;
  judgement: RiskJudgement;
  target: string;
  digest: string;
  isAttended: boolean;
}

/** May it be made at all, and may it be made without asking. `unattended` is that of `call` when that is a no. */
export interface CallAuthority {
  call: PolicyDecision;
  unattended: PolicyDecision;
}

export interface ApprovalFacts {
  requester: Owner;
  risk: Risk;
  tool: string;
}

/**
 * What the policies say, asked in Reeve's own words. Nothing is decided here: who somebody is comes from the people
 * there are at this moment, and whoever is unknown or disabled is denied.
 */
export interface Authority {
  ready(): Promise<void>;
  /** A method of the API; `permission` is the one it belongs to. The credential must be good for it, too. */
  method(actor: Actor, action: string, permission: Permission): PolicyDecision;
  call(actor: Actor, facts: CallFacts): CallAuthority;
  approve(actor: Actor, facts: ApprovalFacts): PolicyDecision;
  useModel(actor: Actor, model: string): PolicyDecision;
  /** Whether no budget stops somebody; what they spend counts all the same. */
  exceedBudget(actor: Actor): PolicyDecision;
  exceedRate(actor: Actor): PolicyDecision;
  /** What would be asked about a call, to be explained. */
  callRequest(actor: Actor, facts: CallFacts, action: 'call' | 'call unattended'): PolicyRequest | null;
}

/** Constant until what watches for them exists; policies can name them already. */
const scores = { trust: 50, anomaly: 0, threat: 0 };

const nobody: PolicyDecision = { isAllowed: false, policies: ['the account is unknown or disabled'] };
const outOfScope: PolicyDecision = { isAllowed: false, policies: ['the credential is not good for this'] };

const isInScope = (scopes: readonly string[], action: string, permission: Permission): boolean =>
  includesScope(scopes, isUnscopedMethod(action) ? '*:*' : permission);

export const createAuthority = (deps: {
  policy: PolicyEngine;
  people: People;
  localTime: () => LocalTime;
}): Authority => {
  const { policy, people } = deps;

  const principalOf = (actor: Actor): PolicyPrincipal | null => {
    const person = people.find(actor);
    if (!person || person.isDisabled) return null;
    return { ...actor, role: person.role, baseRole: person.baseRole, flags: person.flags };
  };
  const when = ({ channel }: Actor) => {
    const { hour, minute, weekday } = deps.localTime();
    return { channel, hour, minute, weekday };
  };

  const callRequest: Authority['callRequest'] = (actor, facts, action) => {
    const principal = principalOf(actor);
    const { tool, judgement } = facts;
    return (
      principal && {
        principal,
        action,
        resource: {
          type: 'Tool',
          id: tool.name,
          risk: tool.risk,
          effect: tool.effect,
          kind: tool.kind ?? '',
          level: tool.level ?? 'standard',
        },
        context: {
          ...when(actor),
          ...scores,
          risk: judgement.risk,
          riskRank: riskRank(judgement.risk),
          attended: facts.isAttended,
          agent: mainAgent,
          taint: [],
          digest: facts.digest,
          target: facts.target,
        },
      }
    );
  };

  const simple = (
    actor: Actor,
    action: string,
    resource: PolicyRequest['resource'],
    context: PolicyRequest['context'] = {},
  ): PolicyDecision => {
    const principal = principalOf(actor);
    if (!principal) return nobody;
    return policy.decide({ principal, action, resource, context: { ...when(actor), ...context } });
  };

  return {
    ready: policy.ready,
    callRequest,

    method(actor, action, permission) {
      if (actor.scopes && !isInScope(actor.scopes, action, permission)) return outOfScope;
      return simple(actor, action, { type: 'Tenant', id: actor.tenantId });
    },

    call(actor, facts) {
      const request = callRequest(actor, facts, 'call');
      if (!request) return { call: nobody, unattended: nobody };
      const call = policy.decide(request);
      return {
        call,
        unattended: call.isAllowed ? policy.decide({ ...request, action: 'call unattended' }) : call,
      };
    },

    approve(actor, { requester, risk, tool }) {
      if (actor.tenantId !== requester.tenantId) return nobody;
      if (actor.scopes !== undefined && !includesScope(actor.scopes, 'approval:decide')) return outOfScope;
      const ask = (who: Actor, hasOther: boolean) =>
        simple(
          who,
          'approve',
          { type: 'User', id: requester.userId },
          {
            risk,
            tool,
            isOwn: who.userId === requester.userId,
            hasOther,
          },
        );
      const others = people
        .list(actor.tenantId)
        .filter(({ userId, isDisabled }) => userId !== requester.userId && !isDisabled)
        .some((person) => ask(asActor(person), false).isAllowed);
      return ask(actor, others);
    },

    useModel: (actor, model) => simple(actor, 'use', { type: 'Model', id: model }),
    exceedRate: (actor) => simple(actor, 'exceed rate', { type: 'Tenant', id: actor.tenantId }),
    exceedBudget: (actor) => simple(actor, 'exceed budget', { type: 'Tenant', id: actor.tenantId }),
  };
};

const asActor = ({ tenantId, userId, role }: Person): Actor => ({ tenantId, userId, role, channel: 'reeve' });
