import { join } from 'node:path';
import { readGoldenSteps } from '../faults/golden.js';
import { cloudScenarios } from './cloud-scenario.js';
import { crashCells, crashEnvironment, crashFault } from './crash-fault.js';
import { stageTests } from './stage-tests.js';
import type { TableOptions } from './table-options.js';

/** Defines the tests of one scenario: every step, before, inside and after, by each signal. Needs to be awaited. */
export async function crashTable({ scenario: name, ...options }: TableOptions): Promise<void> {
  const scenario = cloudScenarios[name];
  await stageTests({ ...options, scenario }, async (stage) => {
    const record = join(stage.cloud.directory, '..', `golden-${name}.ndjson`);
    const args = [...scenario.args(await stage.snapshot()), '--json'];
    const golden = await stage.start(args, crashEnvironment({ record }), scenario.input?.(stage)).ended;
    if (golden.exitCode !== 0) throw new Error(`without a fault, ${name} exited ${golden.exitCode}:\n${golden.stdout}`);
    return crashCells(options.cloud, scenario, readGoldenSteps(record)).map(crashFault);
  });
}
