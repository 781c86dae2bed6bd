import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { pollUntil } from '../../poll-until.js';
import { logCursor } from '../logs/log-cursor.js';
import type { TaskDefinitionFacts } from './task-definitions.js';
import { taskId, taskState } from './task-state.js';
import type { TaskState, WaitTaskOptions } from './task-tools.js';

/** Fargate's longest stop timeout (120 s), and what it takes to tell so. */
const stopSeconds = 150;
/** For a task that is not there. */
const mostLooks = 3;

/** A task as it is now; undefined: ECS knows it no more. */
export async function readTask(
  clients: AwsClients,
  cluster: string,
  task: string,
  abortSignal: AbortSignal,
  main?: string,
): Promise<TaskState | undefined> {
  const ecs = await clients.ecs();
  const { tasks: [found] = [] } = await ecs.describeTasks({ cluster, tasks: [task] }, { abortSignal });
  return found === undefined ? undefined : taskState(found, main);
}

/** Waits until a task has stopped, handing on what it prints meanwhile; see TaskTools. */
export async function waitTask(
  clients: AwsClients,
  options: WaitTaskOptions,
  definitionOf: (taskDefinition: string, signal: AbortSignal) => Promise<TaskDefinitionFacts>,
  pollSeconds: number,
): Promise<TaskState | undefined> {
  const { cluster, onLine, stopOnAbort = false, signal } = options;
  const first = await firstLook(clients, options, pollSeconds);
  if (first === undefined) return undefined;
  const { main, logs } = await definitionOf(first.taskDefinition, signal);
  const cursors =
    onLine === undefined ? [] : logs.map((log) => logCursor(clients, log.group, log.stream(taskId(first.arn))));

  const forward = async (abortSignal: AbortSignal): Promise<void> => {
    for (const cursor of cursors) for (const { text } of await cursor.next(abortSignal)) await onLine?.(text);
  };
  const untilStopped = async (abortSignal: AbortSignal): Promise<TaskState | undefined> => {
    const ended = await pollUntil(
      async () => {
        const now = await readTask(clients, cluster, first.arn, abortSignal, main);
        await forward(abortSignal);
        if (now === undefined) return { state: undefined };
        return now.status === 'STOPPED' ? { state: now } : undefined;
      },
      { pollSeconds, signal: abortSignal },
    );
    // What it printed last may arrive after it has stopped; worth waiting for when it says why it failed.
    if (ended.state?.exitCode !== 0 && cursors.length > 0) {
      await delay(pollSeconds * 1000, undefined, { signal: abortSignal }).catch(() => undefined);
    }
    await forward(abortSignal);
    return ended.state;
  };

  try {
    return await untilStopped(signal);
  } catch (error) {
    if (!signal.aborted || !stopOnAbort) throw error;
    const bounded = AbortSignal.timeout(stopSeconds * 1000);
    await stopTask(clients, cluster, first.arn, 'interrupted', bounded);
    return await untilStopped(bounded);
  }
}

/** ECS may not know a task at once that it has just started. */
async function firstLook(
  clients: AwsClients,
  { cluster, task, signal }: WaitTaskOptions,
  pollSeconds: number,
): Promise<TaskState | undefined> {
  let looks = 0;
  const found = await pollUntil(
    async () => {
      const state = await readTask(clients, cluster, task, signal);
      return state !== undefined || ++looks === mostLooks ? { state } : undefined;
    },
    { pollSeconds, signal },
  );
  return found.state;
}

/** Asks ECS to stop a task; harmless when it has, also when ECS knows it no more. */
export async function stopTask(
  clients: AwsClients,
  cluster: string,
  task: string,
  reason: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const ecs = await clients.ecs();
  try {
    await ecs.stopTask({ cluster, task, reason }, { abortSignal });
  } catch (error) {
    // ECS has no code of its own for that.
    if (awsErrorName(error) === 'InvalidParameterException' && /task was not found/i.test(messageOf(error))) return;
    throw error;
  }
}
