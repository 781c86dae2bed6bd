import { afterAll, test } from 'vitest';
import { report, reportPlanned } from '../faults/results.js';
import { isWanted, wantedBreadth } from '../faults/wanted-cells.js';
import { awsSampleOf } from './aws-sample.js';
import { type AwsFaultStage, deployFirst, mustRun, openAwsFaultStage } from './aws-fault-stage.js';
import { type AwsScenario, bringAws } from './aws-scenario.js';
import { takeAwsSnapshot } from './aws-snapshot.js';
import { type AwsFault, runAwsCell } from './run-aws-cell.js';

const sampled: readonly string[] = ['update', 'pair'];

/**
 * Defines the tests of one scenario on one stage. Needs to be awaited: which faults there are is only known after a run
 * without one, for which the stage is ready.
 *
 * @param fewestCells that there are; fewer are an error, since they would go without a word
 */
export async function stageTests(
  scenario: AwsScenario,
  fewestCells: number,
  faultsOf: (stage: AwsFaultStage) => Promise<readonly AwsFault[]>,
): Promise<void> {
  const { name, needs } = scenario;
  if (!isWanted(`aws-${name}/`)) return test.skip('nothing of this is asked for');
  // A stage of its own costs more than the one cell that a sample would take of it.
  if (wantedBreadth() === 'sample' && !sampled.includes(name)) return test.skip('not in the sample');
  const stage = await openAwsFaultStage();
  afterAll(async () => await stage.remove());
  const bring = async (): Promise<void> => await bringAws(stage, scenario, await takeAwsSnapshot(stage));
  try {
    if (needs === 'serving') await deployFirst(stage);
    if (name === 'rollback' || name === 'pair') {
      // There has to be something to return to.
      await stage.nextVersion();
      await mustRun(stage, ['deploy', '--yes']);
    }
    await bring();
    await scenario.prepare(stage);
    const faults = await faultsOf(stage);
    if (faults.length < fewestCells) throw new Error(`${name} has only ${faults.length} cells`);
    reportPlanned(faults.map((fault) => fault.name));
    const asked = faults.filter((fault) => isWanted(fault.name));
    if (asked.length === 0) test.skip('no cell here has that name');
    for (const fault of awsSampleOf(asked)) {
      test(fault.name, async () => {
        await bring();
        report(await runAwsCell(stage, fault));
      });
    }
  } catch (error) {
    await stage.remove();
    throw error;
  }
}
