import { slashCommands } from '../../packages/protocol/src/index.ts';
import { code, table } from './markdown.ts';

/** docs/reference/commands.md, from the list of slash commands. */
export const renderCommands = (): string => `# Slash commands

Generated from the list of slash commands. A message that begins with one of these is answered by Reeve itself, on
every surface (page, command line, API, OpenAI clients). It is shown in the session, never sent to a model, and costs
no tokens.

${table(
  ['Command', 'Meaning'],
  slashCommands.map(({ usage, description }) => [code(usage), description]),
)}
`;
