import { defineConfig } from 'vitest/config';

/** They put something else in the place of a module, before anybody has loaded it: each has a process of its own. */
const alone = ['packages/models/test/steward/provider.test.ts', 'tests/security/secret-leaks.test.ts'];

export default defineConfig({
  test: {
    // Real processes, disks and sockets: what hangs must end, what is slow on two busy cores must not fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
    env: { TZ: 'UTC' },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...alone],
          // Loading Reeve takes longer than most of what a file shows.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
