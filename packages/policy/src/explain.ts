import type { PolicyDecision, PolicyExplanation, PolicyRequest } from '@reeve/core';
import { builtInRoles, type Json, riskSchema } from '@reeve/protocol';
import type { LoadedPolicy } from './documents.ts';

/** The same question with one thing different, for each thing that an owner could make different. */
const variants = (
  request: PolicyRequest,
): { what: string; from: Json; to: Json; request: PolicyRequest }[] => {
  const { principal, context } = request;
  const withContext = (what: string, to: string | boolean, more: PolicyRequest['context'] = {}) => ({
    what,
    from: context[what] as Json,
    to,
    request: { ...request, context: { ...context, [what]: to, ...more } },
  });
  return [
    ...builtInRoles
      .filter((role) => role !== principal.role)
      .map((role) => ({
        what: 'role',
        from: principal.role,
        to: role,
        request: { ...request, principal: { ...principal, role, baseRole: role } },
      })),
    ...('risk' in context
      ? riskSchema.options
          .map((risk, riskRank) => ({ risk, riskRank }))
          .filter(({ risk }) => risk !== context.risk)
          .map(({ risk, riskRank }) => withContext('risk', risk, { riskRank }))
      : []),
    ...('attended' in context ? [withContext('attended', !context.attended)] : []),
    ...(['canExecCommands', 'canUseBrowser', 'canInstallSoftware', 'requiresAdminApproval'] as const).map(
      (flag) => ({
        what: flag,
        from: principal.flags[flag],
        to: !principal.flags[flag],
        request: {
          ...request,
          principal: { ...principal, flags: { ...principal.flags, [flag]: !principal.flags[flag] } },
        },
      }),
    ),
  ];
};

export const explainWith = (
  decide: (request: PolicyRequest) => PolicyDecision,
  policies: ReadonlyMap<string, LoadedPolicy>,
  request: PolicyRequest,
): PolicyExplanation => {
  const decision = decide(request);
  return {
    ...decision,
    reasons: decision.policies.flatMap((name) => {
      const policy = policies.get(name);
      if (!policy) return [];
      const { tier, description, text, json } = policy;
      return [{ policy: name, tier, effect: json.effect, description, text }];
    }),
    wouldChange: variants(request).flatMap(({ what, from, to, request: varied }) => {
      const { isAllowed } = decide(varied);
      return isAllowed === decision.isAllowed ? [] : [{ what, from, to, isAllowed }];
    }),
  };
};
