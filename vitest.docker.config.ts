import { defineConfig } from 'vitest/config';

/** What needs a container engine, apart from the tests that run on every change. */
export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    globalSetup: ['test/support/docker/prepare-tier.ts'],
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
