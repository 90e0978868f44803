import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * The core is decided by tables: every branch of it has a row (issue 2).
 * `npx vitest run --coverage --config packages/auth-core/test/coverage.config.ts` fails when one has none.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reportsDirectory: 'coverage',
      reporter: ['text'],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
