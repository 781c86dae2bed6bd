import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { identityOf, isSameProcess } from '../process/index.js';
import { spawnDetached } from '../process/spawn.js';
import { type ApplyProgress, nextProgress, notBegun, progressText } from './apply-progress.js';
import { followLines } from './follow-lines.js';
import type { TerraformPlace } from './run-terraform.js';
import type { StateLock } from './state-lock.js';
import { applyArguments } from './terraform-commands.js';
import type { TerraformRun } from './terraform-tools.js';
import { parseUiLine } from './ui-line.js';
import { applyLog, applyMarker, readWorkFile } from './work-directory.js';

const markerSchema = z.object({
  pid: z.number(),
  startTime: z.string(),
  /** Milliseconds: when applies began whose end nobody has seen, this one the last. */
  begun: z.array(z.number()),
});

/** Which process applies, or did when nobody saw it end. */
export type ApplyMarker = z.output<typeof markerSchema>;

/** How an apply ended. */
export interface AppliedPlan {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly progress: ApplyProgress;
}

/**
 * Applies a plan and waits until that has ended. It writes to a file: to a pipe of ours it would end with us, by SIGPIPE at
 * its next line, with its lock taken and what it had made in no state. An abort is one SIGINT, to Terraform itself.
 */
export async function applyPlan(
  { command, path, env }: TerraformPlace,
  plan: string,
  { signal, log, earlier }: TerraformRun & { readonly earlier: ApplyMarker | undefined },
): Promise<AppliedPlan> {
  signal.throwIfAborted();
  const file = join(path, applyLog);
  await rm(file, { force: true });
  const output = openSync(file, 'a', 0o600);
  const child = spawnDetached({
    command,
    args: applyArguments(plan),
    workingDirectory: path,
    environment: env,
    stdio: { outputDescriptor: output },
  });
  closeSync(output);
  if (child.pid === undefined) {
    const [cause] = await once(child, 'error');
    throw new AgentctlError('ToolMissing', `cannot start ${command}`, {
      fix: `check that ${command} can be run`,
      cause,
    });
  }
  const begun = [...(earlier?.begun ?? []), Date.now()];
  const identity = identityOf(child.pid) ?? { pid: child.pid, startTime: 'ended' };
  await markApply(path, { ...identity, begun });
  const exited = once(child, 'exit');
  const interrupt = (): unknown => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const { lines, progress } = await watch(file, log, hasEnded);
    await exited;
    return { exitCode: child.exitCode, signal: child.signalCode, lines, progress };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** Waits for an apply that an earlier run has left; undefined: all that began were seen to end. */
export async function awaitEarlierApply(
  { path, name }: Pick<TerraformPlace, 'path' | 'name'>,
  { signal, log }: TerraformRun,
): Promise<ApplyMarker | undefined> {
  const marker = await readMarker(path);
  if (marker === undefined || !isSameProcess(marker)) return marker;
  log(`waits for an apply of ${name} that an earlier run has left (process ${marker.pid})`);
  const interrupt = (): void => {
    if (isSameProcess(marker)) process.kill(marker.pid, 'SIGINT');
  };
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    await watch(join(path, applyLog), log, () => !isSameProcess(marker));
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  signal.throwIfAborted();
  return marker;
}

/** Notes whose end nobody has seen; undefined: all that began were seen to end. */
export async function markApply(path: string, marker: ApplyMarker | undefined): Promise<void> {
  const file = join(path, applyMarker);
  if (marker === undefined) await rm(file, { force: true });
  else writeFileSync(file, JSON.stringify(marker), { mode: 0o600 });
}

/** Terraform takes its lock first of all; so much later it is somebody else’s. */
const lockWindowMilliseconds = 60_000;

/** Pure: whether a lock was taken by an apply of ours that nobody saw end, and that runs no more. */
export function isOurDeadLock(lock: StateLock, marker: ApplyMarker | undefined, who: string): boolean {
  if (marker === undefined || lock.since === null || lock.who !== who || lock.operation !== 'OperationTypeApply')
    return false;
  const since = Date.parse(lock.since);
  return marker.begun.some((begun) => since >= begun - 1000 && since <= begun + lockWindowMilliseconds);
}

/** Us, as Terraform writes it into a lock. */
export function ourselves(): string {
  return `${userInfo().username}@${hostname()}`;
}

async function readMarker(path: string): Promise<ApplyMarker | undefined> {
  const text = await readWorkFile(path, applyMarker);
  if (text === undefined) return undefined;
  try {
    return markerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function watch(file: string, log: (line: string) => void, ended: () => boolean) {
  const lines: string[] = [];
  let progress = notBegun;
  await followLines(
    file,
    (line) => {
      const event = parseUiLine(line);
      if (event === undefined || event.type === 'diagnostic') lines.push(line);
      if (event === undefined) return;
      progress = nextProgress(progress, event);
      const text = progressText(progress, event);
      if (text !== undefined) log(text);
    },
    ended,
  );
  return { lines, progress };
}
