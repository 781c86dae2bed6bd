import { expect, test, vi } from 'vitest';
import type { AgentctlError } from '../../../../cli/errors.js';
import { helloApp, pushApp } from '../../../support/fake-aws/fake-app.js';
import { fakeTiming } from '../../../support/fake-aws/fake-timing.js';
import { awsForFile } from './aws-on-the-fake.js';
import { prepareForToolkit, type Resources, tryStack } from './stacks-on-the-fake.js';

const world = await awsForFile();
await prepareForToolkit(world);
const { fake, aws, signal } = world;
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

test(
  'an update whose tasks stop says which container, why, and what it printed last',
  { timeout: 60_000 },
  async () => {
    const { deploy } = tryStack(world, 'stops');
    await deploy(serviceOf(await pushApp(fake.world, { source: helloApp('one') })));
    const broken = await pushApp(fake.world, { source: `console.error('no model is set'); process.exit(7)` });
    const error = await failureOf(deploy(serviceOf(broken), { allowWidening: true }));

    expect(error).toMatchObject({ code: 'StepFailed', data: { status: 'UPDATE_ROLLBACK_COMPLETE' } });
    expect(error?.message).toMatch(/^stack stops was rolled back: Service \(AWS::ECS::Service\): .*Circuit Breaker/);
    saysOnce(error?.detail, 'exited with code 7');
    saysOnce(error?.detail, 'no model is set');
    expect(error?.detail).not.toMatch(/cdk diagnose|console\.aws/);
  },
);

test('a first deploy says so too, although its rollback takes the service away', { timeout: 60_000 }, async () => {
  const { stack, deploy } = tryStack(world, 'never');
  const before = fake.calls.length;
  const isAsked = () => fake.calls.slice(before).some(({ operation }) => operation === 'GetLogEvents');
  // Time passes between the failure and the rollback; nothing else asks for a log before that is over.
  const until = vi.waitFor(() => expect(isAsked()).toBe(true), { timeout: 30_000 });
  fake.failResource({ resource: 'AWS::ECS::Service', action: 'delete', until });
  const broken = await pushApp(fake.world, { source: `console.error('no table is there'); process.exit(9)` });
  const error = await failureOf(deploy(serviceOf(broken)));

  expect(error).toMatchObject({ code: 'StepFailed', data: { status: 'ROLLBACK_COMPLETE' } });
  expect(error?.message).toMatch(/^stack never could not be created: Service \(AWS::ECS::Service\): .*Circuit Breaker/);
  saysOnce(error?.detail, 'exited with code 9');
  saysOnce(error?.detail, 'no table is there');
  expect(error?.detail).not.toMatch(/cdk diagnose|console\.aws/);
  expect(await aws.stacks.resources(stack, signal)).not.toContainEqual(
    expect.objectContaining({ logicalId: 'Service' }),
  );
});

async function failureOf(work: Promise<unknown>): Promise<AgentctlError | undefined> {
  return await work.then(
    () => undefined,
    (reason: unknown) => reason as AgentctlError,
  );
}

function saysOnce(detail: string | undefined, text: string): void {
  expect(detail?.split(text), detail).toHaveLength(2);
}
