import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules', 'test/faults/**', 'test/docker/**'],
    sequence: { shuffle: true },
    // Most of the time goes by waiting for processes, so one file per core keeps both busy.
    maxWorkers: 2,
    // CI shares its machine: what passes the second time only is shown as such, and fails nobody's change.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
