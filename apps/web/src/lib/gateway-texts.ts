import { type Fault, type FaultCode, faultCatalogue } from '@reeve/protocol';

type FaultWords = readonly [message: string, next: string];

/** What the gateway says in English, in the words of the page. */
export interface GatewayTexts {
  /** What a setting does, by its key; `<name>` stands for a name that the owner gave. */
  settings: Record<string, string>;
  /** What went wrong, and what to do next. */
  faults: Partial<Record<FaultCode, FaultWords>>;
  /** Faults that a page says in words of its own; null leaves one to the others. */
  ownFault: (fault: Fault) => FaultWords | null;
  /** Sentences said on one occasion: `$1` in a text is what the pattern's group found, `{1}` the same in these words. */
  phrases: readonly (readonly [pattern: RegExp, text: string])[];
  /** Types and outcomes of the audit. */
  auditTypes: Record<string, string>;
  auditOutcomes: Record<string, string>;
  /** Names of the policies that come with Reeve, and what each says, by its id in them. */
  policyNames: Record<string, string>;
  policies: Record<string, Record<string, string>>;
}

/** A fault in the page's language. What only the gateway knows (a name, a limit) stays in its words. */
export const faultIn = (texts: GatewayTexts | null, fault: Fault): { message: string; next: string } => {
  const { code, message, next = '' } = fault;
  const ours = texts?.ownFault(fault);
  if (ours) return { message: ours[0], next: ours[1] };
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
