import { type FaultKind, faultCatalogue } from '../../packages/protocol/src/index.ts';
import { code } from './markdown.ts';

const audiences: Record<FaultKind['audience'], string> = {
  caller: 'whoever sent the request',
  owner: 'whoever runs this Reeve',
  bug: 'the makers of Reeve: please report it',
};

/** docs/reference/errors.md, from the catalogue of faults. */
export const renderErrors = (): string =>
  [
    `# Errors

Generated from the catalogue of errors. Codes are stable: programs may branch on them. Every error answer of the API
has a JSON body with \`code\`, \`message\` (what went wrong), \`next\` (what to do), \`error\` (the code again) and
\`timestamp\`; some add \`details\`, \`retryAfterMs\` and \`requestId\`. The OpenAI surface under \`/v1/\` answers in
OpenAI's own shape. The command line prints \`CODE: message\` and the next step, and ends with an exit code other
than 0.
`,
    ...Object.entries<FaultKind>(faultCatalogue).map(
      ([name, { status, audience, message, next }]) => `## ${code(name)}

${message} **Next:** ${next}

HTTP status ${status}. It can be mended by ${audiences[audience]}.
`,
    ),
  ].join('\n');
