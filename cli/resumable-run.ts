import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { replay } from './engine/events.js';
import { hasBegun, readJournal } from './engine/journal.js';
import type { LockHolder } from './engine/lock-file.js';
import { findStageLock } from './engine/stage-lock.js';
import type { Plan } from './plan/plan.js';
import { isHolderAlive, journalFile, lockPlaceOf } from './run-plan.js';
import type { Target } from './targets/target.js';

/** A run that could be gone on with. */
export interface ResumableRun {
  readonly runId: string;
  readonly action: Plan['action'];
  /** `unknown`: nobody recorded its end; it goes on, or its process was killed. */
  readonly ended: 'failed' | 'interrupted' | 'unknown';
}

/** Ids of the runs whose journals are kept, newest first. */
export async function recordedRuns(stateDirectory: string): Promise<readonly string[]> {
  const files = await readdir(join(stateDirectory, 'runs')).catch(() => []);
  const runs = files.filter((file) => file.endsWith('.ndjson')).map((file) => file.replace('.ndjson', ''));
  return runs.toSorted().toReversed();
}

/**
 * The newest run that has not succeeded; one before a release that came up since is no longer worth it.
 *
 * @throws StateUnreadable when a journal on the way is damaged
 */
export async function resumableRun(stateDirectory: string): Promise<ResumableRun | undefined> {
  for (const runId of await recordedRuns(stateDirectory)) {
    const file = journalFile(stateDirectory, runId);
    // Killed before its first line was written: it has done nothing that could be gone on with.
    if (!(await hasBegun(file))) continue;
    const { header, events } = await readJournal(file);
    const { finished } = replay(events);
    const { action, release } = header.plan;
    if (finished !== 'succeeded') return { runId, action, ended: finished ?? 'unknown' };
    if (release !== null) return undefined;
  }
  return undefined;
}

/** A run that has not come to its end, as `status` shows it. */
export interface OpenRun extends Pick<ResumableRun, 'runId' | 'action'> {
  /** Whether its process is there and at work. */
  readonly state: 'going-on' | 'cut-short';
}

/** The run that is going on, or was cut short and not gone on with. A damaged journal is none: `doctor` names it. */
export async function openRun(target: Pick<Target, 'lock' | 'stateDirectory'>): Promise<OpenRun | undefined> {
  const run = await resumableRun(target.stateDirectory).catch(() => undefined);
  if (run === undefined || run.ended === 'failed') return undefined;
  const lock = await findStageLock(lockPlaceOf(target));
  const isGoingOn = lock.kind === 'held' && lock.holder.runId === run.runId && !isGone(lock.holder);
  return { runId: run.runId, action: run.action, state: isGoingOn ? 'going-on' : 'cut-short' };
}

/** Of a process on another machine nothing is known. */
function isGone(holder: LockHolder): boolean {
  return holder.host === hostname() && !isHolderAlive(holder);
}
