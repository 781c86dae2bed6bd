import { defineConfig } from 'vitest/config';

/** What needs a container engine, apart from the tests that run on every change. */
export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    globalSetup: ['test/support/docker/prepare-tier.ts'],
    maxWorkers: 2,
    // CI shares its machine: what passes the second time only is shown as such, and fails nobody's change.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
