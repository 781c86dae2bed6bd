import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliResult } from '../local-cli.js';
import { expectedSteps } from './expected-steps.js';
import type { FaultStage } from './fault-stage.js';
import type { Scenario } from './scenario.js';
import { takeSnapshot } from './snapshot.js';

/** A step of a run without faults, or something the engine does between steps. */
export interface GoldenStep {
  readonly name: string;
  readonly points: readonly CrashPoint[];
  readonly milliseconds: number;
  /** Asynchronous operations that it begins. */
  readonly operations: number;
}

/** Before the start of a step is written, while it works, before its end is written. */
export type CrashPoint = 'before' | 'inside' | 'after';

const everyPoint: readonly CrashPoint[] = ['before', 'inside', 'after'];

/** How the command runs when nothing happens to it. */
export interface Golden {
  readonly steps: readonly GoldenStep[];
  readonly result: CliResult;
}

interface RecordedLine {
  readonly type: string;
  readonly step?: string;
  readonly milliseconds?: number;
  readonly operations?: number;
}

/** Runs a scenario without a fault, so that its steps are known: a step that is added is covered without a word here. */
export async function goldenRun(stage: FaultStage, scenario: Scenario): Promise<Golden> {
  await scenario.prepare(stage);
  const file = join(stage.project.root, `golden-${scenario.name}.ndjson`);
  const run = stage.start(scenario.args(await takeSnapshot(stage)), {
    input: scenario.input?.(stage),
    preload: { module: 'crash-point.mjs', environment: { AGENTCTL_TEST_CRASH: JSON.stringify({ record: file }) } },
  });
  const result = await run.ended;
  if (result.exitCode !== scenario.exitCode) {
    throw new Error(`without a fault, ${scenario.name} exited ${result.exitCode}:\n${result.stderr}`);
  }
  const steps = readGoldenSteps(file);
  const lost = (expectedSteps[scenario.name] ?? []).filter((expected) => !steps.some(({ name }) => name === expected));
  if (lost.length > 0) throw new Error(`${scenario.name} has no step any more of the name ${lost.join(', ')}`);
  return { steps, result };
}

/** The steps that `crash-point.mjs` has recorded. */
export function readGoldenSteps(file: string): readonly GoldenStep[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return stepsOf(lines.map((line) => JSON.parse(line) as RecordedLine));
}

function stepsOf(lines: readonly RecordedLine[]): readonly GoldenStep[] {
  const between = (name: string, points = everyPoint): GoldenStep => ({ name, points, milliseconds: 0, operations: 0 });
  return lines.flatMap(({ type, step, milliseconds = 0, operations = 0 }): GoldenStep[] => {
    switch (type) {
      case 'header':
        return [between('run-begin')];
      case 'run.finished':
        return [between('run-end')];
      case 'recovery.started':
        return [between('recovery-begin', ['before', 'after'])];
      case 'recovery.finished':
        return [between('recovery-end', ['before', 'after'])];
      case 'step.succeeded':
      case 'step.failed':
        return step === undefined ? [] : [{ name: step, points: everyPoint, milliseconds, operations }];
      default:
        return [];
    }
  });
}
