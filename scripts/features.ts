import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { table } from './docs/markdown.ts';

interface Row {
  id: string;
  title: string;
  area: string;
}

interface Claim {
  id: string;
  /** What the row asks for and is not there; absent when all of it is. */
  missing?: string;
}

/** Where tests cite rows: at the start of a title, as in `test('F046 the last step gets no tools', …)`. */
const testFiles = [
  'packages/*/test/**/*.test.ts',
  'packages/testkit/src/conformance/**/*.ts',
  'apps/*/test/**/*.test.ts',
  'tests/**/*.test.ts',
];
const citation = /['"`]((?:F\d{3} )+)/g;

/**
 * docs/features.md: each row of the checklist (docs/features.json) and the tests that show it. A row counts as done
 * when docs/features-done.json claims it. Throws when a claim is not backed by a test, or a test cites no row.
 */
export const renderFeatures = (root: string): string => {
  const rows = readJson<Row[]>(root, 'docs/features.json');
  const claims = new Map(
    readJson<Claim[]>(root, 'docs/features-done.json').map((claim) => [claim.id, claim]),
  );
  const tests = citations(root);
  const mistakes = [
    ...[...claims.keys()].filter((id) => !tests.has(id)).map((id) => `${id} is claimed and no test cites it`),
    ...[...claims.keys(), ...tests.keys()]
      .filter((id) => !rows.some((row) => row.id === id))
      .map((id) => `${id} is no row of docs/features.json`),
  ];
  if (mistakes.length > 0) throw new Error(mistakes.join('; '));

  const stateOf = ({ id }: Row) => {
    const claim = claims.get(id);
    if (claim && claim.missing === undefined) return 'done';
    return tests.has(id) ? 'in part' : 'not yet';
  };
  const count = (state: string) => rows.filter((row) => stateOf(row) === state).length;
  const areas = [...Map.groupBy(rows, ({ area }) => area)].map(
    ([area, members]) =>
      `## ${area}\n\n${table(
        ['Row', 'Feature', 'State', 'Tests', 'Missing'],
        members.map((row) => [
          row.id,
          row.title,
          stateOf(row),
          (tests.get(row.id) ?? [])
            .map((file) => `[${file.slice(file.lastIndexOf('/') + 1)}](../${file})`)
            .join(' '),
          claims.get(row.id)?.missing ?? '',
        ]),
      )}\n`,
  );
  return `# Features

Generated from the checklist, from what is claimed, and from the tests that cite its rows. Done: ${count('done')}. In
part: ${count('in part')}. Not yet: ${count('not yet')}. A row is done when tests observe its effect and nothing it asks for is
missing; rows that are in part have tests, and something missing.

${areas.join('\n')}`;
};

const readJson = <T>(root: string, path: string): T =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as T;

/** Test files by the rows they cite. */
const citations = (root: string): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  const files = globSync(testFiles, { cwd: root }).map((file) => file.split(sep).join('/'));
  for (const file of files.sort()) {
    const ids = [...readFileSync(join(root, file), 'utf8').matchAll(citation)].flatMap(([, cited]) =>
      cited!.trim().split(' '),
    );
    for (const id of new Set(ids)) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
};
