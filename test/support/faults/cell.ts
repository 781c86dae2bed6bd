import type { CrashPoint, Golden, GoldenStep } from './golden.js';
import type { ScenarioName } from './scenario.js';

/** What hits the CLI. `CI`: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL, from outside, to its process group. */
export type Blow = 'INT' | 'TERM' | 'KILL' | 'CI';

/** How it goes on: `again` is the same command, `other` another version, as after the next commit. */
export type GoOn = 'resume' | 'again' | 'other';

/** One fault at one place: a row of the table. */
export interface SignalCell {
  readonly scenario: ScenarioName;
  readonly step: GoldenStep;
  readonly point: CrashPoint;
  readonly blow: Blow;
  readonly goOn: GoOn;
}

/** `update/switch/after/KILL`, or `update/switch/after/KILL-again` when it goes on in the less usual way. */
export function cellName({ scenario, step, point, blow, goOn }: SignalCell): string {
  return [scenario, step.name, point, blowName(blow, goOn)].join('/');
}

/** `KILL`, or `KILL-again`. */
export function blowName(blow: Blow, goOn: GoOn): string {
  return goOn === usual(blow) ? blow : `${blow}-${goOn}`;
}

/** Whoever pressed Ctrl-C reads the message and resumes; a job that was terminated is started again. */
function usual(blow: Blow): GoOn {
  return blow === 'TERM' ? 'again' : 'resume';
}

/** Every cell of a scenario, from the steps that its golden run had. */
export function signalCells(
  scenario: ScenarioName,
  golden: Golden,
  blows: readonly (readonly [Blow, GoOn])[],
  isWanted: (step: GoldenStep) => boolean = () => true,
): readonly SignalCell[] {
  return golden.steps
    .filter(isWanted)
    .flatMap((step) =>
      step.points.flatMap((point) => blows.map(([blow, goOn]) => ({ scenario, step, point, blow, goOn }))),
    );
}
