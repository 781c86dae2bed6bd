import { join } from 'node:path';
import { readGoldenSteps } from '../faults/golden.js';
import { awsScenarios } from './aws-scenario.js';
import { takeAwsSnapshot } from './aws-snapshot.js';
import { crashCells, crashEnvironment, crashFault } from './crash-fault.js';
import { stageTests } from './stage-tests.js';

/** Defines the tests of one scenario: every step, before, inside and after, by each signal. Needs to be awaited. */
export async function crashTable(name: keyof typeof awsScenarios, fewestCells: number): Promise<void> {
  const scenario = awsScenarios[name];
  await stageTests(scenario, fewestCells, async (stage) => {
    const record = join(stage.project.directory, '..', `golden-${name}.ndjson`);
    const args = [...scenario.args(await takeAwsSnapshot(stage)), '--json'];
    const golden = await stage.start(args, crashEnvironment({ record }), scenario.input?.(stage)).ended;
    if (golden.exitCode !== 0) throw new Error(`without a fault, ${name} exited ${golden.exitCode}:\n${golden.stdout}`);
    return crashCells(scenario, readGoldenSteps(record)).map(crashFault);
  });
}
