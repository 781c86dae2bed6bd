import { callCells, stepCalls } from './call-cells.js';
import { callFault } from './call-fault.js';
import { cloudScenarios } from './cloud-scenario.js';
import { stageTests } from './stage-tests.js';
import type { TableOptions } from './table-options.js';
import { watchedRun } from './watched-run.js';

/** Defines the tests of one scenario: every call that it makes without a fault, by every kind. Needs to be awaited. */
export async function callTable({ scenario: name, ...options }: TableOptions): Promise<void> {
  const scenario = cloudScenarios[name];
  await stageTests({ ...options, scenario }, async (stage) => {
    const golden = await watchedRun(stage, scenario.args(await stage.snapshot()), { input: scenario.input?.(stage) });
    if (golden.exitCode !== 0) throw new Error(`without a fault, ${name} exited ${golden.exitCode}:\n${golden.stdout}`);
    return callCells(options.cloud, name, stepCalls(golden.seen)).map(callFault);
  });
}
