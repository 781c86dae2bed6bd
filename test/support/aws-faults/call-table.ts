import { afterAll, test } from 'vitest';
import { report, reportPlanned } from '../faults/results.js';
import { isWanted, sampleOf } from '../faults/wanted-cells.js';
import { deployFirst, openAwsFaultStage } from './aws-fault-stage.js';
import { awsScenarios, bringAws } from './aws-scenario.js';
import { takeAwsSnapshot } from './aws-snapshot.js';
import { callCellName, callCells, stepCalls } from './call-cells.js';
import { callFault } from './call-fault.js';
import { runAwsCell } from './run-aws-cell.js';
import { watchedRun } from './watched-run.js';

/**
 * Defines the tests of one scenario: every call that it makes without a fault, by every kind. Needs to be awaited: which
 * calls there are is only known after that run.
 *
 * @param fewestCalls that there are; fewer are an error, since they would take their cells along without a word
 */
export async function callTable(name: keyof typeof awsScenarios, fewestCalls: number): Promise<void> {
  if (!isWanted(`aws-${name}/`)) return test.skip('nothing of this is asked for');
  const scenario = awsScenarios[name];
  const stage = await openAwsFaultStage();
  afterAll(async () => await stage.remove());
  try {
    if (scenario.needs === 'serving') await deployFirst(stage);
    // There has to be something to return to.
    if (name === 'rollback') await bringAws(stage, scenario, { ...(await takeAwsSnapshot(stage)), body: undefined });
    const bring = async (): Promise<void> => await bringAws(stage, scenario, await takeAwsSnapshot(stage));
    await bring();
    await scenario.prepare(stage);
    const golden = await watchedRun(stage, scenario.args(await takeAwsSnapshot(stage)), {
      input: scenario.input?.(stage),
    });
    if (golden.exitCode !== 0) throw new Error(`without a fault, ${name} exited ${golden.exitCode}:\n${golden.stdout}`);
    const calls = stepCalls(golden.seen);
    if (calls.length < fewestCalls) throw new Error(`${name} makes only ${calls.length} kinds of calls`);
    const cells = callCells(name, calls);
    reportPlanned(cells.map(callCellName));
    const asked = cells.filter((cell) => isWanted(callCellName(cell)));
    if (asked.length === 0) test.skip('no cell here has that name');
    for (const cell of sampleOf(asked)) {
      test(callCellName(cell), async () => {
        await bring();
        report(await runAwsCell(stage, callFault(cell)));
      });
    }
  } catch (error) {
    await stage.remove();
    throw error;
  }
}
