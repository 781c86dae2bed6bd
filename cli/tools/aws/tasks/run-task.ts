import { createHash } from 'node:crypto';
import type { Failure } from '@aws-sdk/client-ecs';
import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import type { TaskDefinitionFacts } from './task-definitions.js';
import { taskState } from './task-state.js';
import type { RunTaskRequest, TaskState } from './task-tools.js';

/** API reference, RunTask: `clientToken`. */
const longestToken = 64;

/** Starts a task, or finds the one that the same token has started. */
export async function runTask(
  clients: AwsClients,
  request: RunTaskRequest,
  facts: TaskDefinitionFacts,
  abortSignal: AbortSignal,
): Promise<TaskState> {
  const ecs = await clients.ecs();
  const { command, container = facts.main, tags = {} } = request;
  const { tasks = [], failures = [] } = await ecs.runTask(
    {
      cluster: request.cluster,
      taskDefinition: request.taskDefinition,
      launchType: 'FARGATE',
      count: 1,
      clientToken: tokenOf(request.clientToken),
      startedBy: request.startedBy,
      propagateTags: 'TASK_DEFINITION',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...request.subnetIds],
          securityGroups: [...request.securityGroupIds],
          assignPublicIp: 'DISABLED',
        },
      },
      ...(command === undefined
        ? {}
        : { overrides: { containerOverrides: [{ name: container, command: [...command] }] } }),
      ...(Object.keys(tags).length === 0 ? {} : { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) }),
    },
    { abortSignal },
  );
  const [task] = tasks;
  if (task === undefined) throw notPlaced(failures);
  return taskState(task, facts.main);
}

/** Pure: a token that ECS takes. */
export function tokenOf(text: string): string {
  return text.length <= longestToken && /^[!-~]+$/.test(text) ? text : createHash('sha256').update(text).digest('hex');
}

/** "Capacity is unavailable at this time" and the like come as failures of a call that succeeds. */
function notPlaced(failures: readonly Failure[]): AgentctlError {
  const reason = failures.map(({ reason = '', detail = '' }) => `${reason} ${detail}`.trim()).join('; ');
  const isCapacity = /capacity|RESOURCE:/i.test(reason);
  return new AgentctlError('ToolFailed', `ECS starts no task: ${reason === '' ? 'it gives no reason' : reason}`, {
    fix: isCapacity ? 'run it again in a few minutes, or ask for less cpu and memory' : 'correct what ECS says',
    retryable: isCapacity,
  });
}
