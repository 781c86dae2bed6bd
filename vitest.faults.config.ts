import { defineConfig } from 'vitest/config';

/** Set for single cells of the table, which need nothing else. */
const cell = process.env['AGENTCTL_FAULTS_CELL'] ?? process.env['AGENTCTL_FAULTS_CELLS'];

/**
 * Left out of a sample, as CI has half an hour: stories of the local target that others tell in part, that one cell of the
 * fault table is about, or that the docker tier tells with containers; of AWS, what tells the story of `npm test` by other
 * means. `npm run test:faults` runs them all.
 */
const notInSample = [
  'attach',
  'backup',
  'backup-steps',
  'backups',
  'base-backup',
  'damaged-state',
  'deploy-role',
  'fastapi-agent',
  'github-identity',
  'guard',
  'interrupt',
  'half-made',
  'killed',
  'plain-cdk',
  'quickstart',
  'real-gcloud',
  'restart',
  'restores',
  'run',
  'self-healing',
  'unlock',
].map((name) => `test/**/${name}.long.test.ts`);
/** Whole deploys by the real gcloud and terraform, some minutes each; `npm test` tells their stories in memory. */
const cloudsNotInSample = ['test/integration/gcp/**'];
/** What happens to the machine, its disk, its ports; cells of what a deploy does stay. */
const machineNotInSample = ['data', 'disk', 'machine', 'ports', 'processes', 'read-only', 'supervisor'].map(
  (name) => `test/faults/${name}.test.ts`,
);
const sample = process.env['AGENTCTL_FAULTS_BREADTH'] === 'sample';

/** The fault table and other long scenarios: minutes of real deploys that are hit, apart from the tests of every change. */
export default defineConfig({
  test: {
    include: cell === undefined ? ['test/faults/**/*.test.ts', 'test/**/*.long.test.ts'] : ['test/faults/**/*.test.ts'],
    exclude: ['node_modules', ...(sample ? [...notInSample, ...cloudsNotInSample, ...machineNotInSample] : [])],
    // The bundle of the CLI is run as it is, by Node.
    server: { deps: { external: [/\/dist\/cli\/bundle\//] } },
    globalSetup: ['test/support/faults/print-table.ts'],
    // As in vitest.config.ts.
    env: { CDK_VALIDATION: 'false' },
    // Cells build on each other's releases; files are stages, and a stage mostly waits. CI's machine has two cores and others.
    maxWorkers: process.env['CI'] === 'true' ? 3 : 4,
    // Each of these starts processes of its own: five at once let starts time out on two cores.
    maxConcurrency: 2,
    // CI shares its machine: what passes the second time only is shown as such, and fails nobody's change.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
