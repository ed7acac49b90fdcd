import {
  FaultError,
  type Policy,
  type PolicyAnswer,
  type PolicyRule,
  type policyQuestionSchema,
} from '@reeve/protocol';
import type { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { People } from '../ports/people.ts';
import type { PolicyDocument, PolicyEngine, PolicyExplanation, PolicyProblem } from '../ports/policy.ts';
import type { PolicyKey, PolicyStore } from '../ports/policy-store.ts';
import { type Actor, homeTenant } from './actor.ts';
import type { Authority } from './authority.ts';
import type { Gate } from './gate.ts';
import { policyOfRule } from './policy-rules.ts';
import { unknownNames } from './unknown-names.ts';

export type PolicyQuestion = z.infer<typeof policyQuestionSchema>;

/** A document that somebody wants to write; the tier says for whom. */
export interface PolicyChange {
  tier: 'admin' | 'tenant' | 'user';
  name: string;
  text: string;
  /** For the tier user; the actor when absent. */
  userId?: string | undefined;
  note?: string | undefined;
}

export interface Policies {
  /** Makes what is stored hold; once, before anything is decided. */
  load(): Promise<void>;
  /** What concerns the actor's tenant, what comes with Reeve included. */
  list(actor: Actor): Promise<Policy[]>;
  history(actor: Actor, key: Pick<PolicyChange, 'tier' | 'name' | 'userId'>): Promise<Policy[]>;
  check(actor: Actor, change: PolicyChange): Promise<PolicyProblem[]>;
  /** Throws FaultError INVALID_PARAMS with the problems, PERMISSION_DENIED for a tier above the actor's. */
  save(actor: Actor, change: PolicyChange): Promise<Policy>;
  /** Throws FaultError NOT_FOUND. */
  remove(actor: Actor, key: Pick<PolicyChange, 'tier' | 'name' | 'userId'>): Promise<void>;
  /** Writes the policy that a rule means, or takes it back; with what is odd about it, and no mistake. */
  rule(
    actor: Actor,
    rule: PolicyRule,
    isRemoved: boolean,
  ): Promise<{ policy: Policy | null; problems: PolicyProblem[] }>;
  /** Throws FaultError TOOL_UNKNOWN, TOOL_INPUT_INVALID, USER_NOT_FOUND. */
  explain(actor: Actor, question: PolicyQuestion, signal: AbortSignal): Promise<PolicyAnswer>;
}

export const createPolicies = (deps: {
  engine: PolicyEngine;
  stored: PolicyStore;
  /** What comes with Reeve and holds now. */
  shipped: () => PolicyDocument[];
  clock: Clock;
  people: People;
  authority: Authority;
  gate: Gate;
  /** Told of each change, after it holds. */
  changed: (actor: Actor, policy: Policy) => Promise<void>;
}): Policies => {
  const { engine, stored, clock } = deps;

  const load = async () =>
    engine.configure(
      (await stored.current()).map(({ tier, tenantId, userId, name, text }) => ({
        tier,
        tenantId,
        userId,
        name,
        text: text!,
      })),
    );

  const keyOf = (
    actor: Actor,
    { tier, name, userId }: Pick<PolicyChange, 'tier' | 'name' | 'userId'>,
  ): PolicyKey => {
    if (tier === 'admin' && actor.tenantId !== homeTenant)
      throw new FaultError(
        'PERMISSION_DENIED',
        'Only the owner of this Reeve writes policies of the tier admin.',
        {
          next: 'Use the tier tenant.',
        },
      );
    return {
      tier,
      name,
      tenantId: tier === 'admin' ? null : actor.tenantId,
      userId: tier === 'user' ? (userId ?? actor.userId) : null,
    };
  };

  const write = async (actor: Actor, key: PolicyKey, text: string | null, note: string): Promise<Policy> => {
    const saved = await stored.add({ ...key, text, note, by: actor.userId, at: clock.now() });
    await load();
    await deps.changed(actor, saved);
    return saved;
  };

  const save: Policies['save'] = async (actor, change) => {
    const key = keyOf(actor, change);
    const problems = (await engine.check({ ...key, text: change.text })).filter(({ isError }) => isError);
    if (problems.length > 0)
      throw new FaultError('INVALID_PARAMS', problems.map(({ message }) => message).join(' '), {
        details: { problems },
        next: 'Correct the policy; nothing was changed.',
      });
    const [newest] = await stored.history(key);
    if (newest?.text === change.text) return newest;
    return write(actor, key, change.text, change.note ?? '');
  };

  const tools = new Set(deps.gate.infos.map(({ name }) => name));
  const warningsOf = ({ tenantId }: Actor, { name, text }: Pick<PolicyChange, 'name' | 'text'>) =>
    unknownNames({ name, text, tenantId }, { tools, people: deps.people });

  const remove = async (actor: Actor, key: PolicyKey, note: string) => {
    const [newest] = await stored.history(key);
    if (!newest || newest.text === null) throw new FaultError('NOT_FOUND', 'There is no such policy.');
    return write(actor, key, null, note);
  };

  /** Who says what may be: the owner of this Reeve for all, another tenant's admin for that tenant. */
  const tierOf = ({ tenantId }: Actor) => (tenantId === homeTenant ? 'admin' : 'tenant');

  const concerns = ({ tenantId }: Actor, policy: PolicyKey) =>
    policy.tenantId === null || policy.tenantId === tenantId;

  return {
    load,

    async list(actor) {
      const shipped = deps
        .shipped()
        .map((document) => ({ ...document, version: 0, by: 'reeve', at: 0, note: 'Comes with Reeve.' }));
      const own = (await stored.current()).filter((policy) => concerns(actor, policy));
      return [...shipped, ...own];
    },

    history: async (actor, key) => stored.history(keyOf(actor, key)),

    check: async (actor, change) => [
      ...(await engine.check({ ...keyOf(actor, change), text: change.text })),
      ...warningsOf(actor, change),
    ],
    save,
    remove: async (actor, key) => void (await remove(actor, keyOf(actor, key), '')),

    async rule(actor, rule, isRemoved) {
      const { name, text } = policyOfRule(rule);
      const tier = tierOf(actor);
      if (isRemoved) {
        await remove(actor, keyOf(actor, { tier, name }), 'The rule was taken back.');
        return { policy: null, problems: [] };
      }
      if (isEmptyList(rule))
        throw new FaultError('INVALID_PARAMS', 'A list of nothing would forbid everything.', {
          next: 'Name what stays allowed, or write a policy of your own that forbids all.',
        });
      const change = { tier, name, text, note: 'Written from a rule.' } as const;
      return { policy: await save(actor, change), problems: warningsOf(actor, change) };
    },

    async explain(actor, { tool, args, user, channel, isAttended }, signal) {
      // How somebody else stands is for those who write the rules.
      if (
        user !== undefined &&
        user !== actor.userId &&
        !deps.authority.method(actor, 'policies.list', 'policy:manage').isAllowed
      )
        throw new FaultError('PERMISSION_DENIED');
      const person = deps.people.find({ tenantId: actor.tenantId, userId: user ?? actor.userId });
      if (!person) throw new FaultError('USER_NOT_FOUND');
      const who: Actor = { tenantId: actor.tenantId, userId: person.userId, role: person.role, channel };
      const facts = await deps.gate.facts({
        actor: who,
        sessionId: '',
        isAttended,
        signal,
        name: tool,
        args,
      });
      const explain = (action: 'call' | 'call unattended'): Promise<PolicyExplanation> => {
        const request = deps.authority.callRequest(who, facts, action);
        if (!request) throw new FaultError('USER_NOT_FOUND', 'The account is disabled.');
        return engine.explain(request);
      };
      const [call, unattended] = [await explain('call'), await explain('call unattended')];
      return {
        outcome: !call.isAllowed ? 'deny' : unattended.isAllowed ? 'allow' : 'ask',
        risk: facts.judgement.risk,
        rules: facts.judgement.rules,
        call,
        unattended,
      };
    },
  };
};

const isEmptyList = (rule: PolicyRule): boolean =>
  (rule.kind === 'tool-list' && rule.tools.length === 0) ||
  (rule.kind === 'model-list' && rule.models.length === 0);
