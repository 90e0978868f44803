import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One file at a time: each starts a whole server and a browser, and there are two cores.
    fileParallelism: false,
    pool: 'forks',
  },
});
