import { type KeySpec, keySpecs, namePlaceholder } from './keys.ts';

/** docs/reference/config.md, from the schema. The same on every machine. */
export const renderConfigReference = (): string => {
  const tables = Map.groupBy(keySpecs(), ({ key }) => key.slice(0, key.lastIndexOf('.')));
  const sections = [...tables].map(([table, specs]) => `## \`[${table}]\`\n\n${tableOf(specs)}\n`);
  return `${intro}\n${sections.join('\n')}\n${extra}`;
};

const intro = `# Settings

Generated from the configuration schema. A setting comes from the last of these that names it: its default, the file
\`reeve.toml\` in the data folder, the environment, a flag of \`reeve up\`. \`reeve config explain KEY\` says where a
value comes from; \`reeve config check\` finds mistakes; \`reeve config set KEY VALUE\` changes the file and keeps its
comments. Lists in the environment are comma separated. In the name of a variable, \`${namePlaceholder}\` is in capitals,
with \`_\` for \`-\`.
`;

const extra = `## Further variables

| Variable | Meaning |
|---|---|
| \`REEVE_HOME\` | The data folder, \`~/.reeve\` by default. The flag \`--home\` wins. |
| \`REEVE_URL\`, \`REEVE_TOKEN\` | Which gateway the command line speaks to, and its token. |
| \`OPENAI_API_KEY\` | Makes a provider \`openai\` unless the file has one. |
| \`REEVE_OPENAI_BASE_URL\` | Another server for that provider; needs no key. |
| \`REEVE_OPENAI_MODEL\` | The model of that provider. |
| \`ANTHROPIC_API_KEY\`, \`GEMINI_API_KEY\` and those of other vendors | Make their vendors' models available; docs/models.md lists them. |
| \`OLLAMA_HOST\` | Where Ollama is looked for. |
| \`REEVE_LOCAL_SERVERS\` | Where model servers are looked for, such as \`ollama=127.0.0.1:11434,vllm=10.0.0.5:8000\`, or \`none\`; the usual ports of this machine by default. |
`;

const tableOf = (specs: readonly KeySpec[]): string =>
  [
    '| Key | Meaning | Allowed | Default | Environment | Takes effect |',
    '|---|---|---|---|---|---|',
    ...specs.map((spec) =>
      row([
        code(spec.key.slice(spec.key.lastIndexOf('.') + 1)),
        spec.description + (spec.isSecret ? ' A secret: never shown.' : ''),
        spec.allowed,
        fallbackOf(spec),
        code(spec.env),
        spec.needsRestart ? 'after a restart' : 'on reload',
      ]),
    ),
  ].join('\n');

const fallbackOf = (spec: KeySpec): string => {
  if (spec.key === 'agent.timeZone') return "the machine's";
  if (spec.isRequired) return 'required';
  return spec.fallback === undefined ? 'unset' : code(JSON.stringify(spec.fallback));
};

const row = (cells: string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const code = (text: string): string => `\`${text}\``;
