import { createTools, type ToolsDeps } from '../../packages/tools/src/index.ts';
import { code } from './markdown.ts';
import { fieldTable, schemaOf } from './schema.ts';

/** Tools are only declared here, never run, so that what they would work on is not needed. */
const nothing = {} as ToolsDeps;

const effects = {
  idempotent: 'idempotent: it may be repeated',
  keyed: 'keyed: repeating the same call has no further effect',
  unsafe: 'unsafe: never repeated after a crash',
};

/** docs/reference/tools.md, from the declarations of the built-in tools. */
export const renderTools = (): string =>
  [
    `# Tools

Generated from the declarations of the built-in tools. A model calls them when it sees fit; the built-in steward calls
them when it understands what is wanted, or by name: \`run calculate with 2+2\`. Every call goes through the gate and is
written to the journal with its arguments and its result. \`/tools\` shows what is on offer.
`,
    ...createTools(nothing).map(
      ({ name, description, risk, effect, input }) => `## ${code(name)}

${description}

Risk ${risk}. Effect ${effects[effect]}.

${fieldTable(schemaOf(input, 'input'))}
`,
    ),
  ].join('\n');
