import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { isAgentctlError } from '../../../errors.js';
import { pollUntil } from '../../poll-until.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import type { RegionScope } from '../gcloud/region-scope.js';
import { unlessMissing } from '../gcloud/unless-missing.js';
import { logFilter } from '../logs/log-filter.js';
import { logCursor } from '../logs/log-cursor.js';
import { executionAnswer, taskAnswer } from './execution-answers.js';
import { jobCommands } from './job-commands.js';
import { jobDocument } from './job-document.js';
import type { EndedExecution, ExecuteOptions, ExecutionState, JobTools, WaitExecutionOptions } from './job-tools.js';

/** A container has ten seconds after SIGTERM (Cloud Run, "Container runtime contract"), and Cloud Run some to tell so. */
const cancelSeconds = 120;
/** Looks for an execution that is not there. */
const mostMisses = 3;

/** Opens {@link JobTools}. */
export function openJobs(gcloud: Gcloud, { region }: RegionScope, pollSeconds: number): JobTools {
  const executions: JobTools['executions'] = async (job, signal) => {
    const found = await unlessMissing(
      async () => await gcloud.json(jobCommands.executions(job, region), z.array(executionAnswer), { signal }),
    );
    return (found ?? []).toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '', 'en'));
  };
  const cancel: JobTools['cancel'] = async (execution, signal) => {
    const now = await read(execution, signal);
    if (now === undefined || now.condition.state !== 'unknown') return;
    await gcloud.act(jobCommands.cancel(execution, region), { signal });
  };
  const read = async (execution: string, signal: AbortSignal): Promise<ExecutionState | undefined> =>
    await unlessMissing(
      async () => await gcloud.json(jobCommands.execution(execution, region), executionAnswer, { signal }),
    );
  const ofAttempt = async ({ job, attempt, signal }: ExecuteOptions): Promise<ExecutionState | undefined> =>
    (await executions(job, signal)).find((one) => one.attempt === attempt && one.condition.state !== 'false');

  return {
    executions,
    cancel,
    async execute(options) {
      const known = await ofAttempt(options);
      if (known !== undefined) return known;
      const { job, attempt, signal } = options;
      try {
        return await gcloud.json(jobCommands.execute(job, attempt, region), executionAnswer, { signal });
      } catch (error) {
        // The answer may be lost and the run be there: a second one beside it is what must not be.
        const started = isAgentctlError(error) && error.retryable ? await ofAttempt(options) : undefined;
        if (started === undefined) throw error;
        return started;
      }
    },
    wait: async (options) => await waitExecution(options),
    async create({ signal, ...options }) {
      await gcloud.act(jobCommands.replace(region), { signal, input: JSON.stringify(jobDocument(options)) });
    },
    async remove(job, signal) {
      await unlessMissing(async () => await gcloud.act(jobCommands.remove(job, region), { signal }));
    },
  };

  async function waitExecution(options: WaitExecutionOptions): Promise<EndedExecution | undefined> {
    const { execution, onLine, onUnreadable, cancelOnAbort = false, signal } = options;
    let isTold = false;
    const cursor = onLine && logCursor(gcloud, logFilter({ kind: 'execution', name: execution }, region));
    const forward = async (given: AbortSignal): Promise<void> => {
      const lines = await cursor?.next(given).catch((error: unknown) => {
        if (given.aborted || !isAgentctlError(error)) throw error;
        if (!error.retryable && !isTold) onUnreadable?.(error);
        isTold ||= !error.retryable;
        return [];
      });
      for (const { text } of lines ?? []) await onLine?.(text);
    };
    // One that was started a moment ago may not be known yet.
    let missing = 0;
    const untilEnd = async (given: AbortSignal): Promise<EndedExecution | undefined> => {
      const { state } = await pollUntil(
        async () => {
          const now = await read(execution, given);
          await forward(given);
          if (now === undefined) return ++missing === mostMisses ? { state: undefined } : undefined;
          return now.condition.state === 'unknown' ? undefined : { state: now };
        },
        { pollSeconds, signal: given },
      );
      if (cursor !== undefined && state?.condition.state !== 'true') {
        // What it printed last may arrive after its end; worth waiting for when it says why it failed.
        await delay(pollSeconds * 1000, undefined, { signal: given }).catch(() => undefined);
      }
      await forward(given);
      return state === undefined ? undefined : { ...state, exitCode: await exitCodeOf(state, given) };
    };
    try {
      return await untilEnd(signal);
    } catch (error) {
      if (!cancelOnAbort) throw error;
      const bounded = AbortSignal.timeout(cancelSeconds * 1000);
      if (!signal.aborted) {
        await cancel(execution, bounded).catch(() => undefined);
        throw error;
      }
      await cancel(execution, bounded);
      return await untilEnd(bounded);
    }
  }

  async function exitCodeOf({ name, condition }: ExecutionState, signal: AbortSignal): Promise<number | null> {
    if (condition.state === 'true') return 0;
    const [task] = await gcloud.json(jobCommands.tasks(name, region), z.array(taskAnswer), { signal });
    const { exitCode } = task?.status.lastAttemptResult ?? {};
    if (exitCode !== undefined && exitCode !== 0) return exitCode;
    const said = /exited with (?:non-zero )?(?:exit )?(?:code|status)[: ]+(\d+)|exit\((\d+)\)/i.exec(
      condition.message ?? '',
    );
    return said === null ? null : Number(said[1] ?? said[2]);
  }
}
