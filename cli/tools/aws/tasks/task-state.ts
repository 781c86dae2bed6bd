import type { Task } from '@aws-sdk/client-ecs';
import { isoTime } from '../clients/iso-time.js';
import type { TaskState } from './task-tools.js';

/** Pure: a task as ECS tells it. `main`: the container whose exit code counts. @default - the first one */
export function taskState(task: Task, main?: string): TaskState {
  const containers = (task.containers ?? []).map((container) => ({
    name: container.name ?? '',
    image: container.image ?? '',
    digest: container.imageDigest ?? null,
    status: container.lastStatus ?? '',
    exitCode: container.exitCode ?? null,
    reason: container.reason ?? null,
    health: container.healthStatus ?? 'UNKNOWN',
  }));
  const counts = containers.find(({ name }) => name === main) ?? containers[0];
  return {
    arn: task.taskArn ?? '',
    id: taskId(task.taskArn ?? ''),
    taskDefinition: task.taskDefinitionArn ?? '',
    startedBy: task.startedBy ?? null,
    status: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    createdAt: isoTime(task.createdAt),
    startedAt: isoTime(task.startedAt),
    stoppedAt: isoTime(task.stoppedAt),
    stopCode: task.stopCode ?? null,
    stoppedReason: task.stoppedReason ?? null,
    exitCode: task.lastStatus === 'STOPPED' ? (counts?.exitCode ?? null) : null,
    containers,
  };
}

/** Pure: the last part of an ARN of a task. */
export function taskId(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

/** Pure: newest first. */
export function newestFirst(tasks: readonly TaskState[]): readonly TaskState[] {
  return tasks.toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '', 'en'));
}
