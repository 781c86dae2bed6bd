import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CrashPoint, GoldenStep } from '../faults/golden.js';
import type { FaultCloud } from './cloud-fault-stage.js';
import type { CloudScenario } from './cloud-scenario.js';
import type { CloudFault } from './run-cloud-cell.js';

/** A signal at one point of one step. */
export interface CrashCell {
  readonly cloud: FaultCloud['name'];
  readonly scenario: CloudScenario;
  readonly step: GoldenStep;
  readonly point: CrashPoint;
  readonly blow: 'KILL' | 'INT' | 'TERM';
}

/** Pure: every step at three points by three signals. */
export function crashCells(
  cloud: CrashCell['cloud'],
  scenario: CloudScenario,
  steps: readonly GoldenStep[],
): readonly CrashCell[] {
  return steps.flatMap((step) =>
    step.points.flatMap((point) =>
      (['KILL', 'INT', 'TERM'] as const).map((blow) => ({ cloud, scenario, step, point, blow })),
    ),
  );
}

/** `aws-update/service/inside/KILL` */
export function crashCellName({ cloud, scenario, step, point, blow }: CrashCell): string {
  return [`${cloud}-${scenario.name}`, step.name, point, blow].join('/');
}

const preload = `--import=${pathToFileURL(join(import.meta.dirname, '../faults/crash-point.mjs')).href}`;

/** Environment that hits a run of the CLI, or writes down its steps. */
export function crashEnvironment(point: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: preload, AGENTCTL_TEST_CRASH: JSON.stringify(point) };
}

/** A signal to the real CLI, as a process. */
export function crashFault(cell: CrashCell): CloudFault {
  const { scenario, step, point, blow } = cell;
  // A signal that comes when everything is done changes nothing about how it ended; nor does one that comes when only the
  // record is left: that is one write, which is not broken off.
  const isLate = step.name === 'run-end' || step.name === 'record' || point === 'after';
  return {
    name: crashCellName(cell),
    scenario,
    goOn: blow === 'TERM' || scenario.name === 'destroy' ? 'again' : 'resume',
    mayEnd: blow === 'KILL' ? ['SIGKILL'] : [130, ...(isLate ? [0, 'SIGINT' as const, 'SIGTERM' as const] : [])],
    async hit(stage, args, input) {
      const marker = join(stage.cloud.directory, '..', `fired-${Date.now()}-${Math.random().toString(36).slice(2)}`);
      const environment = crashEnvironment({
        step: step.name,
        point,
        signal: `SIG${blow}`,
        afterMilliseconds: step.milliseconds / 2,
        afterOperations: Math.floor(step.operations / 2),
        marker,
      });
      const run = await stage.start([...args, '--json'], environment, input).ended;
      return { run, happened: existsSync(marker) };
    },
  };
}
