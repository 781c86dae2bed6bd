import { describe, expect, test } from 'vitest';
import { type ObservedService, serviceProblem } from '../../../../cli/steps/aws/service-problem.js';
import type { TaskState } from '../../../../cli/tools/aws/tasks/task-tools.js';
import { digest, repository } from '../../../support/aws-stage.js';

const wanted = 'arn:aws:ecs:us-east-1:111122223333:task-definition/api:7';
const image = `${repository}@${digest('1')}`;

function task(changes: Partial<TaskState> = {}, digestOfIt = digest('1')): TaskState {
  const container = { name: 'app', image: `${repository}@${digestOfIt}`, digest: digestOfIt, status: 'RUNNING' };
  return {
    arn: 'arn:task/1',
    id: '1',
    taskDefinition: wanted,
    startedBy: 'ecs-svc/1',
    status: 'RUNNING',
    desiredStatus: 'RUNNING',
    createdAt: null,
    startedAt: null,
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    exitCode: null,
    containers: [{ ...container, exitCode: null, reason: null, health: 'HEALTHY' }],
    ...changes,
  };
}

const deployment = {
  id: '1',
  status: 'PRIMARY',
  rolloutState: 'COMPLETED',
  reason: null,
  taskDefinition: wanted,
  desired: 1,
  running: 1,
  failed: 0,
  createdAt: null,
};
const rollout = {
  arn: 'r',
  status: 'SUCCESSFUL',
  reason: null,
  createdAt: null,
  finishedAt: null,
  targetRevision: null,
  stage: null,
};
const target = { id: '10.0.0.1', port: 8000, state: 'healthy', reason: null, description: null };

const well: ObservedService = {
  name: 'api',
  image,
  wanted,
  state: {
    name: 'api',
    arn: 'arn:service/api',
    status: 'ACTIVE',
    desired: 1,
    running: 1,
    pending: 0,
    taskDefinition: wanted,
    deployments: [deployment],
    events: [],
    targetGroups: [],
  },
  rollout,
  tasks: [task()],
  targets: [target],
};

describe('what proves a release', () => {
  test('the digest runs, on as many tasks as asked for, and the load balancer finds them healthy', () => {
    expect(serviceProblem(well)).toBeUndefined();
  });

  test('a rollout that ECS took back is a failure, though the service is healthy again', () => {
    const rolledBack = { ...rollout, status: 'ROLLBACK_SUCCESSFUL', reason: 'circuit breaker' };
    const state = { ...well.state, taskDefinition: wanted.replace(':7', ':6') };
    expect(serviceProblem({ ...well, state, rollout: rolledBack })).toMatchObject({
      isFinal: true,
      what: expect.stringContaining('circuit breaker') as string,
    });
  });

  test('the release that ECS went back to is proven, whatever became of the one after it', () => {
    expect(serviceProblem({ ...well, rollout: { ...rollout, status: 'ROLLBACK_SUCCESSFUL' } })).toBeUndefined();
  });

  test('another digest in a task of the right definition is no proof', () => {
    expect(serviceProblem({ ...well, tasks: [task({}, digest('3'))] })).toMatchObject({ isFinal: true });
  });

  test('another task definition is what an older release left', () => {
    const state = { ...well.state, taskDefinition: `${wanted}6` };

    expect(serviceProblem({ ...well, state })).toMatchObject({ isFinal: true });
  });

  test('tasks of before that still run are waited for', () => {
    const older = { ...deployment, taskDefinition: 'older', status: 'ACTIVE' };
    const state = { ...well.state, deployments: [deployment, older] };

    expect(serviceProblem({ ...well, state })).toMatchObject({ isFinal: false });
  });

  test('too few tasks, and targets that are not healthy, are waited for', () => {
    expect(serviceProblem({ ...well, state: { ...well.state, desired: 2 } })).toMatchObject({ isFinal: false });
    expect(serviceProblem({ ...well, targets: [{ ...target, state: 'unhealthy' }] })).toMatchObject({ isFinal: false });
  });

  test('a task that is being stopped counts for nothing', () => {
    const stopping = task({ id: '2', taskDefinition: 'older', desiredStatus: 'STOPPED' });

    expect(serviceProblem({ ...well, tasks: [task(), stopping] })).toBeUndefined();
  });
});
