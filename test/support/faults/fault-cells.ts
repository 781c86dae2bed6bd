import { afterAll, test } from 'vitest';
import { type FaultStage, openFaultStage } from './fault-stage.js';
import { type Golden, goldenRun } from './golden.js';
import { report } from './results.js';
import { type Fault, runCell } from './run-cell.js';
import { scenarios } from './scenario.js';
import { bring, warmUp } from './signal-table.js';
import { isWanted, sampleOf } from './wanted-cells.js';

/** What cells that are not signals are made from. */
export interface FaultCellsContext {
  readonly stage: FaultStage;
  /** An update without a fault. */
  readonly golden: Golden;
}

/** Defines the tests of faults of other kinds on one stage that serves. Needs to be awaited. */
export async function faultCells(
  groups: readonly string[],
  options: Parameters<typeof openFaultStage>[0],
  faultsOf: (context: FaultCellsContext) => Promise<readonly Fault[]> | readonly Fault[],
): Promise<void> {
  if (!groups.some((group) => isWanted(`${group}/`))) return test.skip('nothing of this is asked for');
  const stage = await openFaultStage(options);
  afterAll(async () => await stage.remove());
  try {
    const usualFiles = await warmUp(stage, 1);
    const golden = await goldenRun(stage, scenarios.update);
    const asked = (await faultsOf({ stage, golden })).filter(({ name }) => isWanted(name));
    if (asked.length === 0) test.skip('no cell here has that name');
    for (const fault of sampleOf(asked)) {
      test(fault.name, async () => {
        await bring(stage, fault.scenario);
        report(await runCell(stage, fault, usualFiles));
      });
    }
  } catch (error) {
    await stage.remove();
    throw error;
  }
}
