import { defineConfig } from 'vitest/config';

/** The faults across nodes, by `npm run faults`: one file at a time, as each has servers enough for a machine. */
export default defineConfig({
  test: {
    include: ['e2e/faults/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    pool: 'forks',
    expect: { poll: { timeout: 30_000 } },
  },
});
