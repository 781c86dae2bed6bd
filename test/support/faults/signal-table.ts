import { afterAll, test } from 'vitest';
import { type Blow, blowName, cellName, type GoOn, type SignalCell, signalCells } from './cell.js';
import { type FaultStage, openFaultStage } from './fault-stage.js';
import { type Golden, goldenRun, type GoldenStep } from './golden.js';
import { kindOfFile } from './invariants.js';
import { report } from './results.js';
import { runCell } from './run-cell.js';
import { type Scenario, type ScenarioName, scenarios } from './scenario.js';
import { signalFault } from './signal-fault.js';
import { takeSnapshot } from './snapshot.js';
import { isBlowWanted, isWanted, isWholeTableWanted, sampleOf, wantedBreadth } from './wanted-cells.js';

/** Some cells of one scenario. */
export interface SignalTable {
  readonly scenario: ScenarioName;
  readonly blows: readonly (readonly [Blow, GoOn])[];
  /** @default - every step */
  readonly steps?: (step: GoldenStep) => boolean;
  /** Points that are always tried; the others only when everything is asked for. @default - every point */
  readonly points?: readonly SignalCell['point'][];
}

/** So many releases that the next one has one to throw away. */
const releasesKept = 6;

/**
 * Defines the tests of some scenarios on one stage: every step of a run without faults, at three points, by each blow.
 * Needs to be awaited: which steps there are is only known after that run.
 *
 * @param fewestCells that there are when none is asked for by name, before a sample is taken; fewer are an error
 */
export async function signalTables(tables: readonly SignalTable[], fewestCells = 0): Promise<void> {
  const wanted = tables
    .filter(({ scenario }) => isWanted(`${scenario}/`))
    .map((table) => ({ ...table, blows: table.blows.filter(([blow, goOn]) => isBlowWanted(blowName(blow, goOn))) }))
    .filter(({ blows }) => blows.length > 0);
  if (wanted.length === 0) return test.skip('nothing of this is asked for');
  const stage = await openFaultStage();
  afterAll(async () => await stage.remove());
  try {
    const prunes = wanted.some(({ scenario }) => scenario === 'update') && isWanted('update/prune');
    const usualFiles = new Set(await warmUp(stage, prunes ? releasesKept : 2));
    const cells: (readonly SignalCell[])[] = [];
    const goldens = new Map<ScenarioName, Golden>();
    for (const table of wanted) {
      const { scenario: name } = table;
      const golden = goldens.get(name) ?? (await goldenOf(stage, name));
      goldens.set(name, golden);
      if (scenarios[name].serves) for (const file of await usualFilesOf(stage)) usualFiles.add(file);
      cells.push(cellsOf(table, golden));
    }
    const asked = interleaved(cells).filter((cell) => isWanted(cellName(cell)));
    if (isWholeTableWanted() && asked.length < fewestCells) {
      throw new Error(`only ${asked.length} cells are left of ${fewestCells}`);
    }
    if (asked.length === 0) test.skip('no cell here has that name');
    for (const cell of sampleOf(asked)) {
      const id = cellName(cell);
      test(id, async () => {
        await bring(stage, scenarios[cell.scenario]);
        report(await runCell(stage, signalFault(cell), usualFiles));
      });
    }
  } catch (error) {
    await stage.remove();
    throw error;
  }
}

function cellsOf({ scenario, blows, steps, points }: SignalTable, golden: Golden): readonly SignalCell[] {
  const cells = signalCells(scenario, golden, blows, steps);
  return wantedBreadth() === 'all' ? cells : cells.filter(({ point }) => points?.includes(point) ?? true);
}

async function goldenOf(stage: FaultStage, name: ScenarioName): Promise<Golden> {
  await bring(stage, scenarios[name]);
  return await goldenRun(stage, scenarios[name]);
}

/** Deploys so often, and answers with the kinds of files that a stage at rest has. */
export async function warmUp(stage: FaultStage, releases: number): Promise<ReadonlySet<string>> {
  stage.setSecrets();
  for (let release = 0; release < releases; release++) await serve(stage);
  return await usualFilesOf(stage);
}

async function usualFilesOf(stage: FaultStage): Promise<ReadonlySet<string>> {
  return new Set((await takeSnapshot(stage)).files.map(kindOfFile));
}

/** Brings a stage to where a scenario begins, if the one before has not left it there. */
export async function bring(stage: FaultStage, { needs }: Pick<Scenario, 'needs'>): Promise<void> {
  const { status, files, answering } = await takeSnapshot(stage);
  if (needs === 'serving' && answering === undefined) {
    stage.setSecrets();
    await serve(stage);
  }
  if (needs === 'nothing' && (status !== undefined || files.some((file) => !file.startsWith('backups')))) {
    stage.prober.point(undefined);
    stage.prober.forget();
    await stage.project.agentctl(['destroy', '--delete-data', '--yes']);
  }
}

async function serve(stage: FaultStage): Promise<void> {
  await stage.nextVersion();
  stage.prober.point(await stage.project.deployed());
}

/** One of each in turn: a destroy leaves what a first deploy begins with, and the other way round. */
function interleaved<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
}
