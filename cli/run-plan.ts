import { createHash } from 'node:crypto';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent, RunFact } from './engine/events.js';
import { hasSystemCode } from './errors.js';
import { execute, type RunResult } from './engine/execute.js';
import { createJournal, type JournalWriter } from './engine/journal.js';
import { acquireLock, type Lock, type LockHolder } from './engine/lock.js';
import type { Interrupt } from './interrupt.js';
import type { Io } from './io/io.js';
import { type Plan, planHash } from './plan/plan.js';
import { markdownReport } from './report/markdown.js';
import { advance, viewOf } from './report/run-view.js';
import type { Target } from './targets/target.js';
import { identityOf } from './tools/process/index.js';

/** What running a plan needs from the command that runs it. */
export interface RunPlanOptions {
  readonly target: Target;
  readonly io: Io;
  readonly interrupt: Interrupt;
  readonly runId: string;
  /** The command line, for the journal. */
  readonly command: string;
  /** A Markdown file that gets a table of the run; GitHub Actions names one in GITHUB_STEP_SUMMARY. @default - none */
  readonly summaryFile?: string | undefined;
  /** An unfinished run to go on with. @default - a new run */
  readonly resume?: { readonly journal: JournalWriter; readonly history: readonly RunEvent[] };
}

/** Runs a plan with its journal and its display. The caller holds the lock. */
export async function runPlan(plan: Plan, options: RunPlanOptions): Promise<RunResult> {
  const { target, io, interrupt, runId } = options;
  const journal =
    options.resume?.journal ??
    (await createJournal(journalFile(target.stateDirectory, runId), {
      journalVersion: 1,
      runId,
      command: options.command,
      startedAt: new Date().toISOString(),
      plan,
    }));
  const display = await io.display(plan);
  let view = viewOf(plan);
  const show = (event: RunEvent): void => {
    display.event(event);
    view = advance(view, event, plan);
  };
  options.resume?.history.forEach(show);
  try {
    return await execute(plan, {
      steps: target.steps,
      tools: target.tools,
      concurrency: target.concurrency,
      runId,
      planHash: planHash(plan),
      history: options.resume?.history ?? [],
      signal: interrupt.signal,
      giveUp: interrupt.giveUp,
      emit: async (fact: RunFact) => {
        const event: RunEvent = { ...fact, at: new Date().toISOString() };
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

/** Takes the lock of the target's stage, does the work, and lets go of the lock whatever happens. */
export async function withLock<R>(
  { target, io, interrupt, runId, command }: Omit<RunPlanOptions, 'resume'>,
  waitSeconds: number,
  work: () => Promise<R>,
): Promise<R> {
  await ignoreStateInGit(target.stateDirectory);
  const lock: Lock = await acquireLock({
    file: join(target.stateDirectory, 'lock.json'),
    holder: thisProcess(runId, command),
    waitSeconds,
    isAlive: (holder) => Promise.resolve(identityOf(holder.pid)?.startTime === holder.processStart),
    sleep: sleepUntilAborted,
    now: Date.now,
    signal: interrupt.signal,
    onWait: (holder) => io.note(`waiting for ${holder.user}@${holder.host} (pid ${holder.pid}): ${holder.command}`),
  });
  try {
    return await work();
  } finally {
    await lock.release();
  }
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
  return {
    user: userInfo().username,
    host: hostname(),
    pid: process.pid,
    processStart: identityOf(process.pid)?.startTime ?? 'unknown',
    runId,
    command,
    since: new Date().toISOString(),
  };
}

async function sleepUntilAborted(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
