import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually.js';
import type { FaultStage } from './fault-stage.js';
import type { GoldenStep } from './golden.js';
import { crashPreload, type Fault } from './run-cell.js';
import { type Scenario, scenarios } from './scenario.js';
import { settled } from './stage-children.js';

export interface StandstillOptions {
  /** First part of the cell's name: what is hit. */
  readonly what: string;
  readonly step: GoldenStep;
  /** What happens while the CLI stands still in the middle of the step. */
  readonly act: (stage: FaultStage) => Promise<void> | void;
  readonly mayEnd: Fault['mayEnd'];
  readonly hitsGateway?: boolean;
  readonly mayCutRequests?: number;
  /**
   * Whether the stage is taken down and brought up before: what was killed again and again within a minute is only
   * started again after a while. @default false
   */
  readonly rested?: boolean;
}

const restedUpdate: Scenario = {
  ...scenarios.update,
  async prepare(stage) {
    stage.prober.point(undefined);
    await stage.project.agentctl(['destroy', '--yes']);
    stage.prober.point(await stage.project.deployed());
    await stage.nextVersion();
  },
};

/** The CLI is stopped in the middle of a step, something else of the stage is hit, and the CLI goes on. */
export function standstillFault(options: StandstillOptions): Fault {
  const { what, step, act, mayEnd } = options;
  return {
    name: `${what}/${step.name}/inside/KILL`,
    scenario: options.rested === true ? restedUpdate : scenarios.update,
    goOn: 'again',
    mayEnd,
    ...(options.hitsGateway === undefined ? {} : { hitsGateway: options.hitsGateway }),
    ...(options.mayCutRequests === undefined ? {} : { mayCutRequests: options.mayCutRequests }),
    async hit(stage, args) {
      const { preload, hasHappened } = crashPreload(stage, {
        step: step.name,
        point: 'inside',
        signal: 'SIGSTOP',
        afterMilliseconds: step.milliseconds / 2,
        afterOperations: Math.floor(step.operations / 2),
      });
      const run = stage.start(args, { preload });
      let isOver = false;
      void run.ended.then(() => (isOver = true));
      await eventually(() => hasHappened() || isOver);
      if (!isOver) {
        await act(stage);
        await sleep(50);
        run.signal('SIGCONT');
      }
      const result = await run.ended;
      await settled(stage);
      return { run: result, happened: hasHappened() };
    },
  };
}
