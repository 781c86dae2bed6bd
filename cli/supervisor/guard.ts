import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasSystemCode } from '../errors.js';
// Not through index.js: this process stays, and should hold little.
import { lockOwner, takeExclusiveLock } from '../tools/process/exclusive-lock.js';
import { launchDetached } from './launch-detached.js';
import { Reviver, lookMilliseconds } from './reviver.js';
import { stateLayout } from './state-layout.js';

/** What a guard is started with. */
export interface GuardOptions {
  readonly stateDirectory: string;
  /** Takes the lines of supervisor.log. */
  readonly write: (line: string) => void;
}

/**
 * Keeps watch over the supervisor of a state directory, and starts it again when it has died; the supervisor does the
 * same for the guard. supervisor.json says that a supervisor should run: once it is gone, as after a clean stop or when
 * somebody has removed the state directory, the guard ends. One guard at most runs per state directory.
 *
 * Two processes that die in the same moment, as when the machine restarts, are brought back by the next deploy only.
 */
export async function runGuard({ stateDirectory, write }: GuardOptions): Promise<void> {
  const layout = stateLayout(stateDirectory);
  if (!isOnlyGuard(layout.directory)) return;
  const reviver = new Reviver({
    name: 'the supervisor',
    start: () => launchDetached(layout, 'supervisor', 'revive'),
    note: (text) => write(`${new Date().toISOString()} guard: ${text}`),
  });
  const isAlive = (): boolean => lockOwner(layout.directory, 'supervisor') !== undefined;
  const isWanted = (): boolean =>
    existsSync(layout.supervisorFile) && lockOwner(layout.directory, 'guard')?.pid === process.pid;
  while (isWanted()) {
    await reviver.look(isAlive());
    await sleep(lookMilliseconds);
  }
  // Whoever waits for us to end can then rely on it that nothing of ours is still about to start.
  while (reviver.child !== undefined && !isAlive()) await sleep(lookMilliseconds);
}

function isOnlyGuard(directory: string): boolean {
  try {
    return takeExclusiveLock(directory, 'guard').kind === 'taken';
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return false;
    throw error;
  }
}
