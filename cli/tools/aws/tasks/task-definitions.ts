import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { AwsClients } from '../clients/aws-clients.js';

/** Where a container of a task logs to (ECS developer guide, "Using the awslogs log driver"). */
export interface ContainerLog {
  readonly container: string;
  readonly group: string;
  readonly stream: (taskId: string) => string;
}

/** What of a task definition the tools need. */
export interface TaskDefinitionFacts {
  /** The container whose end is that of the task: the first essential one. */
  readonly main: string;
  readonly logs: readonly ContainerLog[];
}

/** Reads task definitions; they never change, so that each is asked for once. */
export function taskDefinitions(clients: AwsClients) {
  const known = new Map<string, TaskDefinitionFacts>();
  return async (taskDefinition: string, abortSignal: AbortSignal): Promise<TaskDefinitionFacts> => {
    const before = known.get(taskDefinition);
    if (before !== undefined) return before;
    const ecs = await clients.ecs();
    const { taskDefinition: found } = await ecs.describeTaskDefinition({ taskDefinition }, { abortSignal });
    const facts = factsOf(found?.containerDefinitions ?? []);
    known.set(taskDefinition, facts);
    return facts;
  };
}

/** Pure: the facts of a definition's containers. */
export function factsOf(containers: readonly ContainerDefinition[]): TaskDefinitionFacts {
  const main = containers.find(({ essential }) => essential !== false) ?? containers[0];
  const logs = containers.flatMap(({ name: container = '', logConfiguration }) => {
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = logConfiguration?.options ?? {};
    if (logConfiguration?.logDriver !== 'awslogs' || group === undefined || prefix === undefined) return [];
    return [{ container, group, stream: (taskId: string) => `${prefix}/${container}/${taskId}` }];
  });
  return { main: main?.name ?? '', logs };
}
