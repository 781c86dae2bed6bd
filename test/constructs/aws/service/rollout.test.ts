import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { FargateWebService, FargateWorker, type PathRoute, type Rollout } from '../../../../constructs/aws/index.js';
import { synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskSurroundings } from '../../../support/task-surroundings.js';

const rolledOut = (rollout: Rollout, routes: readonly PathRoute[] = [{ path: '/', priority: 100 }]) =>
  synthesizedStack((stack) => {
    const { cluster, image, newLoadBalancer } = taskSurroundings(stack);
    new FargateWebService(stack, 'Api', {
      cluster,
      image,
      serviceName: 'agent-prod-api',
      port: 8000,
      ingress: { loadBalancer: newLoadBalancer(), routes },
      readiness: { path: '/health' },
      rollout,
    });
  });

const alarmNames = ['agent-prod-api-rollout-errors', 'agent-prod-api-rollout-unhealthy'];
const reference = { Ref: expect.stringMatching(/^ApiRollout(Errors|Unhealthy)/) as string };
const alarms = { AlarmNames: [reference, reference], Enable: true, Rollback: true };

describe('rolling', () => {
  const made = rolledOut({ kind: 'rolling' });

  test('goes back after three failed tasks, or an alarm, and never below what ran', () => {
    expect(made.only('AWS::ECS::Service')['DeploymentConfiguration']).toEqual({
      DeploymentCircuitBreaker: {
        Enable: true,
        Rollback: true,
        ResetOnHealthyTask: false,
        ThresholdConfiguration: { Type: 'COUNT', Value: 3 },
      },
      Alarms: alarms,
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    });
  });

  test('the alarms are named for the service and tell nobody: they are for ECS', () => {
    const all = made.all('AWS::CloudWatch::Alarm');
    expect(all.map(({ AlarmName, AlarmActions }) => [AlarmName, AlarmActions])).toEqual(
      alarmNames.map((name) => [name, undefined]),
    );
  });

  test('a worker counts failed tasks as well, as many as it is told', () => {
    const worker = synthesizedStack((stack) => {
      const { cluster, image } = taskSurroundings(stack);
      new FargateWorker(stack, 'W', { cluster, image, serviceName: 'w', rollout: { kind: 'rolling', failedTasks: 7 } });
    });
    expect(worker.only('AWS::ECS::Service')).toMatchObject({
      DeploymentConfiguration: { DeploymentCircuitBreaker: { ThresholdConfiguration: { Type: 'COUNT', Value: 7 } } },
    });
  });
});

test.each<[Rollout, Record<string, unknown>]>([
  [{ kind: 'blueGreen' }, { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 5 }],
  [
    { kind: 'canary' },
    {
      Strategy: 'CANARY',
      BakeTimeInMinutes: 5,
      CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 5 },
    },
  ],
  [
    { kind: 'canary', stepPercent: 25, stepBakeTime: Duration.minutes(10), bakeTime: Duration.minutes(1) },
    {
      Strategy: 'CANARY',
      BakeTimeInMinutes: 1,
      CanaryConfiguration: { CanaryPercent: 25, CanaryBakeTimeInMinutes: 10 },
    },
  ],
  [
    { kind: 'linear' },
    {
      Strategy: 'LINEAR',
      BakeTimeInMinutes: 5,
      LinearConfiguration: { StepPercent: 20, StepBakeTimeInMinutes: 2 },
    },
  ],
])('%j shifts traffic, with a bake time written out and alarms that bring it back', (rollout, expected) => {
  const settings = rolledOut(rollout).only('AWS::ECS::Service')['DeploymentConfiguration'];
  expect(settings).toMatchObject({ ...expected, Alarms: alarms, MinimumHealthyPercent: 100, MaximumPercent: 200 });
  expect(settings).not.toHaveProperty('DeploymentCircuitBreaker');
});

describe('when traffic shifts', () => {
  const made = rolledOut({ kind: 'canary' }, [
    { path: '/api', priority: 20 },
    { path: '/files', priority: 10 },
  ]);

  test('there is one rule for all routes, that begins with all traffic on the first of two target groups', () => {
    expect(made.all('AWS::ElasticLoadBalancingV2::TargetGroup')).toHaveLength(2);
    expect(made.only('AWS::ElasticLoadBalancingV2::ListenerRule')).toMatchObject({
      Priority: 10,
      Conditions: [{}, { PathPatternConfig: { Values: ['/api', '/api/*', '/files', '/files/*'] } }],
      Actions: [{ ForwardConfig: { TargetGroups: [{ Weight: 100 }, { Weight: 0 }] } }],
    });
  });

  test('ECS knows the rule, the other target group, and a role to shift with', () => {
    expect(made.only('AWS::ECS::Service')['LoadBalancers']).toMatchObject([
      {
        ContainerName: 'app',
        ContainerPort: 8000,
        AdvancedConfiguration: { AlternateTargetGroupArn: {}, ProductionListenerRule: {}, RoleArn: {} },
      },
    ]);
  });

  test('has nothing that cdk-nag finds and no warning; the policy of AWS has a reason', () => {
    expect(made.findings).toEqual([]);
    expect(made.warnings).toEqual([]);
    expect(made.acknowledged.filter((id) => id.includes('IAM4'))).toHaveLength(1);
  });

  test('more routes than one rule can have are refused', () => {
    const routes = ['/a', '/b', '/c'].map((path, index) => ({ path, priority: index + 1 }));
    expect(() => rolledOut({ kind: 'linear' }, routes)).toThrow('Test/Api: has 7 conditions on its routes');
  });
});

test('a private service is rolling: there is no traffic of a load balancer to shift', () => {
  expect(() =>
    synthesizedStack((stack) => {
      const { cluster, image } = taskSurroundings(stack);
      new FargateWebService(stack, 'Api', { cluster, image, serviceName: 'a', port: 1, rollout: { kind: 'canary' } });
    }),
  ).toThrow('Test/Api: nobody can reach it');
});

test('no failed task at all is no number of failed tasks', () => {
  expect(() => rolledOut({ kind: 'rolling', failedTasks: 0 })).toThrow('rollout.failedTasks is 0');
});
