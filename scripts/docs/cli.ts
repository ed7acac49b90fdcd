import { createProgram } from '../../apps/reeve/src/cli/program.ts';
import { code, table } from './markdown.ts';

type Command = ReturnType<typeof createProgram>;

const signature = (command: Command): string => {
  const words: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) words.unshift(at.name());
  const given = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [...words, ...given].join(' ');
};

const detailsOf = (command: Command): string => {
  const rows = [
    ...command.registeredArguments.map((argument) => [code(argument.name()), argument.description]),
    ...command.options.map((option) => [code(option.flags), option.description]),
  ];
  return rows.length === 0 ? '' : `\n${table(['Argument or option', 'Meaning'], rows)}\n`;
};

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

/** docs/reference/cli.md, from the tree of commands. */
export const renderCli = (): string => {
  const program = createProgram(
    () => async () => {},
    () => {},
  );
  return [
    `# Command line

Generated from the tree of commands. From a clone, \`reeve\` is \`npm run -s reeve --\`, as in
\`npm run -s reeve -- status\`; \`npm start\` is \`reeve up\`. All commands but \`up\`, \`doctor\`, \`config check\`,
\`config explain\`, \`version\` and \`completion\` need a running gateway. The exit code is 0 when it worked, 1 when it
did not, 130 after Ctrl-C. With \`--json\` an error is a JSON object on standard output with \`code\`, \`message\` and
\`next\`.

## Options of every command

${table(
  ['Option', 'Meaning'],
  program.options.map((option) => [code(option.flags), option.description]),
)}
`,
    ...leaves(program).map(
      (command) =>
        `## ${code(signature(command))}\n\n${sentence(command.description())}\n${detailsOf(command)}`,
    ),
  ].join('\n');
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
