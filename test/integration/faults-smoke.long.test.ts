import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellName, signalCells } from '../support/faults/cell.js';
import { type FaultStage, openFaultStage } from '../support/faults/fault-stage.js';
import { type Golden, goldenRun } from '../support/faults/golden.js';
import { kindOfFile } from '../support/faults/invariants.js';
import { runCell } from '../support/faults/run-cell.js';
import { scenarios } from '../support/faults/scenario.js';
import { signalFault } from '../support/faults/signal-fault.js';
import { warmUp } from '../support/faults/signal-table.js';
import { takeSnapshot } from '../support/faults/snapshot.js';

/** A sample of the fault table, which `npm run test:faults` runs as a whole. */
const sample = [
  'update/build/inside/KILL',
  'update/migration-migrate/inside/INT',
  'update/start/inside/KILL',
  'update/switch/inside/INT',
  'update/verify/after/KILL',
  'update/record/before/INT',
];

let stage: FaultStage;
let golden: Golden;
let usualFiles: ReadonlySet<string>;
beforeAll(async () => {
  stage = await openFaultStage();
  await warmUp(stage, 1);
  golden = await goldenRun(stage, scenarios.update);
  usualFiles = new Set((await takeSnapshot(stage)).files.map(kindOfFile));
}, 600_000);
afterAll(async () => await stage.remove(), 600_000);

test.each(sample)('%s breaks nothing', { timeout: 600_000 }, async (name) => {
  const blows = [
    ['KILL', 'resume'],
    ['INT', 'resume'],
  ] as const;
  const cell = signalCells('update', golden, blows).find((candidate) => cellName(candidate) === name);
  if (cell === undefined) throw new Error(`an update has no such place: ${name}`);

  const { violations } = await runCell(stage, signalFault(cell), usualFiles);

  expect(violations.join('\n')).toBe('');
});
