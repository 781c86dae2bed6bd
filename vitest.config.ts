import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes of what is killed, damaged and raced run with the fault table.
    exclude: ['node_modules', 'test/faults/**', 'test/docker/**', 'test/**/*.long.test.ts'],
    // Files in vitest's own order, long ones first: a story of minutes that begins last is waited for alone.
    sequence: { shuffle: { tests: true, files: false } },
    // What a file imports is imported once per worker: of aws-cdk-lib and the clients of AWS, that is most of a short test's time.
    // So a test changes nothing in its process that another could see, or puts it back.
    isolate: false,
    // CDK's own check of a template takes seconds; tests look at the template themselves, and validate-aws has tests of its own.
    env: { CDK_VALIDATION: 'false' },
    // A quarter of the time goes by waiting for processes: a file more than two cores have keeps them busy. CI shares its machine.
    maxWorkers: process.env['CI'] === 'true' ? 2 : 3,
    // CI shares its machine: what passes the second time only is shown as such, and fails nobody's change.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
