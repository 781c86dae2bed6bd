import {
  foundationOutputsSchema,
  scheduleTaskDefinitionOutput,
  serviceTaskDefinitionOutput,
} from '../../../stacks/aws/outputs.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { messageOf } from '../../errors.js';
import type { FinishedRun, RunOptions } from '../one-off-run.js';
import { lost, named, nothingServes, notStarted } from '../run-refusals.js';
import type { StageTools } from './open-stage-tools.js';
import { recordedRequest } from './recorded-release.js';
import { servingRecord } from './serving-release.js';
import { stackStates } from './stage-facts.js';

/** Of a command that is not there (POSIX, "Exit Status for Commands"). */
const notFound = 127;

/** Runs a command as an ECS task beside the services, with the image and environment of one of them. */
export async function runTask(
  scope: { readonly name: string; readonly stage: string },
  tools: StageTools,
  options: RunOptions,
): Promise<FinishedRun> {
  const { runId, as, command, timeoutSeconds, onStart, onOutput, signal, leave } = options;
  const [records, stacks] = await Promise.all([tools.ledger.list(), stackStates(scope, tools, signal)]);
  const record = servingRecord({ records, stacks });
  const { foundation, service } = stacks;
  if (record === undefined || foundation === undefined || service === undefined) throw nothingServes();
  const { spec } = recordedRequest(record);
  const { workload, output, limitSeconds } = workloadOf(spec, as, timeoutSeconds);
  const taskDefinition = service.outputs[output];
  if (taskDefinition === undefined) throw nothingServes();
  const { ClusterName: cluster, AppSubnetIds, TaskSecurityGroupId } = foundationOutputsSchema.parse(foundation.outputs);

  const task = await tools.aws.tasks.run(
    {
      cluster,
      taskDefinition,
      subnetIds: AppSubnetIds,
      securityGroupIds: [TaskSecurityGroupId],
      clientToken: `run-${runId}`,
      startedBy: `run-${runId}`.slice(0, 36),
      ...(as.kind === 'schedule' ? {} : { command }),
      tags: { 'agentctl:release': record.id, 'agentctl:run': runId },
    },
    signal,
  );
  const started = { task: `${workload}/${task.id}`, release: record.id, workload };
  onStart(started);
  const limit = limitSeconds === undefined ? undefined : AbortSignal.timeout(limitSeconds * 1000);
  const stop = AbortSignal.any([signal, ...(limit === undefined ? [] : [limit])]);
  const waited = tools.aws.tasks.wait({
    cluster,
    task: task.arn,
    onLine: async (line) => await onOutput('out', Buffer.from(`${line}\n`)),
    onUnreadable: (error) =>
      void onOutput('err', Buffer.from(`agentctl: what it prints cannot be shown: ${messageOf(error)}\n`)),
    stopOnAbort: true,
    signal: stop,
  });
  try {
    const ended = await Promise.race([waited, left(leave)]);
    if (limit?.aborted === true) return { ...started, exitCode: null, signal: 'SIGTERM', timedOut: true };
    if (ended === undefined) throw lost('ECS', started.task);
    if (
      ended.exitCode === null &&
      /executable file not found|no such file or directory/.test(ended.stoppedReason ?? '')
    ) {
      // As a shell answers; the rest of what the engine says is how it starts containers.
      await onOutput('err', Buffer.from(`${command[0] ?? workload}: not found in the image\n`));
      return { ...started, exitCode: notFound, signal: null, timedOut: false };
    }
    if (ended.exitCode === null) throw notStarted('ECS', started.task, ended.stoppedReason);
    return { ...started, exitCode: ended.exitCode, signal: null, timedOut: false };
  } catch (error) {
    if (leave.aborted)
      await tools.aws.tasks.stop(cluster, task.arn, 'nobody waits for it', new AbortController().signal);
    else if (limit?.aborted === true && !signal.aborted) {
      return { ...started, exitCode: null, signal: 'SIGTERM', timedOut: true };
    }
    throw error;
  }
}

async function left(leave: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const go = (): void => reject(leave.reason instanceof Error ? leave.reason : new Error('left'));
    if (leave.aborted) go();
    else leave.addEventListener('abort', go, { once: true });
  });
}

function workloadOf(spec: AgentSpec, as: RunOptions['as'], timeoutSeconds: number | undefined) {
  if (as.kind === 'schedule') {
    const workload = named(Object.keys(spec.schedules), 'schedule', as.name);
    const limitSeconds = timeoutSeconds ?? spec.schedules[workload]?.timeout.seconds;
    return { workload, output: scheduleTaskDefinitionOutput(workload), limitSeconds };
  }
  const names = Object.keys(spec.services);
  const workload = as.name === undefined ? names[0] : named(names, 'service', as.name);
  if (workload === undefined) throw nothingServes();
  return { workload, output: serviceTaskDefinitionOutput(workload), limitSeconds: timeoutSeconds };
}
