import { readFileSync } from 'node:fs';
import type { PolicyDocument, PolicyProblem, PolicyTier } from '@reeve/core';
import { loadCedar, type PolicyJson, type Schema } from './cedar.ts';
import { uidText } from './heads.ts';
import shippedJson from './policies/shipped.json' with { type: 'json' };

/** One policy of a document, ready to be asked. */
export interface LoadedPolicy {
  /** `tier/document#id`. */
  name: string;
  tier: PolicyTier;
  tenantId: string | null;
  userId: string | null;
  description: string;
  text: string;
  json: PolicyJson;
}

export type PolicyProfile = 'household' | 'production' | 'locked';

/** Texts that come with Reeve. */
export const shippedPolicy = (name: 'built-in' | PolicyProfile): string =>
  readFileSync(new URL(`./policies/${name}.cedar`, import.meta.url), 'utf8');

/** What holds while nobody has written anything: what is built in, and the profile that says what may be. */
export const shippedDocuments = (profile: PolicyProfile): PolicyDocument[] => {
  const shipped = (name: 'built-in' | PolicyProfile, tier: 'built-in' | 'admin'): PolicyDocument => ({
    name,
    tier,
    tenantId: null,
    userId: null,
    text: shippedPolicy(name),
  });
  return [shipped('built-in', 'built-in'), shipped(profile, 'admin')];
};

/** One policy as Cedar understands it. */
export interface PolicyPart {
  text: string;
  json: PolicyJson;
}

/** What the shipped documents parse to, written by `npm run docs`: Cedar takes 0.2 s of CPU for it at each start. */
const shippedParts = shippedJson as unknown as Record<'built-in' | PolicyProfile, PolicyPart[]>;

/** The policies of the shipped documents. */
export const shippedPolicies = (profile: PolicyProfile): LoadedPolicy[] =>
  shippedDocuments(profile).flatMap((document) =>
    namePolicies(document, shippedParts[document.name as PolicyProfile]),
  );

type Parsed<Part> = { ok: true; policies: Part[] } | { ok: false; message: string };

/** Splits a text into its policies. */
export const splitPolicies = (source: string): Parsed<PolicyPart> => {
  const cedar = loadCedar();
  const parts = cedar.policySetTextToParts(source);
  if (parts.type === 'failure')
    return { ok: false, message: parts.errors.map(({ message }) => message).join('; ') };
  if (parts.policy_templates.length > 0)
    return { ok: false, message: 'Templates with slots are not supported; write each policy out.' };
  const policies: PolicyPart[] = [];
  for (const text of parts.policies) {
    const answer = cedar.policyToJson(text);
    if (answer.type === 'failure')
      return { ok: false, message: answer.errors.map(({ message }) => message).join('; ') };
    policies.push({ text, json: answer.json });
  }
  return { ok: true, policies };
};

const namePolicies = (
  { tier, name, tenantId, userId }: PolicyDocument,
  parts: readonly PolicyPart[],
): LoadedPolicy[] =>
  parts.map(({ text, json }, index) => {
    const { id = String(index + 1), description = '' } = json.annotations ?? {};
    return { name: `${tier}/${name}#${id}`, tier, tenantId, userId, description, text, json };
  });

/** Splits a document into its policies and gives each a name. */
export const parseDocument = (document: PolicyDocument): Parsed<LoadedPolicy> => {
  const parsed = splitPolicies(document.text);
  return parsed.ok ? { ok: true, policies: namePolicies(document, parsed.policies) } : parsed;
};

/** The lower tiers may only forbid; a user's policies may only be about that user. */
export const tierProblems = ({ name, tier, userId, json }: LoadedPolicy): PolicyProblem[] => {
  if (tier === 'built-in' || tier === 'admin') return [];
  const problems: PolicyProblem[] = [];
  if (json.effect !== 'forbid')
    problems.push({
      policy: name,
      isError: true,
      message: `A policy of the tier ${tier} can only forbid; what may be is the admin's to say.`,
    });
  const { principal } = json;
  const isOwn =
    principal.op === '==' &&
    'entity' in principal &&
    uidText(principal.entity) === uidText({ type: 'User', id: userId ?? '' });
  if (tier === 'user' && !isOwn)
    problems.push({
      policy: name,
      isError: true,
      message: `A policy of a user must begin with principal == User::${JSON.stringify(userId)}.`,
    });
  return problems;
};

/** Everything that speaks against a document: syntax, schema, tier, names given twice. */
export const checkDocument = (document: PolicyDocument, schema: Schema): PolicyProblem[] => {
  const parsed = parseDocument(document);
  if (!parsed.ok) return [{ policy: document.name, isError: true, message: parsed.message }];
  const names = parsed.policies.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const answer = loadCedar().validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(parsed.policies.map(({ name, text }) => [name, text])) },
  });
  const found =
    answer.type === 'failure'
      ? answer.errors.map(({ message }) => ({ policy: document.name, message, isError: true }))
      : [
          ...answer.validationErrors.map(({ policyId, error }) => ({
            policy: policyId,
            message: [error.message, error.help].filter(Boolean).join(' '),
            isError: true,
          })),
          ...answer.validationWarnings.map(({ policyId, error }) => ({
            policy: policyId,
            message: error.message,
            isError: false,
          })),
        ];
  return [
    ...twice.map((policy) => ({ policy, message: 'Two policies have this id.', isError: true })),
    ...parsed.policies.flatMap(tierProblems),
    ...found,
  ];
};
