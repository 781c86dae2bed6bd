import type { CliResult } from '../local-cli.js';
import { beforeSteps } from './call-cells.js';
import type { FaultCloud } from './cloud-fault-stage.js';
import { cloudScenarios } from './cloud-scenario.js';
import { recordedServing } from './cloud-snapshot.js';
import type { CloudFault } from './run-cloud-cell.js';
import { watchedRun } from './watched-run.js';

/** Second command of a pair, and when in the first it is given. */
export interface Pair {
  readonly second: 'deploy' | 'destroy' | 'rollback';
  /** A step of the deploy; `plan`: at once. */
  readonly at: string;
}

/** Pure: a deploy beside each of them, at each of these moments. */
export function pairs(): readonly Pair[] {
  const seconds = ['deploy', 'destroy', 'rollback'] as const;
  return seconds.flatMap((second) =>
    [beforeSteps, 'foundation', 'migration-migrate', 'service'].map((at) => ({ second, at })),
  );
}

/** A deploy and another command of the same stage at the same time: one does its work, the other is told that it is locked. */
export function pairFault(cloud: FaultCloud['name'], { second, at }: Pair): CloudFault {
  return {
    name: `${cloud}-pair/${at}/${second}/beside`,
    scenario: { ...cloudScenarios.update, name: 'pair' },
    mayEnd: [0, 6],
    mayStopServing: second === 'destroy',
    async hit(stage, args) {
      const before = await stage.snapshot();
      const serving = recordedServing(before);
      const target = before.ledger.findLast((one) => one.outcome === 'released' && one.origin !== serving?.origin);
      const other = {
        deploy: args,
        destroy: ['destroy', '--yes'],
        rollback: ['rollback', target?.id ?? '', '--yes'],
      }[second];
      let beside: Promise<CliResult> | undefined;
      const begin = (): void => {
        beside ??= watchedRun(stage, other);
      };
      if (at === beforeSteps) begin();
      const run = await watchedRun(stage, args, { onStep: (step) => step === at && begin() });
      const end = await beside;
      const ends = [run.exitCode, end?.exitCode];
      // Both may have had their turn, one after the other; both told that it is locked is nobody's.
      const isFair = end !== undefined && ends.includes(0) && ends.every((code) => code === 0 || code === 6);
      if (isFair) return { run, happened: true };
      throw new Error(
        `${args.join(' ')} exited ${ends[0]}, ${other.join(' ')} ${ends[1]}:\n${run.stdout}\n${end?.stdout}`,
      );
    },
  };
}
