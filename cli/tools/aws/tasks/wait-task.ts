import { setTimeout as delay } from 'node:timers/promises';
import { isAgentctlError, messageOf } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { pollUntil } from '../../poll-until.js';
import { type LogCursor, logCursor } from '../logs/log-cursor.js';
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
  definitionOf: DefinitionOf,
  pollSeconds: number,
): Promise<TaskState | undefined> {
  const { cluster, task, stopOnAbort = false, signal } = options;
  const watch = watchTask(clients, options, definitionOf, pollSeconds);
  try {
    return await watch(signal);
  } catch (error) {
    if (!stopOnAbort) throw error;
    const bounded = AbortSignal.timeout(stopSeconds * 1000);
    if (signal.aborted) {
      await stopTask(clients, cluster, task, 'interrupted', bounded);
      return await watch(bounded);
    }
    await stopTask(clients, cluster, task, 'agentctl cannot watch it', bounded).catch(() => undefined);
    throw error;
  }
}

type DefinitionOf = (taskDefinition: string, signal: AbortSignal) => Promise<TaskDefinitionFacts>;

/** What waits until the task has stopped. Called again, it goes on with what is printed where it was. */
function watchTask(
  clients: AwsClients,
  { cluster, task, onLine, onUnreadable }: WaitTaskOptions,
  definitionOf: DefinitionOf,
  pollSeconds: number,
): (abortSignal: AbortSignal) => Promise<TaskState | undefined> {
  let known: { readonly main: string | undefined; cursors: readonly LogCursor[] } | undefined;
  const look = async (abortSignal: AbortSignal): Promise<typeof known> => {
    if (known !== undefined) return known;
    const first = await firstLook(clients, { cluster, task, signal: abortSignal }, pollSeconds);
    if (first === undefined) return undefined;
    const { main, logs } = await definitionOf(first.taskDefinition, abortSignal);
    const cursors =
      onLine === undefined ? [] : logs.map((log) => logCursor(clients, log.group, log.stream(taskId(first.arn))));
    return (known = { main, cursors });
  };
  return async (abortSignal) => {
    const seen = await look(abortSignal);
    if (seen === undefined) return undefined;
    const forward = async (): Promise<void> => {
      try {
        for (const cursor of seen.cursors) for (const { text } of await cursor.next(abortSignal)) await onLine?.(text);
      } catch (error) {
        if (abortSignal.aborted || !isAgentctlError(error) || error.retryable) throw error;
        // How it ends is what counts, and can be seen without what it prints.
        seen.cursors = [];
        onUnreadable?.(error);
      }
    };
    const ended = await pollUntil(
      async () => {
        const now = await readTask(clients, cluster, task, abortSignal, seen.main);
        await forward();
        if (now === undefined) return { state: undefined };
        return now.status === 'STOPPED' ? { state: now } : undefined;
      },
      { pollSeconds, signal: abortSignal },
    );
    // What it printed last may arrive after it has stopped; worth waiting for when it says why it failed.
    if (ended.state?.exitCode !== 0 && seen.cursors.length > 0) {
      await delay(pollSeconds * 1000, undefined, { signal: abortSignal }).catch(() => undefined);
    }
    await forward();
    return ended.state;
  };
}

/** ECS may not know a task at once that it has just started. */
async function firstLook(
  clients: AwsClients,
  { cluster, task, signal }: Pick<WaitTaskOptions, 'cluster' | 'task' | 'signal'>,
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
