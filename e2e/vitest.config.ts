import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each file starts a server and a browser of its own, on free ports, and waits for them much of its time.
    maxWorkers: 2,
    pool: 'forks',
  },
});
