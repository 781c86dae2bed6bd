import { cloudScenarios } from './cloud-scenario.js';
import { beforeSteps, type CallCell, callCellName, timesOf } from './call-cells.js';
import type { CloudFault } from './run-cloud-cell.js';
import { isCall, watchedRun } from './watched-run.js';

/** Removes the lock; denied for good, it stays. */
const unlocks: ReadonlySet<string> = new Set(['s3.DeleteObject', 'storage.objects.delete']);

/** One call of a step goes wrong. */
export function callFault(cell: CallCell): CloudFault {
  const { step, service, operation, kind } = cell;
  const scenario = Object.values(cloudScenarios).find(({ name }) => name === cell.scenario);
  if (scenario === undefined) throw new Error(`no scenario ${cell.scenario}`);
  return {
    name: callCellName(cell),
    scenario,
    mayEnd: exitCodesOf(cell),
    mayLeaveLock: kind === 'denied' && unlocks.has(`${service}.${operation}`),
    async hit(stage, args, input) {
      const fake = stage.cloud;
      const takesBack: (() => void)[] = [];
      let armedAt = Number.POSITIVE_INFINITY;
      const arm = (): void => {
        if (takesBack.length > 0) return;
        armedAt = fake.calls.length;
        takesBack.push(fake.fail({ service, operation, kind, times: timesOf(kind) }));
      };
      if (step === beforeSteps) arm();
      try {
        const run = await watchedRun(stage, args, { input, onStep: (entered) => entered === step && arm() });
        const happened = fake.calls.slice(armedAt).some((call) => isCall({ kind: 'call', ...call }, cell));
        return { run, happened };
      } finally {
        for (const takeBack of takesBack) takeBack();
      }
    },
  };
}

/** Steps from which on a service may have been touched. */
const touching: ReadonlySet<string> = new Set([
  'service',
  'pin',
  'candidate',
  'share',
  'return',
  'shift',
  'verify',
  'record',
]);

/**
 * What may become of a run, by the step that is hit. 0: it was done in spite of it. 1 and 3: it was refused before
 * anything was changed, or the tool failed; 8: the migration; 9: the release was taken back, which is right whenever the
 * service could have been touched; 10: where nothing served before there is nothing to return to.
 */
export function exitCodesOf({ step, kind, scenario }: Pick<CallCell, 'step' | 'kind' | 'scenario'>): readonly number[] {
  const always = kind === 'denied' ? [0, 1, 3] : [0, 1];
  if (scenario === 'destroy') return always;
  // What is denied for good may first be missed in a later step, and on the way back.
  if (kind === 'denied' && step !== beforeSteps) return [...always, 8, 9, 10];
  if (step.startsWith('migration-')) return [...always, 8];
  const back = scenario === 'first' ? [9, 10] : [9];
  return touching.has(step) ? [...always, ...back] : always;
}
