import { AgentctlError } from '../../errors.js';
import type { SupervisorClient } from '../../supervisor/client.js';
import { type ReleaseManifest, runPrefix, type SupervisorStatus, type TaskRequest } from '../../supervisor/protocol.js';
import { pause } from '../../supervisor/pause.js';
import { scheduledTaskId } from '../../supervisor/tasks/task-history.js';
import type { FinishedRun, RunOptions } from '../one-off-run.js';
import { nothingServes, notThere } from '../run-refusals.js';

/** Runs a command as the supervisor's task, attached: it ends with this process. See {@link Target.run}. */
export async function runBeside(supervisor: SupervisorClient | undefined, options: RunOptions): Promise<FinishedRun> {
  const { input, onOutput, signal, leave } = options;
  const status = await supervisor?.status();
  const release = status?.servingRelease ?? undefined;
  const manifest = release === undefined ? undefined : await supervisor?.manifest(release);
  if (supervisor === undefined || status === undefined || manifest === undefined) throw nothingServes();

  const { workload, task } = requestOf(manifest, status, options);
  const started = { task: task.id, release: manifest.id, workload };
  signal.throwIfAborted();
  options.onStart(started);
  const ended = new AbortController();
  const interrupt = (): void => void interruptTask(supervisor, task.id, ended.signal).catch(() => undefined);
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const request = { task, stdin: input !== undefined };
    const {
      exitCode,
      signal: endedBy,
      state,
    } = await supervisor.attachTask(request, { input, onOutput, signal: leave });
    return { ...started, exitCode, signal: endedBy, timedOut: state === 'timed-out' };
  } finally {
    ended.abort();
    signal.removeEventListener('abort', interrupt);
  }
}

/** Also when it is only just about to start. */
async function interruptTask(supervisor: SupervisorClient, id: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted && (await supervisor.deleteTask(id, { interrupt: true })) === undefined)
    await pause(0.1, ended);
}

/** Pure: what the supervisor is asked to run. */
export function requestOf(
  manifest: ReleaseManifest,
  { schedules }: Pick<SupervisorStatus, 'schedules'>,
  { runId, as, command, timeoutSeconds }: Pick<RunOptions, 'runId' | 'as' | 'command' | 'timeoutSeconds'>,
): { readonly workload: string; readonly task: TaskRequest } {
  if (as.kind === 'schedule') {
    const schedule = named(manifest.schedules, 'schedule', as.name);
    const [last] = schedules.find(({ name }) => name === schedule.name)?.history ?? [];
    if (last?.state === 'running') throw runsAlready(schedule.name, last.id);
    const { name, artifact, env, timeoutSeconds: usual } = schedule;
    return {
      workload: name,
      task: {
        id: scheduledTaskId(name, new Date()),
        release: manifest.id,
        artifact,
        command: schedule.command,
        env,
        timeoutSeconds: timeoutSeconds ?? usual,
      },
    };
  }
  const service = as.name === undefined ? manifest.services[0] : named(manifest.services, 'service', as.name);
  if (service === undefined) throw nothingServes();
  const { name, artifact, env } = service;
  return {
    workload: name,
    task: {
      id: `${runPrefix}${runId}`,
      release: manifest.id,
      artifact,
      command: command.map(literal),
      env,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    },
  };
}

/** Whoever types `${HOME}` means the program that is run, not us. */
function literal(item: string): string {
  return item.replaceAll('${', () => '$${');
}

function named<T extends { readonly name: string }>(all: readonly T[], kind: 'service' | 'schedule', name: string): T {
  const found = all.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw notThere(
    all.map((candidate) => candidate.name),
    kind,
    name,
  );
}

function runsAlready(schedule: string, task: string): AgentctlError {
  return new AgentctlError('Refused', `schedule ${schedule} runs right now: ${task}`, {
    fix: 'wait until it has ended; `agentctl status` shows it',
  });
}
