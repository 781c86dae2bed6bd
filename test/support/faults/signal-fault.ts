import { type Blow, cellName, type SignalCell } from './cell.js';
import { cancelAsCi, crashPreload, type Fault } from './run-cell.js';
import { scenarios } from './scenario.js';

/** Where in a step's time the middle is. */
const middle = 0.5;

const mayEnd: Readonly<Record<Blow, readonly (number | NodeJS.Signals)[]>> = {
  INT: [130],
  TERM: [130],
  KILL: ['SIGKILL'],
  CI: [130, 'SIGINT', 'SIGTERM', 'SIGKILL'],
};

/** Signals at one point of one step. */
export function signalFault(cell: SignalCell): Fault {
  const { step, point, blow } = cell;
  const scenario = scenarios[cell.scenario];
  // A signal that comes when everything is done changes nothing about how it ended.
  const isLate = step.name === 'run-end' || point === 'after';
  // A run that has failed by itself goes on taking back what it did, and says how that ended.
  const mayFinish = isLate || scenario.exitCode !== 0;
  return {
    name: cellName(cell),
    scenario,
    goOn: cell.goOn,
    mayEnd: [
      ...mayEnd[blow],
      ...((mayFinish || blow === 'CI') && blow !== 'KILL' ? ([scenario.exitCode, 'SIGINT', 'SIGTERM'] as const) : []),
    ],
    async hit(stage, args, input) {
      const { preload, hasHappened } = crashPreload(stage, {
        step: step.name,
        point,
        signal: blow === 'CI' ? 'mark' : `SIG${blow}`,
        afterMilliseconds: step.milliseconds * middle,
        afterOperations: Math.floor(step.operations * middle),
      });
      const run = stage.start(args, { preload, input });
      if (blow === 'CI') await cancelAsCi(run, hasHappened);
      return { run: await run.ended, happened: hasHappened() };
    },
  };
}
