import type { PolicyDocument, PolicyPrincipal, PolicyRequest } from '@reeve/core';
import { describe, expect, test } from 'vitest';
import { parseDocument, shippedPolicies } from '../src/documents.ts';
import { createPolicyEngine, type PolicyProfile, shippedDocuments } from '../src/index.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const api = [
  { name: 'sessions.list', permission: 'chat:read' },
  { name: 'chat.send', permission: 'chat:write' },
  { name: 'policies.save', permission: 'policy:manage' },
] as const;

const flags = {
  canInstallSoftware: false,
  canExecCommands: true,
  canUseBrowser: true,
  requiresAdminApproval: false,
  contentFilter: 'off' as const,
  maxTokensPerDay: null,
};
const person = (userId: string, role: string, more: Partial<PolicyPrincipal> = {}): PolicyPrincipal => ({
  tenantId: 'home',
  userId,
  role,
  baseRole: role,
  channel: 'web',
  flags,
  ...more,
});
const context = {
  channel: 'web',
  hour: 12,
  minute: 0,
  weekday: 1,
  risk: 'low',
  riskRank: 0,
  attended: true,
  agent: 'main',
  taint: [],
  trust: 50,
  anomaly: 0,
  threat: 0,
  digest: 'd',
  target: '',
};
const ranks = ['low', 'medium', 'high', 'critical'];
const call = (
  principal: PolicyPrincipal,
  more: {
    action?: string;
    tool?: string;
    level?: string;
    risk?: string;
    kind?: string;
    context?: object;
  } = {},
): PolicyRequest => ({
  principal,
  action: more.action ?? 'call',
  resource: {
    type: 'Tool',
    id: more.tool ?? 'write_file',
    risk: more.risk ?? 'low',
    effect: 'unsafe',
    kind: more.kind ?? '',
    level: more.level ?? 'standard',
  },
  context: {
    ...context,
    risk: more.risk ?? 'low',
    riskRank: ranks.indexOf(more.risk ?? 'low'),
    ...more.context,
  },
});
const method = (principal: PolicyPrincipal, action: string, tenant = 'home'): PolicyRequest => ({
  principal,
  action,
  resource: { type: 'Tenant', id: tenant },
  context: { channel: 'web', hour: 12, minute: 0, weekday: 1 },
});
const document = (text: string, more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  name: 'own',
  tier: 'admin',
  tenantId: null,
  userId: null,
  text,
  ...more,
});
const open = async (documents: PolicyDocument[] = [], profile: PolicyProfile = 'household') => {
  const engine = createPolicyEngine({
    api: async () => api,
    profile: () => profile,
    log,
  });
  engine.configure(documents);
  await engine.ready();
  return engine;
};

const admin = person('owner', 'admin');
const user = person('ada', 'user');
const child = person('kim', 'child');
const guest = person('gus', 'guest');

describe('what comes with Reeve', () => {
  test.each(['household', 'production', 'locked'] as const)(
    '%s: the parsed policies are those of the texts',
    (profile) => {
      const parsed = shippedDocuments(profile).flatMap((document) => {
        const answer = parseDocument(document);
        if (!answer.ok) throw new Error(answer.message);
        return answer.policies;
      });
      expect(shippedPolicies(profile)).toEqual(parsed);
    },
  );

  test('F236 everybody gets what their role says, and no more', async () => {
    const { decide } = await open();
    const may = (request: PolicyRequest) => decide(request).isAllowed;
    expect(may(call(admin, { level: 'admin' }))).toBe(true);
    expect(may(call(user, { level: 'admin' }))).toBe(false);
    expect(may(call(user))).toBe(true);
    expect(may(call(child))).toBe(false);
    expect(may(call(child, { level: 'chat-safe' }))).toBe(true);
    expect(may(call(guest, { level: 'chat-safe' }))).toBe(false);
    expect(may(call(guest, { level: 'read-only' }))).toBe(true);
    expect(may(method(admin, 'policies.save'))).toBe(true);
    expect(may(method(user, 'policies.save'))).toBe(false);
    expect(may(method(guest, 'chat.send'))).toBe(true);
    expect(may(call(person('x', 'nobody')))).toBe(false);
  });

  test('F236 a role of the owner’s making is what it narrows', async () => {
    const { decide } = await open();
    expect(decide(call(person('n', 'nanny', { baseRole: 'user' }))).isAllowed).toBe(true);
    expect(decide(call(person('n', 'nanny', { baseRole: 'guest' }))).isAllowed).toBe(false);
  });

  test('F302 nobody reaches into another tenant, not even an admin', async () => {
    const { decide } = await open();
    expect(decide(method(admin, 'sessions.list', 'elsewhere'))).toEqual({
      isAllowed: false,
      policies: ['built-in/built-in#own-tenant-only'],
    });
  });

  test.each(['household', 'production', 'locked'] as const)(
    'F198 %s: critical is asked of everybody',
    async (profile) => {
      const { decide } = await open([], profile);
      for (const who of [admin, user, child, guest])
        for (const level of ['read-only', 'admin'])
          expect(decide(call(who, { action: 'call unattended', risk: 'critical', level })).isAllowed).toBe(
            false,
          );
    },
  );

  test('F238 a flag that is not given forbids the kind of tool', async () => {
    const { decide } = await open();
    const without = person('ada', 'user', {
      flags: { ...flags, canExecCommands: false, requiresAdminApproval: true },
    });
    expect(decide(call(without, { kind: 'command' })).policies).toEqual([
      'built-in/built-in#commands-need-the-flag',
    ]);
    expect(decide(call(user, { kind: 'command' })).isAllowed).toBe(true);
    const quiet = { action: 'call unattended', level: 'chat-safe', risk: 'medium' };
    expect(decide(call(user, quiet)).isAllowed).toBe(true);
    expect(decide(call(without, quiet)).isAllowed).toBe(false);
  });

  test.each(['household', 'production', 'locked'] as const)('%s fits the schema', async (profile) => {
    const engine = await open([], profile);
    expect(decideAny(engine)).toBe(true);
    const { shippedPolicy } = await import('../src/index.ts');
    for (const name of ['built-in', profile] as const)
      expect(await engine.check(document(shippedPolicy(name), { name, tier: 'built-in' }))).toEqual([]);
  });
});

const decideAny = (engine: Awaited<ReturnType<typeof open>>) => engine.decide(call(admin)).isAllowed;

describe('tiers', () => {
  test('F196 a lower tier only narrows: a permit there is refused', async () => {
    const engine = await open();
    const permit = 'permit(principal, action == Action::"call", resource);';
    for (const tier of ['tenant', 'user'] as const) {
      const problems = await engine.check(
        document(permit, { tier, tenantId: 'home', userId: tier === 'user' ? 'ada' : null }),
      );
      expect(problems.some(({ isError }) => isError)).toBe(true);
    }
    expect(await engine.check(document(permit))).toEqual([]);
  });

  test('F196 a user’s policy is about that user alone', async () => {
    const engine = await open();
    const text = (who: string) =>
      `forbid(principal == User::"${who}", action == Action::"call", resource == Tool::"x");`;
    const own = { tier: 'user' as const, tenantId: 'home', userId: 'ada' };
    expect(await engine.check(document(text('ada'), own))).toEqual([]);
    expect((await engine.check(document(text('bob'), own)))[0]).toMatchObject({ isError: true });
    expect((await engine.check(document('forbid(principal, action, resource);', own)))[0]).toMatchObject({
      isError: true,
    });
  });

  test('F302 a tenant’s policies concern that tenant alone', async () => {
    const { decide } = await open([
      document('forbid(principal, action == Action::"call", resource == Tool::"write_file");', {
        tier: 'tenant',
        tenantId: 'home',
      }),
    ]);
    expect(decide(call(user)).isAllowed).toBe(false);
    expect(decide(call({ ...user, tenantId: 'elsewhere' })).isAllowed).toBe(true);
  });

  test('F196 a document that does not fit is named, and does not open anything', async () => {
    const engine = await open([document('permit(principal, action == Action::"fly", resource);')]);
    expect(engine.decide(call(child)).isAllowed).toBe(false);
    expect(engine.decide(call(user)).isAllowed).toBe(true);
    expect((await engine.check(document('permit(principal action resource);')))[0]).toMatchObject({
      isError: true,
    });
    expect(
      (
        await engine.check(
          document('forbid(principal, action == Action::"call", resource) when { context.nothing };'),
        )
      )[0],
    ).toMatchObject({ isError: true });
  });
});

describe('decisions', () => {
  test('F196 deny is the last word, and says so by name', async () => {
    const { decide } = await open([
      document('@id("no-mail") forbid(principal, action == Action::"call", resource == Tool::"send_email");'),
    ]);
    expect(decide(call(admin, { tool: 'send_email' }))).toEqual({
      isAllowed: false,
      policies: ['admin/own#no-mail'],
    });
    expect(decide(call(admin)).policies).toEqual(['admin/household#admins-manage']);
  });

  test('what a policy looks at is never taken from an answer to another question', async () => {
    const { decide } = await open([
      document(
        'forbid(principal, action == Action::"call", resource) when { context.hour >= 22 || context.hour < 7 };',
      ),
    ]);
    const at = (hour: number) => decide(call(user, { context: { hour } })).isAllowed;
    expect([at(12), at(23), at(12), at(3), at(8)]).toEqual([true, false, true, false, true]);
  });

  test('F196 roles that skip lists skip them, and never what is critical', async () => {
    const list = document(
      'forbid(principal, action == Action::"call", resource == Tool::"write_file") unless { principal.skipsLists };',
    );
    const exception = document(
      'permit(principal in Role::"user", action == Action::"skip lists", resource) when { context.hour < 20 };',
      { name: 'exception' },
    );
    const at = (hour: number) => call(user, { context: { hour } });
    const without = await open([list]);
    expect([admin, user].map((who) => without.decide(call(who)).isAllowed)).toEqual([false, false]);
    const { decide, configure } = await open([list, exception]);
    expect([at(19), at(20)].map((request) => decide(request).isAllowed)).toEqual([true, false]);
    expect(decide(call(admin)).isAllowed).toBe(false);
    expect(decide(call(user, { action: 'call unattended', risk: 'critical' })).isAllowed).toBe(false);
    // A tenant may take the exception back from its own.
    const narrowed = document('forbid(principal, action == Action::"skip lists", resource);', {
      tier: 'tenant',
      tenantId: user.tenantId,
      name: 'no exceptions',
    });
    configure([list, exception, narrowed]);
    expect(decide(at(19)).isAllowed).toBe(false);
  });

  test('where no policy of the owner fits, those that came with Reeve and were replaced do not allow', async () => {
    const use: PolicyRequest = {
      principal: user,
      action: 'use',
      resource: { type: 'Model', id: 'openai/x' },
      context: { channel: 'web', hour: 12, minute: 0, weekday: 1 },
    };
    const own = document('permit(principal, action == Action::"chat:read", resource);');
    expect((await open()).decide(use).isAllowed).toBe(true);
    expect((await open([{ ...own, name: 'household' }])).decide(use).isAllowed).toBe(false);
  });

  test('a forbid that cannot be evaluated forbids', async () => {
    const { decide } = await open([
      document(
        'forbid(principal, action == Action::"call", resource) when { context.trust - 9223372036854775807 < context.threat - 9223372036854775807 };',
      ),
    ]);
    expect(decide(call(user, { context: { trust: -50 } })).isAllowed).toBe(false);
  });

  test('nothing is allowed before the policies are there', () => {
    const engine = createPolicyEngine({
      api: async () => api,
      profile: () => 'household',
      log,
    });
    expect(engine.decide(call(admin)).isAllowed).toBe(false);
  });

  test('F195 F302 documents of one name, of two tenants or of two people, are asked for whom they are', async () => {
    const forbidden = (tool: string, more: Partial<PolicyDocument>) =>
      document(`forbid(principal, action == Action::"call", resource == Tool::"${tool}");`, more);
    const own = (who: PolicyPrincipal, tool: string) =>
      document(
        `forbid(principal == User::"${who.userId}", action == Action::"call", resource == Tool::"${tool}");`,
        {
          tier: 'user',
          name: 'mine',
          tenantId: who.tenantId,
          userId: who.userId,
        },
      );
    const next = { ...user, tenantId: 'next', userId: 'bea' };
    const { decide } = await open([
      forbidden('other', { tier: 'tenant', name: 'house', tenantId: user.tenantId }),
      forbidden('write_file', { tier: 'tenant', name: 'house', tenantId: next.tenantId }),
      own(user, 'other'),
      own(admin, 'write_file'),
    ]);
    expect([user, next, admin].map((who) => decide(call(who)).isAllowed)).toEqual([true, false, false]);
  });

  test('F195 a slice that gave way and came back is not asked by the set of another', async () => {
    const people = Array.from({ length: 2_105 }, (_, n) => person(`u${n}`, 'user'));
    const { decide } = await open(
      people.map(({ userId }, n) =>
        document(
          `forbid(principal == User::"${userId}", action == Action::"call", resource) when { context.risk == "high" };`,
          { name: `d${n}` },
        ),
      ),
    );
    const [first] = people as [PolicyPrincipal];
    const at = (tool: string, flags = {}) =>
      decide(call({ ...first, flags: { ...first.flags, ...flags } }, { tool, risk: 'high' })).isAllowed;
    expect(at('a')).toBe(false);
    for (const who of people.slice(1)) decide(call(who, { risk: 'high' }));
    expect(at('b')).toBe(false);
    expect(at('a', { canUseBrowser: !first.flags.canUseBrowser })).toBe(false);
  });

  test('the same answers with and without memory, over many slices', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      document(
        `forbid(principal == User::"u${index}", action == Action::"call", resource == Tool::"t${index % 7}") when { context.risk == "high" };`,
        { name: `d${index}` },
      ),
    );
    const engine = await open(many);
    const answers = () =>
      Array.from(
        { length: 900 },
        (_, index) =>
          engine.decide(
            call(person(`u${index % 300}`, 'user'), {
              tool: `t${index % 7}`,
              risk: index % 2 ? 'high' : 'low',
            }),
          ).isAllowed,
      );
    const first = answers();
    expect(first.filter((isAllowed) => !isAllowed).length).toBeGreaterThan(0);
    for (const [index, isAllowed] of first.entries()) {
      const user = index % 300;
      expect(isAllowed).toBe(!(user < 200 && index % 2 === 1 && index % 7 === user % 7));
    }
    expect(answers()).toEqual(first);
  });
});

test('F196 an explanation names what decided and what would change it', async () => {
  const engine = await open();
  const why = await engine.explain(call(child));
  expect(why.isAllowed).toBe(false);
  expect(why.wouldChange).toContainEqual({ what: 'role', from: 'child', to: 'user', isAllowed: true });
  const asked = await engine.explain(call(user, { action: 'call unattended', risk: 'high' }));
  expect(asked.wouldChange).toContainEqual({ what: 'risk', from: 'high', to: 'low', isAllowed: true });
  const allowed = await engine.explain(call(user));
  expect(allowed.reasons[0]).toMatchObject({
    policy: 'admin/household#members-use-tools',
    effect: 'permit',
    tier: 'admin',
  });
});
