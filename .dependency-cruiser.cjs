/**
 * The rings of the design: an arrow may only point towards the nouns.
 *
 *   protocol <- client <- web
 *   protocol <- core <- edges (each on its own) <- apps
 *   protocol <- core <- gateway <- apps
 *
 * testkit, tests and bench stand beside and may use everything.
 */
const edges = ['store', 'models', 'tools', 'identity', 'policy', 'vault'];

/** What each package may import besides itself. Absent ones (testkit, apps) may import every package. */
const allowed = {
  protocol: [],
  client: ['protocol'],
  core: ['protocol'],
  gateway: ['core', 'protocol'],
  ...Object.fromEntries(edges.map((name) => [name, ['core', 'protocol']])),
};

/** Only sources are in a ring; a package's tests may use the testkit. */
const ringRules = Object.entries(allowed).map(([name, targets]) => ({
  name: `ring-${name}`,
  comment: `packages/${name} may import ${targets.length ? targets.join(', ') : 'no other package'} only.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: '^(packages|apps|tests|bench)/', pathNot: `^packages/(${[name, ...targets].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...ringRules,
    {
      name: 'ring-web',
      comment: 'The page knows the gateway by its client alone, and runs in a browser.',
      severity: 'error',
      from: { path: '^apps/web/src/' },
      to: { path: '^(packages|apps|tests|bench)/', pathNot: '^(packages/(client|protocol)|apps/web)/' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle makes two files one that nobody can read apart.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'front-door',
      comment: 'Another package is entered through its exports, not by a path into its sources.',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: { path: '^(packages|apps)/', pathNot: '^(packages|apps)/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'Each package names what it uses in its own package.json.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'browser-safe',
      comment: 'The nouns, the client and the page run in a browser.',
      severity: 'error',
      from: { path: '^(packages/(protocol|client)|apps/web)/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'database-in-one-place',
      comment: 'Only the store opens the database.',
      severity: 'error',
      from: { pathNot: '^packages/store/' },
      to: { path: 'node_modules/better-sqlite3/' },
    },
    {
      name: 'queries-in-adapters',
      comment:
        'Queries are written in the store, and for accounts, which have a database of their own, in identity.',
      severity: 'error',
      from: { pathNot: '^packages/(store|identity)/' },
      to: { path: 'node_modules/kysely/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
