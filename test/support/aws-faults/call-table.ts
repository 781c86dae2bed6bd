import { awsScenarios } from './aws-scenario.js';
import { takeAwsSnapshot } from './aws-snapshot.js';
import { callCells, stepCalls } from './call-cells.js';
import { callFault } from './call-fault.js';
import { stageTests } from './stage-tests.js';
import { watchedRun } from './watched-run.js';

/** Defines the tests of one scenario: every call that it makes without a fault, by every kind. Needs to be awaited. */
export async function callTable(name: keyof typeof awsScenarios, fewestCells: number): Promise<void> {
  const scenario = awsScenarios[name];
  await stageTests(scenario, fewestCells, async (stage) => {
    const golden = await watchedRun(stage, scenario.args(await takeAwsSnapshot(stage)), {
      input: scenario.input?.(stage),
    });
    if (golden.exitCode !== 0) throw new Error(`without a fault, ${name} exited ${golden.exitCode}:\n${golden.stdout}`);
    return callCells(name, stepCalls(golden.seen)).map(callFault);
  });
}
