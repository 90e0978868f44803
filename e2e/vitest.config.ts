import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each file starts a server and a browser of its own, on free ports, and waits for them much of its time.
    maxWorkers: 2,
    pool: 'forks',
    // What is polled for is a state, not a time: a second is too little where two files have a browser each on two cores.
    expect: { poll: { timeout: 30_000 } },
  },
});
