import { existsSync } from 'node:fs';
import { type DetachedProcess, lockOwner, stopGroup } from '../tools/process/index.js';
import { launchDetached } from './launch-detached.js';
import { Reviver, lookMilliseconds } from './reviver.js';
import type { StateLayout } from './state-layout.js';

/** A guard has nothing to finish. */
const graceSeconds = 1;

/** The supervisor's side of the mutual watch: there is a guard, whatever happens to it. */
export interface GuardKeeper {
  /** Ends the guard. When it resolves none runs, and none is started any more. */
  stop(): Promise<void>;
}

/** Starts a guard unless one runs, and again whenever it has died. `launch` is for tests. */
export function keepGuard(
  layout: StateLayout,
  note: (text: string) => void,
  launch: () => Promise<DetachedProcess> = () => launchDetached(layout, 'guard'),
): GuardKeeper {
  const reviver = new Reviver({ name: 'the guard', start: launch, note });
  let looking: Promise<void> | undefined;
  const look = (): void => {
    // Without supervisor.json we are to end ourselves.
    if (looking !== undefined || !existsSync(layout.supervisorFile)) return;
    looking = reviver.look(guardOf(layout) !== undefined).finally(() => (looking = undefined));
  };
  const timer = setInterval(look, lookMilliseconds);
  timer.unref();
  look();
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      const pids = [guardOf(layout)?.pid, reviver.child?.pid].filter((pid) => pid !== undefined);
      await Promise.all(pids.map((pid) => stopGroup(pid, { graceSeconds })));
    },
  };
}

/** The guard of a state directory that runs now. */
export function guardOf(layout: StateLayout): ReturnType<typeof lockOwner> {
  return lockOwner(layout.directory, 'guard');
}
