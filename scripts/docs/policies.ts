import { type PolicyProfile, shippedPolicy, splitPolicies } from '../../packages/policy/src/documents.ts';

const names: ('built-in' | PolicyProfile)[] = ['built-in', 'household', 'production', 'locked'];

/** The shipped policies as Cedar parses them, by the name of their document; a line each. */
export const renderShippedPolicies = (): string => {
  const documents = names.map((name) => {
    const parsed = splitPolicies(shippedPolicy(name));
    if (!parsed.ok) throw new Error(`${name}: ${parsed.message}`);
    const lines = parsed.policies.map((policy) => `    ${JSON.stringify(policy)}`);
    return `  ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n  ]`;
  });
  return `{\n${documents.join(',\n')}\n}\n`;
};
