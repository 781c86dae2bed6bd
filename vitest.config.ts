import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes of what is killed, damaged and raced run with the fault table.
    exclude: ['node_modules', 'test/faults/**', 'test/docker/**', 'test/**/*.long.test.ts'],
    sequence: { shuffle: true },
    // Most of the time goes by waiting for processes, so one file per core keeps both busy.
    maxWorkers: 2,
    // CI shares its machine: what passes the second time only is shown as such, and fails nobody's change.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
