import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run against the packages' sources where they belong to them, and against built output across packages
// (workers are loaded from there too), so `npm run build` comes first; the two commands and `verify` do that.
export default defineConfig({
  // The console's own imports, as its tsconfig says.
  resolve: {
    alias: [{ find: /^@\//, replacement: fileURLToPath(new URL('./apps/console/', import.meta.url)) }],
  },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/server/test/**/*.test.ts',
      'apps/console/test/**/*.test.{ts,tsx}',
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
    // Files of one worker share what they have loaded, half of the time of most; each makes and closes what it changes.
    isolate: false,
  },
});
