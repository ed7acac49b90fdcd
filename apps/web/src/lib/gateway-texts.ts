import { type ConfigValue, type Fault, type FaultCode, faultCatalogue } from '@reeve/protocol';

/** What the gateway says in English, in another language. */
export interface GatewayTexts {
  /** What a setting does, by its key; `<name>` stands for a name that the owner gave. */
  settings: Record<string, string>;
  /** What went wrong, and what to do next. */
  faults: Record<FaultCode, readonly [message: string, next: string]>;
  /** Sentences said on one occasion: `$1` in a text is what the pattern's group found, `{1}` the same in these words. */
  phrases: readonly (readonly [pattern: RegExp, text: string])[];
  /** Types and outcomes of the audit. */
  auditTypes: Record<string, string>;
  auditOutcomes: Record<string, string>;
  /** Names of the policies that come with Reeve, and what each says, by its id in them. */
  policyNames: Record<string, string>;
  policies: Record<string, Record<string, string>>;
}

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

/** A fault in the page's language. What only the gateway knows (a name, a limit) stays in its words. */
export const faultIn = (
  texts: GatewayTexts | null,
  { code, message, next = '' }: Fault,
): { message: string; next: string } => {
  const known = texts?.faults[code];
  if (!texts || !known) return { message, next };
  const general = faultCatalogue[code];
  const said = phraseIn(texts, message);
  return {
    message: message === general.message ? known[0] : said !== message ? said : `${known[0]} (${message})`,
    next: next === general.next ? known[1] : phraseIn(texts, next),
  };
};

/** A reason or another sentence of the gateway; as it is when there are no other words for it. */
export const phraseIn = (texts: GatewayTexts | null, said: string): string => {
  for (const [pattern, text] of texts?.phrases ?? []) {
    const found = pattern.exec(said);
    if (found)
      return text.replace(/\{(\d)\}|\$(\d)/g, (_, inner?: string, plain?: string) =>
        inner === undefined ? (found[Number(plain)] ?? '') : phraseIn(texts, found[Number(inner)] ?? ''),
      );
  }
  return said;
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
