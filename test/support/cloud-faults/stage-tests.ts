import { afterAll, test } from 'vitest';
import { report, reportPlanned } from '../faults/results.js';
import { isWanted, wantedBreadth } from '../faults/wanted-cells.js';
import { cellSampleOf } from './cell-sample.js';
import { type CloudFaultStage, deployFirst, mustRun } from './cloud-fault-stage.js';
import { bringStage, type CloudScenario } from './cloud-scenario.js';
import { type CloudFault, runCloudCell } from './run-cloud-cell.js';
import type { TableOptions } from './table-options.js';

const sampled: readonly string[] = ['update', 'pair'];

/**
 * Defines the tests of one scenario on one stage. Needs to be awaited: which faults there are is only known after a run
 * without one, for which the stage is ready.
 */
export async function stageTests(
  {
    cloud,
    open,
    missing = [],
    scenario,
    fewestCells,
  }: Omit<TableOptions, 'scenario'> & { readonly scenario: CloudScenario },
  faultsOf: (stage: CloudFaultStage) => Promise<readonly CloudFault[]>,
): Promise<void> {
  const { name, needs } = scenario;
  if (!isWanted(`${cloud}-${name}/`)) return test.skip('nothing of this is asked for');
  if (missing.length > 0) return test.skip(`${missing.join(' and ')} not on the PATH`);
  // On Google Cloud a cell is hundreds of processes. A stage of its own costs more than the one cell that a sample would take of it.
  if (wantedBreadth() === 'sample' && (cloud === 'gcp' || !sampled.includes(name)))
    return test.skip('not in the sample');
  const stage = await open();
  afterAll(async () => await stage.remove());
  const bring = async (): Promise<void> => await bringStage(stage, scenario, await stage.snapshot());
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
    for (const fault of cellSampleOf(asked)) {
      test(fault.name, { timeout: 5 * stage.cloud.boundSeconds * 1000 }, async () => {
        await bring();
        report(await runCloudCell(stage, fault));
      });
    }
  } catch (error) {
    await stage.remove();
    throw error;
  }
}
