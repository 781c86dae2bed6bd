import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { ecsState } from './ecs-state.js';
import { type EcsTask, startTask } from './ecs-task.js';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const mostTasks = 10;
const longestStartedBy = 128;

/** What `RunTask` has done for a client token: `world.state(runTasks)`. */
export function runTasks(): Map<string, { readonly request: string; readonly tasks: readonly EcsTask[] }> {
  return new Map();
}

/** @throws ServiceError ClientException, ClusterNotFoundException, InvalidParameterException, ConflictException */
export function runTask(world: FakeWorld, input: client.RunTaskCommandInput): readonly EcsTask[] {
  const { clientToken, ...request } = input;
  const known = clientToken === undefined ? undefined : world.state(runTasks).get(clientToken);
  if (known !== undefined) {
    if (known.request === JSON.stringify(request)) return known.tasks;
    const message =
      'The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different RunTask request.';
    throw new ServiceError('ConflictException', message, {
      details: { resourceIds: known.tasks.map(({ arn }) => arn) },
    });
  }
  const state = world.state(ecsState);
  const cluster = state.cluster(input.cluster);
  const definition = definitionOf(world, input.taskDefinition);
  check(input, definition);
  const tasks = Array.from({ length: input.count ?? 1 }, () =>
    startTask(world, {
      cluster,
      definition,
      group: input.group ?? `family:${definition.family}`,
      startedBy: input.startedBy,
      overrides: input.overrides,
      networkConfiguration: input.networkConfiguration,
      tags: input.tags,
    }),
  );
  if (clientToken !== undefined) world.state(runTasks).set(clientToken, { request: JSON.stringify(request), tasks });
  return tasks;
}

function definitionOf(world: FakeWorld, reference: string | undefined): client.TaskDefinition {
  try {
    return world.state(ecsState).taskDefinitions.find(reference);
  } catch {
    throw new ServiceError('ClientException', 'TaskDefinition not found.');
  }
}

function check(input: client.RunTaskCommandInput, definition: client.TaskDefinition): void {
  const refuse = (message: string): never => {
    throw new ServiceError('InvalidParameterException', message);
  };
  if (definition.status !== 'ACTIVE') throw new ServiceError('ClientException', 'TaskDefinition is inactive');
  if ((input.count ?? 1) > mostTasks) refuse(`count should be between 1 and ${mostTasks}`);
  if ((input.startedBy?.length ?? 0) > longestStartedBy)
    refuse(`startedBy should not be longer than ${longestStartedBy}.`);
  if (input.launchType !== 'FARGATE' && (input.capacityProviderStrategy ?? []).length === 0) {
    refuse('No Container Instances were found in your cluster.');
  }
  const { awsvpcConfiguration } = input.networkConfiguration ?? {};
  if (definition.networkMode === 'awsvpc' && awsvpcConfiguration === undefined) {
    refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (awsvpcConfiguration !== undefined && (awsvpcConfiguration.subnets ?? []).length === 0) {
    refuse('subnets can not be empty.');
  }
  for (const { name } of input.overrides?.containerOverrides ?? []) {
    if (!definition.containerDefinitions?.some((container) => container.name === name)) {
      refuse(`Override for container named ${name} is not a container in the TaskDefinition.`);
    }
  }
}
