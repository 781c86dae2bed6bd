import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentctlError, isAgentctlError } from '../errors.js';
import { type DetachedProcess, lockOwner } from '../tools/process/index.js';
import { type SupervisorClient, createSupervisorClient } from './client.js';
import { launchDetached } from './launch-detached.js';
import { assertOwnDirectory, socketPath } from './socket-path.js';
import { type StateLayout, stateLayout } from './state-layout.js';
import { readSupervisorFile } from './supervisor-file.js';

/** How long a started supervisor may take to answer; it first brings back what ran before. */
const answerWithinSeconds = 15;
/** How long a supervisor that is just stopping may take: ten seconds of grace for replicas, and as much for the database. */
const stopWithinSeconds = 30;
const pollMilliseconds = 50;

/**
 * The supervisor of a state directory; `undefined` when none answers.
 *
 * @throws AgentctlError EnvironmentNotReady: it speaks another protocol version; Refused: its socket is not ours
 */
export async function connectSupervisor(stateDirectory: string): Promise<SupervisorClient | undefined> {
  const path = readSupervisorFile(stateLayout(stateDirectory))?.socketPath ?? socketPath(stateDirectory, process.env);
  if (!existsSync(path)) return undefined;
  assertOwnDirectory(dirname(path));
  const client = createSupervisorClient(path);
  try {
    await client.hello({ signal: AbortSignal.timeout(answerWithinSeconds * 1000) });
    return client;
  } catch (error) {
    if (isAgentctlError(error) && error.code !== 'TargetUnavailable') throw error;
    return undefined;
  }
}

/**
 * The supervisor of a state directory, started if none runs. However many ask at once, exactly one runs.
 *
 * @throws AgentctlError EnvironmentNotReady: it does not start, or one with another protocol version runs
 */
export async function ensureSupervisor(
  stateDirectory: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<SupervisorClient> {
  const layout = stateLayout(stateDirectory);
  const connected = await connectSupervisor(layout.directory);
  if (connected !== undefined) return connected;
  mkdirSync(layout.directory, { recursive: true, mode: 0o700 });
  chmodSync(layout.directory, 0o700);
  mkdirSync(layout.logsDirectory, { recursive: true, mode: 0o700 });
  await untilStopped(layout, options.signal);
  const deadline = performance.now() + answerWithinSeconds * 1000;
  const logStart = logSize(layout);
  let child: DetachedProcess | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    const client = await connectSupervisor(layout.directory);
    if (client !== undefined) return client;
    if (performance.now() >= deadline) throw noAnswer(layout, logStart, undefined);
    if (child?.hasEnded() === true) {
      if (child.exitCode() !== 0) throw noAnswer(layout, logStart, child.exitCode());
      // It gave way to another one, which the guard or another deploy has started.
      child = undefined;
    }
    // That one may be on its way out, so start again until somebody answers.
    if (child === undefined && !isRunning(layout)) child = await launchDetached(layout, 'supervisor');
    await sleep(pollMilliseconds, undefined, signalOption(options.signal));
  }
}

/** A supervisor that runs but does not answer is bringing back what it keeps, or stopping it: either is waited for. */
async function untilStopped(layout: StateLayout, signal: AbortSignal | undefined): Promise<void> {
  const deadline = performance.now() + stopWithinSeconds * 1000;
  while (performance.now() < deadline && isRunning(layout)) {
    if ((await connectSupervisor(layout.directory)) !== undefined) return;
    await sleep(pollMilliseconds, undefined, signalOption(signal));
  }
}

function isRunning(layout: StateLayout): boolean {
  return lockOwner(layout.directory, 'supervisor') !== undefined;
}

/** `ended`: its exit code, when it has not even lived long enough to answer. */
function noAnswer(layout: StateLayout, logStart: number, ended: number | null | undefined): AgentctlError {
  const log = existsSync(layout.supervisorLogFile) ? readFileSync(layout.supervisorLogFile).subarray(logStart) : '';
  const what = ended === undefined ? `did not answer within ${answerWithinSeconds} s` : `ended with code ${ended}`;
  return new AgentctlError('EnvironmentNotReady', `the local supervisor ${what}`, {
    fix: `Read ${layout.supervisorLogFile} and correct what it reports.`,
    detail: log.toString('utf8').trimEnd().split('\n').slice(-20).join('\n'),
  });
}

/** Where in its log the next supervisor begins to write. */
function logSize(layout: StateLayout): number {
  return existsSync(layout.supervisorLogFile) ? statSync(layout.supervisorLogFile).size : 0;
}

function signalOption(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
