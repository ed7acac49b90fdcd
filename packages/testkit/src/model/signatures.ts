import { createHash } from 'node:crypto';

/** A call as signatures know it: ids repeat between answers, so a call is what it does. */
export interface SignedCall {
  name: string;
  argumentsText: string;
}

/** What the server thought and signed, so that it can tell whether a client sends it back as it must. */
export interface SignatureLedger {
  /** How many were issued. */
  readonly count: number;
  /** A new signature over this thinking (empty where the vendor does not show it). */
  issue(thinking: string): string;
  /** From now on this call must come with the signature, as long as its turn lasts. */
  bind(signature: string, call: SignedCall): void;
  /** The thinking that was signed; undefined = not issued here. */
  thinkingOf(signature: string): string | undefined;
  /** The signatures that are good for a call; empty = none was issued. */
  signaturesOf(call: SignedCall): ReadonlySet<string>;
  /** Remembers thinking that was shown, signed or not. */
  note(thinking: string): void;
  /** Thinking that a text repeats, or undefined. */
  repeatedIn(text: string): string | undefined;
}

/** Shorter thinking could stand in any answer by chance. */
const shortestThinking = 12;
const nothing: ReadonlySet<string> = new Set();

export function createSignatureLedger(): SignatureLedger {
  const issued = new Map<string, string>();
  const byCall = new Map<string, Set<string>>();
  const noted = new Set<string>();
  return {
    get count() {
      return issued.size;
    },
    issue(thinking) {
      // Base64, because Google's is bytes; the number makes it new, the hash opaque.
      const signature = createHash('sha256').update(`${issued.size} ${thinking}`).digest('base64');
      issued.set(signature, thinking);
      return signature;
    },
    bind(signature, call) {
      const key = keyOf(call);
      byCall.set(key, (byCall.get(key) ?? new Set()).add(signature));
    },
    thinkingOf: (signature) => issued.get(signature),
    signaturesOf: (call) => byCall.get(keyOf(call)) ?? nothing,
    note(thinking) {
      if (thinking.length >= shortestThinking) noted.add(thinking);
    },
    repeatedIn: (text) => [...noted].find((thinking) => text.includes(thinking)),
  };
}

/** Clients parse arguments and write them anew, so spaces and the order of keys do not count. */
function keyOf({ name, argumentsText }: SignedCall): string {
  try {
    return `${name} ${JSON.stringify(sorted(JSON.parse(argumentsText)))}`;
  } catch {
    return `${name} ${argumentsText}`;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
