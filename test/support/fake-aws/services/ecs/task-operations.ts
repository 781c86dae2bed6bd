import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { ecsState } from './ecs-state.js';
import type { EcsTask } from './ecs-task.js';
import { runTask } from './run-task.js';
import { taskView } from './task-view.js';

const mostListed = 100;

export function taskOperations(world: FakeWorld) {
  const state = world.state(ecsState);
  const find = (cluster: string | undefined, reference = ''): EcsTask | undefined =>
    [...state.cluster(cluster).tasks.values()].find(
      ({ arn, id }) => arn === reference || id === reference.split('/').at(-1),
    );
  return {
    RegisterTaskDefinition: (input: client.RegisterTaskDefinitionCommandInput) => ({
      taskDefinition: state.taskDefinitions.register(input),
      tags: input.tags ?? [],
    }),
    DescribeTaskDefinition: ({ taskDefinition }: client.DescribeTaskDefinitionCommandInput) => ({
      taskDefinition: state.taskDefinitions.find(taskDefinition),
      tags: [],
    }),
    DeregisterTaskDefinition: ({ taskDefinition }: client.DeregisterTaskDefinitionCommandInput) => ({
      taskDefinition: state.taskDefinitions.deregister(taskDefinition),
    }),
    ListTaskDefinitions: ({
      familyPrefix,
      status = 'ACTIVE',
      sort = 'ASC',
    }: client.ListTaskDefinitionsCommandInput) => {
      const found = [...state.taskDefinitions.all.values()]
        .filter((each) => each.status === status && (familyPrefix ?? each.family) === each.family)
        .map(({ taskDefinitionArn = '' }) => taskDefinitionArn);
      return { taskDefinitionArns: sort === 'DESC' ? found.reverse() : found };
    },
    RunTask: (input: client.RunTaskCommandInput) => ({
      tasks: runTask(world, input).map(taskView),
      failures: [],
    }),
    StopTask: ({ cluster, task: reference, reason = 'Task stopped by user' }: client.StopTaskCommandInput) => {
      const task = find(cluster, reference);
      if (task === undefined) {
        throw new ServiceError('InvalidParameterException', 'The referenced task was not found.');
      }
      world.background(task.stop('UserInitiated', reason));
      return { task: taskView(task) };
    },
    DescribeTasks: ({ cluster, tasks = [] }: client.DescribeTasksCommandInput) => {
      const found = tasks.map((reference) => ({ reference, task: find(cluster, reference) }));
      return {
        tasks: found.flatMap(({ task }) => (task === undefined ? [] : [taskView(task)])),
        failures: found
          .filter(({ task }) => task === undefined)
          .map(({ reference }) => ({ arn: reference, reason: 'MISSING' })),
      };
    },
    ListTasks: (input: client.ListTasksCommandInput) => {
      const { desiredStatus = 'RUNNING', family, startedBy, serviceName, nextToken, maxResults = mostListed } = input;
      const found = [...state.cluster(input.cluster).tasks.values()]
        .filter((task) => task.desiredStatus === desiredStatus)
        .filter((task) => (family ?? task.definition.family) === task.definition.family)
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .filter((task) => serviceName === undefined || task.group === `service:${serviceName.split('/').at(-1)}`)
        .map(({ arn }) => arn);
      const from = Number(nextToken ?? 0);
      const to = from + maxResults;
      return { taskArns: found.slice(from, to), ...(to < found.length ? { nextToken: String(to) } : {}) };
    },
  };
}
