import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules', 'test/faults/**', 'test/docker/**'],
    sequence: { shuffle: true },
    // Most of the time goes by waiting for processes, so one file per core keeps both busy.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
