import type { ConfigValue } from '@reeve/protocol';
import { type GatewayTexts, phraseIn } from './gateway-texts.ts';

const own = (table: Record<string, string> | undefined, key: string): string | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;

/** A type of the audit; null where the page knows no other words for it. */
export const auditTypeIn = (texts: GatewayTexts | null, type: string): string | null =>
  own(texts?.auditTypes, type) ?? null;
export const outcomeIn = (texts: GatewayTexts | null, outcome: string): string =>
  own(texts?.auditOutcomes, outcome) ?? outcome;

/** What a document is called that comes with Reeve; null for those of people, and where there is no other word. */
export const policyNameIn = (texts: GatewayTexts | null, name: string): string | null =>
  own(texts?.policyNames, name) ?? null;
/** What a policy says, by its name as decisions give it: `admin/household#low-risk-runs`. */
export const policyIn = (texts: GatewayTexts | null, ref: string, description: string): string => {
  const [, document = '', id = ''] = /^[a-z-]+\/([^#]+)#(.+)$/.exec(ref) ?? [];
  const known = texts && Object.hasOwn(texts.policies, document) ? texts.policies[document] : undefined;
  return own(known, id) ?? description;
};

/** What a setting does and what it may be. */
export const settingIn = (
  texts: GatewayTexts | null,
  { key, description, allowed }: Pick<ConfigValue, 'key' | 'description' | 'allowed'>,
): { description: string; allowed: string } => {
  const path = key.split('.');
  const isSame = (pattern: string) => {
    const parts = pattern.split('.');
    return parts.length === path.length && parts.every((part, at) => part === '<name>' || part === path[at]);
  };
  const known = texts && Object.entries(texts.settings).find(([pattern]) => isSame(pattern));
  return { description: known?.[1] ?? description, allowed: phraseIn(texts, allowed) };
};
