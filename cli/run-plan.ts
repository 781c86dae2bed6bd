import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent, RunFact } from './engine/events.js';
import { AgentctlError, hasSystemCode, messageOf } from './errors.js';
import { execute, type RunResult, settledSteps } from './engine/execute.js';
import { createJournal, type JournalWriter, journalVersion } from './engine/journal.js';
import type { Lock } from './engine/lock.js';
import { type LockHolder, lockVersion } from './engine/lock-file.js';
import { holderText } from './engine/lock-text.js';
import { acquireStageLock, type LockPlace } from './engine/stage-lock.js';
import { pruneJournals } from './engine/prune-journals.js';
import { redactedEvent } from './engine/redacted-event.js';
import type { Interrupt } from './interrupt.js';
import type { Io } from './io/io.js';
import { type Plan, planHash } from './plan/plan.js';
import { markdownReport } from './report/markdown.js';
import { advance, viewOf } from './report/run-view.js';
import type { Target } from './targets/target.js';
import { identityOf } from './tools/process/index.js';

/** What a run needs from the command that starts it. */
export interface RunScope {
  readonly target: Target;
  readonly io: Io;
  readonly interrupt: Interrupt;
  readonly runId: string;
  /** The command line, for journal and lock. */
  readonly command: string;
  /** Flags that repeat the choice of project, for hints. @default - none */
  readonly flags?: string;
  /** A Markdown file that gets a table of the run; GitHub Actions names one in GITHUB_STEP_SUMMARY. @default - none */
  readonly summaryFile?: string | undefined;
}

/** A run while it holds the lock of its stage; its interrupt also stops it when the lock is taken away. */
export interface LockedRun extends RunScope {
  readonly lock: Lock;
}

export interface RunPlanOptions extends LockedRun {
  /** An unfinished run to go on with. @default - a new run */
  readonly resume?: { readonly journal: JournalWriter; readonly history: readonly RunEvent[] };
}

/**
 * Runs a plan with its journal and its display.
 *
 * @throws LockLost before the next step or record, once the lock was taken away
 */
export async function runPlan(plan: Plan, options: RunPlanOptions): Promise<RunResult> {
  const { target, io, interrupt, runId, lock } = options;
  const journal = options.resume?.journal ?? (await newJournal(plan, options));
  const history = options.resume?.history ?? [];
  const done = settledSteps(plan, history);
  if (done.size > 0) io.note(`${done.size === 1 ? '1 step was' : `${done.size} steps were`} done before`);
  const display = await io.display(plan, done);
  let view = viewOf(plan, done);
  const show = (event: RunEvent): void => {
    display.event(event);
    view = advance(view, event, plan);
  };
  try {
    return await execute(plan, {
      steps: target.steps,
      tools: target.tools,
      concurrency: target.concurrency,
      runId,
      planHash: planHash(plan),
      history,
      signal: interrupt.signal,
      giveUp: interrupt.giveUp,
      emit: async (fact: RunFact) => {
        // Log lines are many, and nothing is begun on their account.
        if (fact.type === 'step.log') lock.lost.throwIfAborted();
        else await lock.assertHeld();
        const event = redactedEvent({ ...fact, at: new Date().toISOString() }, io.redact);
        show(event);
        await journal.append(event);
      },
      sleep: sleepUntilAborted,
      random: Math.random,
    });
  } finally {
    display.close();
    await journal.close();
    if (options.summaryFile !== undefined) await appendFile(options.summaryFile, markdownReport(view));
  }
}

async function newJournal(plan: Plan, { target, io, runId, command, lock }: LockedRun): Promise<JournalWriter> {
  await lock.assertHeld();
  const file = journalFile(target.stateDirectory, runId);
  const startedAt = new Date().toISOString();
  const journal = await createJournal(file, { journalVersion, runId, command: io.redact(command), startedAt, plan });
  await pruneJournals(dirname(file), runId);
  return journal;
}

/**
 * Takes the lock of the target's stage, does the work, and lets go of the lock whatever happens. Whoever lost the lock on
 * the way does not even recover: what he would take back may be somebody else's by now.
 *
 * @throws Locked, LockLost
 */
export async function withLock<R>(
  scope: RunScope,
  waitSeconds: number,
  work: (run: LockedRun) => Promise<R>,
): Promise<R> {
  const { target, io, interrupt, runId } = scope;
  await ignoreStateInGit(target.stateDirectory);
  const lock = await acquireStageLock(lockPlaceOf(target), {
    holder: thisProcess(runId, io.redact(scope.command)),
    waitSeconds,
    isAlive: (holder) => Promise.resolve(isHolderAlive(holder)),
    sleep: sleepUntilAborted,
    now: Date.now,
    elapsed: () => performance.now(),
    signal: interrupt.signal,
    flags: scope.flags ?? '',
    onWait: (holder) => io.note(`waiting for ${holderText(holder)}: ${holder.command}`),
    onTakeOver: (holder) =>
      io.note(`took over the lock of ${holderText(holder)}, which is gone: ${holder.command} (run ${holder.runId})`),
  });
  try {
    return await work({
      ...scope,
      lock,
      interrupt: {
        ...interrupt,
        signal: AbortSignal.any([interrupt.signal, lock.lost]),
        giveUp: AbortSignal.any([interrupt.giveUp, lock.lost]),
      },
    });
  } catch (error) {
    lock.lost.throwIfAborted();
    throw error;
  } finally {
    await lock.release().catch((error: unknown) => {
      // On a full disk, for example. How the work ended matters more, and the lock of a process that is gone holds nobody up.
      io.warn(`the lock could not be removed, the next run of this machine takes it over: ${messageOf(error)}`);
    });
  }
}

/** Where a target keeps the lock of its stage. */
export function lockPlaceOf({ lock, stateDirectory }: Pick<Target, 'lock' | 'stateDirectory'>): LockPlace {
  return lock === undefined ? { kind: 'file', file: lockFile(stateDirectory) } : { kind: 'object', object: lock };
}

/** Where the lock of a stage lies that only this machine deploys. */
export function lockFile(stateDirectory: string): string {
  return join(stateDirectory, 'lock.json');
}

/** Whether the process that took a lock still runs on this machine. */
export function isHolderAlive({ pid, processStart }: LockHolder): boolean {
  return identityOf(pid)?.startTime === processStart;
}

/** Where the journal of a run lies. */
export function journalFile(stateDirectory: string, runId: string): string {
  return join(stateDirectory, 'runs', `${runId}.ndjson`);
}

/** `20261120-101502345-3f9c`: sorts by time to the millisecond, and two runs in one differ. */
export function newRunId(now: Date, entropy: string): string {
  const stamp = now
    .toISOString()
    .replace(/[-:.Z]/g, '')
    .replace('T', '-');
  return `${stamp}-${createHash('sha256').update(entropy).digest('hex').slice(0, 4)}`;
}

/** `.agentctl/<target>/<stage>` holds journals and, locally, data and secrets: nothing of it belongs into a commit. */
async function ignoreStateInGit(stateDirectory: string): Promise<void> {
  const root = dirname(dirname(stateDirectory));
  await mkdir(root, { recursive: true, mode: 0o700 });
  await writeFile(join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (!hasSystemCode(error, 'EEXIST')) throw error;
  });
}

function thisProcess(runId: string, command: string): LockHolder {
  const self = identityOf(process.pid);
  if (self === undefined) {
    // Everybody would take the lock for that of a process that is gone.
    throw new AgentctlError('EnvironmentNotReady', `process ${process.pid} cannot find its own start time`, {
      fix: 'make /proc (Linux) or the command `ps` available',
    });
  }
  return {
    lockVersion,
    token: randomUUID(),
    user: userInfo().username,
    host: hostname(),
    pid: self.pid,
    processStart: self.startTime,
    runId,
    command,
    since: new Date().toISOString(),
  };
}

async function sleepUntilAborted(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
