import { type PolicyRule, policyRuleSchema } from '@reeve/protocol';

/** `role=child` as a pair; `off` and `unattended` as flags; null for what is none of them. */
const optionsOf = (words: readonly string[]): Record<string, string | true> | null => {
  const options: Record<string, string | true> = {};
  for (const word of words) {
    const [name = '', value] = word.split('=', 2);
    const isFlag = (word === 'off' || word === 'unattended') && value === undefined;
    const isScope = ['user', 'role', 'channel'].includes(name) && Boolean(value);
    if (!isFlag && !isScope) return null;
    options[name] = value ?? true;
  }
  return options;
};

const isOption = (word: string): boolean => word.includes('=') || word === 'off' || word === 'unattended';

/** What the words before the options say, as the fields of a rule and whether it is taken back. */
const fieldsOf = (
  kind: string,
  words: readonly string[],
): { fields: Record<string, unknown>; isRemoved: boolean } | null => {
  const [first = '', ...more] = words;
  switch (kind) {
    case 'tool':
    case 'model':
      switch (first) {
        case 'allow':
        case 'deny':
        case 'reset':
          return more.length === 1
            ? { fields: { kind, [kind]: more[0], allow: first === 'allow' }, isRemoved: first === 'reset' }
            : null;
        case 'only':
        case 'any':
          return {
            fields: { kind: `${kind}-list`, [`${kind}s`]: more },
            isRemoved: first === 'any',
          };
        default:
          return null;
      }
    case 'quiet': {
      const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(first) ?? [];
      return more.length === 0
        ? { fields: { kind: 'quiet-hours', from: Number(from), to: Number(to) }, isRemoved: false }
        : null;
    }
    case 'channel':
      return more.length === 1
        ? { fields: { kind: 'channel-tools', channel: first, level: more[0] }, isRemoved: false }
        : null;
    case 'exception':
      return more.length === 0 ? { fields: { kind, from: first }, isRemoved: false } : null;
    default:
      return null;
  }
};

/**
 * A rule as it is written in a chat: `tool deny send_email role=child`, `model only a b`, `quiet 22-7 off`.
 * Null when the words make none.
 */
export const ruleInWords = (words: readonly string[]): { rule: PolicyRule; isRemoved: boolean } | null => {
  const [kind = '', ...rest] = words;
  const at = rest.findIndex(isOption);
  const written = fieldsOf(kind, at < 0 ? rest : rest.slice(0, at));
  const options = at < 0 ? {} : optionsOf(rest.slice(at));
  if (written === null || options === null) return null;
  const { off, ...scope } = options;
  const rule = policyRuleSchema.safeParse({ ...written.fields, ...scope });
  return rule.success ? { rule: rule.data, isRemoved: written.isRemoved || off === true } : null;
};
