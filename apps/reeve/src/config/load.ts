import { type Config, type ConfigValue, configSchema, FaultError, type Json } from '@reeve/protocol';
import { providerMistake } from '../providers/resolve.ts';
import { type ConfigWarning, type Env, type LayerValue, openAiFromEnv, readEnv } from './env.ts';
import { parseConfigText, readConfigText } from './file.ts';
import { configFile } from './home.ts';
import { findKey, keySpecs, namePlaceholder } from './keys.ts';
import { parseText } from './parse-text.ts';
import { didYouMean } from './suggest.ts';
import { getAt, leafPaths, setAt, type Tree } from './tree.ts';
import { configValues, type Sources, showable } from './values.ts';

/** Settings that the command line can give. */
export interface ConfigFlags {
  port?: number | string;
  host?: string;
}

export type LoadedConfig =
  | { ok: true; file: string; config: Config; values: ConfigValue[]; warnings: ConfigWarning[] }
  | { ok: false; file: string; error: FaultError; warnings: ConfigWarning[] };

interface LoadOptions {
  home: string;
  env: Env;
  flags?: ConfigFlags;
}

/**
 * The configuration of a data folder: default < `reeve.toml` < environment < flags. Unknown keys are warnings and
 * have no effect. A wrong value is a CONFIG_ERROR that names the key, the value (never a secret's), where it comes
 * from and what is allowed.
 */
export const loadConfig = ({ home, env, flags = {} }: LoadOptions): LoadedConfig => {
  const file = configFile(home);
  try {
    return loadConfigText({ text: readConfigText(file), file, env, flags });
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, file, error, warnings: [] };
    throw error;
  }
};

/** The same for a text that is not in the file yet. Throws FaultError CONFIG_ERROR when it is not TOML. */
export const loadConfigText = ({
  text,
  file,
  env,
  flags = {},
}: {
  text: string;
  file: string;
  env: Env;
  flags?: ConfigFlags;
}): LoadedConfig => {
  const fromFile = knownOf(parseConfigText(text, file), file);
  const fromEnv = readEnv(env);
  // A server that the owner named must not be sent the key that was meant for another.
  const namesServer = [...fromFile.values, ...fromEnv.values].some(
    ({ path }) => path.join('.') === 'providers.openai.baseUrl',
  );
  const discover =
    [...fromFile.values, ...fromEnv.values].findLast(({ path }) => path.join('.') === 'models.discover')
      ?.value !== false;
  const layers: [ConfigValue['source'], LayerValue[]][] = [
    // What is found there stands below everything that the owner wrote.
    ['env', namesServer ? [] : openAiFromEnv(env, { discover })],
    ['file', fromFile.values],
    ['env', fromEnv.values],
    ['flag', flagValues(flags)],
  ];

  const tree: Tree = {};
  const sources = new Map<string, { source: ConfigValue['source']; origin: string }>();
  for (const [source, values] of layers) {
    for (const { path, value, origin } of values) {
      setAt(tree, path, value);
      sources.set(path.join('.'), { source, origin });
    }
  }
  const warnings = [...fromFile.warnings, ...fromEnv.warnings];
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success)
    return { ok: false, file, error: wrongValues(parsed.error.issues, tree, sources), warnings };
  const mistake = providerMistake(parsed.data);
  if (mistake) return { ok: false, file, error: mistake, warnings };
  return { ok: true, file, config: parsed.data, values: configValues(parsed.data, sources), warnings };
};

/** Splits a file's tree into settings and warnings about keys that no one knows. */
const knownOf = (tree: Tree, file: string): { values: LayerValue[]; warnings: ConfigWarning[] } => {
  const values: LayerValue[] = [];
  const warnings: ConfigWarning[] = [];
  const specs = keySpecs().map(({ key }) => key);
  for (const { path, value } of leafPaths(tree)) {
    const key = path.join('.');
    // The name of a table counts as known, so that validation can say what belongs into it.
    if (findKey(key) || specs.some((spec) => isTableName(path, spec)))
      values.push({ path, value, origin: file });
    else {
      const known =
        path[0] === 'providers' && path[1]
          ? specs.map((spec) => spec.replace(namePlaceholder, path[1]!))
          : specs;
      warnings.push({
        key,
        message: `${key} in ${file} is not a setting of Reeve and has no effect.${didYouMean(key, known)}`,
      });
    }
  }
  return { values, warnings };
};

const isTableName = (path: string[], spec: string): boolean => {
  const pattern = spec.split('.');
  return (
    path.length < pattern.length &&
    path.every((name, at) => pattern[at] === name || pattern[at] === namePlaceholder)
  );
};

const flagValues = (flags: ConfigFlags): LayerValue[] =>
  Object.entries(flags).flatMap(([flag, given]) => {
    if (given === undefined) return [];
    const spec = findKey(`gateway.${flag}`)!;
    return [{ path: spec.key.split('.'), value: parseText(String(given), spec.kind), origin: `--${flag}` }];
  });

interface Issue {
  code?: string;
  path: PropertyKey[];
  message: string;
}

const wrongValues = (issues: Issue[], tree: Tree, sources: Sources): FaultError => {
  const problems = issues.map((issue) => {
    const path = issue.path.map(String);
    // An issue may lie inside a list; the setting is the list.
    const place = [path, path.slice(0, -1)].find((part) => findKey(part.join('.'))) ?? path;
    const key = place.join('.');
    const spec = findKey(key);
    const value = getAt(tree, place);
    const origin = sources.get(key)?.origin ?? originOfTable(key, sources);
    const allowed = issue.code === 'custom' ? issue.message : (spec?.allowed ?? allowedElsewhere(key, issue));
    const said =
      value === undefined
        ? `${key} is missing`
        : `${key} = ${JSON.stringify(spec ? showable(value, spec.isSecret) : '…')} is not valid`;
    return { key, text: `${said}${origin ? ` (${origin})` : ''}; allowed: ${allowed}.`, allowed };
  });
  return new FaultError('CONFIG_ERROR', problems.map(({ text }) => text).join('\n'), {
    next: 'Correct it there, then run `reeve config check`.',
    details: { problems: problems.map(({ key, allowed }) => ({ key, allowed })) as Json },
  });
};

const originOfTable = (key: string, sources: Sources): string | undefined => {
  const table = key.slice(0, key.lastIndexOf('.') + 1);
  return [...sources].find(([other]) => table && other.startsWith(table))?.[1].origin;
};

const allowedElsewhere = (key: string, issue: Issue): string => {
  if (issue.code === 'invalid_key') return 'a name of small letters, digits and hyphens';
  return key.includes('.') ? issue.message : 'a table of settings';
};
