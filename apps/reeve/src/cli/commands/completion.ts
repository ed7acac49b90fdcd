import { FaultError } from '@reeve/protocol';
import type { Command } from 'commander';
import type { CommandRun } from '../context.ts';

interface Node {
  /** Words after `reeve`, such as `sessions list`; empty for the root. */
  path: string;
  words: { word: string; description: string }[];
}

const describe = (command: Command, globals: Node['words'], path: string[] = []): Node[] => {
  const flags = command.options.flatMap((option) =>
    option.long ? [{ word: option.long, description: option.description }] : [],
  );
  const children = command.commands.map((child) => ({
    word: child.name(),
    description: child.description(),
  }));
  const inherited = path.length === 0 ? [] : globals;
  return [
    { path: path.join(' '), words: [...children, ...flags, ...inherited] },
    ...command.commands.flatMap((child) => describe(child, globals, [...path, child.name()])),
  ];
};

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const wordsOf = (node: Node): string => node.words.map(({ word }) => word).join(' ');

/** The longest known path that the words typed so far begin with decides what is offered. */
const bash = (nodes: Node[]): string => `# bash completion of reeve: source <(reeve completion bash)
_reeve() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${nodes
        .filter(({ path }) => path)
        .map(({ path }) => quote(path))
        .join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${nodes.map((node) => `    ${quote(node.path)}) COMPREPLY=($(compgen -W ${quote(wordsOf(node))} -- "$current")) ;;`).join('\n')}
  esac
}
complete -F _reeve reeve
`;

const zsh = (nodes: Node[]): string => `#compdef reeve
# zsh completion of reeve: reeve completion zsh > "\${fpath[1]}/_reeve"
_reeve() {
  local route="" word
  local -a offer
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${route:+$route }$word" in
      ${nodes
        .filter(({ path }) => path)
        .map(({ path }) => `(${quote(path)})`)
        .join('|')
        .replaceAll(')|(', '|')
        .replace(/^\(|\)$/g, '')}) route="\${route:+$route }$word" ;;
    esac
  done
  case "$route" in
${nodes.map((node) => `    ${quote(node.path)}) offer=(${node.words.map(({ word, description }) => quote(`${word}:${description.replaceAll(':', '\\:')}`)).join(' ')}) ;;`).join('\n')}
  esac
  _describe reeve offer
}
compdef _reeve reeve
`;

const fish = (nodes: Node[]): string => {
  const lines = nodes.flatMap((node) =>
    node.words.map(({ word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c reeve -f -n ${quote(`__reeve_at ${quote(node.path)}`)} ${what} -d ${quote(description)}`;
    }),
  );
  return `# fish completion of reeve: reeve completion fish | source
function __reeve_at
  set -l known ${nodes
    .filter(({ path }) => path)
    .map(({ path }) => quote(path))
    .join(' ')}
  set -l route ''
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$route $word")
    contains -- $longer $known; and set route $longer
  end
  test "$route" = "$argv[1]"
end
${lines.join('\n')}
`;
};

const shells: Record<string, (nodes: Node[]) => string> = { bash, zsh, fish };

/** A completion script, generated from the tree of commands. */
export const run: CommandRun<[string, Command]> = async (context, shell, program) => {
  const render = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (!render)
    throw new FaultError('INVALID_PARAMS', `${shell} is not a shell that Reeve knows.`, {
      next: 'Name bash, zsh or fish.',
    });
  const globals = program.options.flatMap((option) =>
    option.long ? [{ word: option.long, description: option.description }] : [],
  );
  const script = render(describe(program, globals));
  context.print({ shell, script }, () => script.trimEnd());
};
