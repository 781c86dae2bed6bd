import { expect, test } from 'vitest';
import type { AgentctlError } from '../../../../cli/errors.js';
import { helloApp, pushApp } from '../../../support/fake-aws/fake-app.js';
import { fakeTiming } from '../../../support/fake-aws/fake-timing.js';
import { awsForFile } from './aws-on-the-fake.js';
import { prepareForToolkit, type Resources, tryStack } from './stacks-on-the-fake.js';

const world = await awsForFile();
await prepareForToolkit(world);
const { fake } = world;
fake.world.state(fakeTiming).longestGraceSeconds = 1;

/** A service of one image, without a load balancer. */
function serviceOf(image: string): Resources {
  const LogConfiguration = {
    LogDriver: 'awslogs',
    Options: { 'awslogs-group': { Ref: 'Log' }, 'awslogs-stream-prefix': 'api', 'awslogs-region': 'eu-central-1' },
  };
  return {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: { Ref: 'AWS::StackName' } } },
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { 'Fn::Sub': '/${AWS::StackName}' } } },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        Family: 'api',
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
        Cpu: '256',
        Memory: '512',
        ExecutionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        ContainerDefinitions: [
          {
            Name: 'api',
            Image: image,
            StopTimeout: 5,
            LogConfiguration,
            // Without one a task is well as soon as it runs.
            HealthCheck: { Command: ['CMD', 'node', '-e', 'setTimeout(() => {}, 300)'] },
          },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        Cluster: { Ref: 'Cluster' },
        ServiceName: 'api',
        TaskDefinition: { Ref: 'Task' },
        DesiredCount: 1,
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: {
            Enable: true,
            Rollback: true,
            ThresholdConfiguration: { Type: 'COUNT', Value: 3 },
          },
        },
      },
    },
  };
}

test('an update whose tasks stop says which container, why, and what it printed last', async () => {
  const { deploy } = tryStack(world, 'stops');
  await deploy(serviceOf(await pushApp(fake.world, { source: helloApp('one') })));
  const broken = await pushApp(fake.world, { source: `console.error('no model is set'); process.exit(7)` });
  const error = await deploy(serviceOf(broken), { allowWidening: true }).then(
    () => undefined,
    (reason: unknown) => reason as AgentctlError,
  );

  expect(error).toMatchObject({ code: 'StepFailed', data: { status: 'UPDATE_ROLLBACK_COMPLETE' } });
  expect(error?.message).toMatch(/^stack stops was rolled back: Service \(AWS::ECS::Service\): .*Circuit Breaker/);
  expect(error?.detail).toContain('exited with code 7');
  expect(error?.detail).toContain('no model is set');
});
