/*
 * `npm run test:faults`: the table. `-- --all`: with the cells that seldom find what others do not, twice as long.
 * `-- --sample`: every twenty-third cell, and what of the rest CI has time for (vitest.faults.config.ts).
 * Of the cells of AWS, some seconds each, every eleventh is tried, with `--sample` every 29th of a deploy, with `--all` all of
 * them, which takes hours. AGENTCTL_FAULTS_AWS_STRIDE says of how many one is tried, AGENTCTL_FAULTS_AWS_FIRST which.
 * `-- --results FILE`: writes every cell as JSON; test/faults/write-report.ts makes docs/aws-faults.md or docs/gcp-faults.md of it.
 * `-- --cell update/switch/after/KILL`: the cells whose name begins so. `-- --cells FILE`: those that FILE names, one a line.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cell: { type: 'string' },
    cells: { type: 'string' },
    all: { type: 'boolean', default: false },
    sample: { type: 'boolean', default: false },
    results: { type: 'string' },
  },
});
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', '--config', 'vitest.faults.config.ts', ...positionals], {
  stdio: 'inherit',
  env: {
    ...process.env,
    AGENTCTL_FAULTS_BREADTH: values.all ? 'all' : values.sample ? 'sample' : '',
    ...(values.results === undefined ? {} : { AGENTCTL_FAULTS_JSON: resolve(values.results) }),
    ...(values.cell === undefined ? {} : { AGENTCTL_FAULTS_CELL: values.cell }),
    ...(values.cells === undefined ? {} : { AGENTCTL_FAULTS_CELLS: resolve(values.cells) }),
  },
});
child.on('close', (code) => (process.exitCode = code ?? 1));
