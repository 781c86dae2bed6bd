import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { SupervisorClient } from '../../supervisor/client.js';
import {
  runPrefix,
  schedulePrefix,
  taskRequest,
  type TaskRequest,
  type TaskStatus,
} from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';
import { tailText } from './tail-text.js';

const pollSeconds = 0.1;
/** Lines of the migration's output shown when it fails. */
const shownLines = 50;

/**
 * The migration gate: one process from the new artifact, run by the supervisor so that it outlives a CLI that is
 * killed; a resumed run finds it by its id and waits for it instead of starting a second one.
 */
export const runMigration = defineStep<LocalTools>()({
  kind: 'run-migration',
  inputs: z.strictObject({ name: z.string(), task: taskRequest }),
  outputs: z.strictObject({ task: z.string() }),
  describe: ({ name }) => `run migration "${show(name)}"`,
  async run({ name, task }, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    await outwaitOthers(supervisor, task.id, log, tools, signal);
    const { id, logFile } = await adoptOrStart(supervisor, task, signal);
    const tail = tools.tailOf(logFile);
    const shown: string[] = [];
    const forward = async (): Promise<void> => {
      for (const line of await tail.next()) {
        shown.push(line);
        if (shown.length > shownLines) shown.shift();
        log(line);
      }
    };

    const status = await waitForEnd(supervisor, id, forward, tools, signal);
    if (hasSucceeded(status)) return { task: id };
    throw migrationFailed(name, task.timeoutSeconds ?? Infinity, status, shown);
  },
});

/**
 * We hold the lock of the stage, so a task that is not ours belongs to a run that was killed. Two migrations at once
 * could both fail, or worse: let the first one end. Its own timeout bounds the wait.
 */
async function outwaitOthers(
  supervisor: SupervisorClient,
  ours: string,
  log: (line: string) => void,
  tools: LocalTools,
  signal: AbortSignal,
): Promise<void> {
  for (let said = ''; ;) {
    const { runningTasks } = await supervisor.status({ signal });
    const others = runningTasks.filter(({ id }) => !id.startsWith(ours));
    // What runs on a schedule or by hand is no migration.
    const other = others.find(({ id }) => ![schedulePrefix, runPrefix].some((prefix) => id.startsWith(prefix)));
    if (other === undefined) return;
    if (other.id !== said) log(`waiting for ${other.id}, whose run was killed`);
    said = other.id;
    await tools.sleep(pollSeconds, signal);
  }
}

/** An attempt that runs or has succeeded is ours; one that ended badly is not, and the next one gets a new name. */
async function adoptOrStart(supervisor: SupervisorClient, task: TaskRequest, signal: AbortSignal): Promise<TaskStatus> {
  for (let attempt = 1; ; attempt++) {
    const id = attempt === 1 ? task.id : `${task.id}-${attempt}`;
    const known = await supervisor.task(id, { signal });
    if (known === undefined) return await supervisor.putTask({ ...task, id }, { signal });
    if (known.state === 'running' || hasSucceeded(known)) return known;
  }
}

function hasSucceeded({ state, exitCode }: TaskStatus): boolean {
  return state === 'exited' && exitCode === 0;
}

async function waitForEnd(
  supervisor: SupervisorClient,
  id: string,
  forward: () => Promise<void>,
  tools: LocalTools,
  signal: AbortSignal,
): Promise<TaskStatus> {
  try {
    for (;;) {
      const status = await supervisor.task(id, { signal });
      await forward();
      if (status !== undefined && status.state !== 'running') return status;
      await tools.sleep(pollSeconds, signal);
    }
  } catch (error) {
    // Interrupted: a migration that nobody waits for would hold its locks for nothing.
    if (signal.aborted) await supervisor.deleteTask(id);
    await forward();
    throw error;
  }
}

function migrationFailed(
  name: string,
  timeoutSeconds: number,
  status: TaskStatus,
  lines: readonly string[],
): AgentctlError {
  return new AgentctlError('MigrationFailed', `migration "${name}" ${howItEnded(status, timeoutSeconds)}`, {
    fix: 'mend the migration and run the same command again; nothing was rolled out, what served before still serves',
    detail: tailText(lines),
  });
}

function howItEnded({ state, exitCode, signal }: TaskStatus, timeoutSeconds: number): string {
  switch (state) {
    case 'timed-out':
      return `did not end within ${timeoutSeconds} s and was stopped`;
    case 'lost':
      return 'was lost when the local supervisor ended';
    case 'stopped':
      return 'was stopped';
    case 'running':
    case 'exited':
      return signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
  }
}
