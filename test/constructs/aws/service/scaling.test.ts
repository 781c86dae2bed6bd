import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import {
  brokerBacklog,
  FargateWebService,
  FargateWorker,
  publishedBacklog,
  type Rollout,
  scaleOnBacklog,
  scaleOnConnections,
  scaleOnCpu,
  scaleOnMemory,
  scaleOnRequests,
  scaleOnSchedule,
  type ScalingRule,
  sqsBacklog,
} from '../../../../constructs/aws/index.js';
import { type SynthesizedStack, synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskSurroundings } from '../../../support/task-surroundings.js';

const worker = (scaling: readonly ScalingRule[] | undefined, minTasks = 1, maxTasks = 5) =>
  synthesizedStack((stack) => {
    const rules = scaling === undefined ? {} : { scaling };
    const { cluster, image } = taskSurroundings(stack);
    new FargateWorker(stack, 'Worker', { cluster, image, serviceName: 'worker', minTasks, maxTasks, ...rules });
  });

const web = (rule: ScalingRule, rollout: Rollout = { kind: 'rolling' }) =>
  synthesizedStack((stack) => {
    const { cluster, image, newLoadBalancer } = taskSurroundings(stack);
    new FargateWebService(stack, 'Api', {
      cluster,
      image,
      serviceName: 'api',
      port: 8000,
      ingress: { loadBalancer: newLoadBalancer(), routes: [{ path: '/', priority: 1 }] },
      readiness: { path: '/health' },
      maxTasks: 10,
      rollout,
      scaling: [rule],
    });
  });

function tracked(made: SynthesizedStack): Record<string, unknown> {
  const policy = made
    .all('AWS::ApplicationAutoScaling::ScalingPolicy')
    .find((item) => item['PolicyType'] === 'TargetTrackingScaling');
  return policy?.['TargetTrackingScalingPolicyConfiguration'] as Record<string, unknown>;
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Record<string, unknown> };
}

function queries(made: SynthesizedStack): readonly Query[] {
  return (tracked(made)['CustomizedMetricSpecification'] as { readonly Metrics: readonly Query[] }).Metrics;
}

describe('how many tasks', () => {
  test('with room to scale the template has no desired count: a deployment leaves it as it is', () => {
    const made = worker(undefined);
    expect(made.only('AWS::ECS::Service')).not.toHaveProperty('DesiredCount');
    expect(made.only('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({ MinCapacity: 1, MaxCapacity: 5 });
  });

  test('without room nothing scales, and the template says how many', () => {
    const made = worker(undefined, 3, 3);
    expect(made.only('AWS::ECS::Service')).toMatchObject({ DesiredCount: 3 });
    expect(made.all('AWS::ApplicationAutoScaling::ScalableTarget')).toEqual([]);
  });
});

test('CPU is at 60 %, when nothing else is said; out fast, in slowly', () => {
  const cpu = {
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    ScaleOutCooldown: 60,
    ScaleInCooldown: 300,
  };
  expect(tracked(worker(undefined))).toEqual({ ...cpu, TargetValue: 60 });
  expect(tracked(worker([scaleOnCpu({ targetPercent: 40 })]))).toEqual({ ...cpu, TargetValue: 40 });
});

test('memory adds tasks and removes none', () => {
  expect(tracked(worker([scaleOnMemory()]))).toMatchObject({ TargetValue: 75, DisableScaleIn: true });
});

test('a schedule changes the fewest and most tasks', () => {
  const made = worker([
    scaleOnSchedule({ name: 'Day', schedule: appscaling.Schedule.expression('cron(0 8 * * ? *)'), minTasks: 4 }),
    scaleOnSchedule({ name: 'Night', schedule: appscaling.Schedule.expression('cron(0 20 * * ? *)'), maxTasks: 2 }),
  ]);
  expect(made.only('AWS::ApplicationAutoScaling::ScalableTarget')['ScheduledActions']).toEqual([
    { ScheduledActionName: 'Day', Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 4 } },
    { ScheduledActionName: 'Night', Schedule: 'cron(0 20 * * ? *)', ScalableTargetAction: { MaxCapacity: 2 } },
  ]);
});

test('a schedule that changes nothing is refused', () => {
  const rule = scaleOnSchedule({ name: 'Day', schedule: appscaling.Schedule.expression('cron(0 8 * * ? *)') });
  expect(() => worker([rule])).toThrow('the schedule Day changes neither minTasks nor maxTasks');
});

describe('requests', () => {
  test('are counted per task by the load balancer', () => {
    expect(tracked(web(scaleOnRequests()))).toMatchObject({
      TargetValue: 600,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' },
    });
  });

  test('of both target groups are added up while traffic shifts', () => {
    const made = web(scaleOnRequests({ requestsPerMinute: 100 }), { kind: 'canary' });
    expect(queries(made).map(({ Id }) => Id)).toEqual(['first', 'second', 'tasks', 'value']);
    expect(queries(made).at(-1)?.Expression).toBe('IF(tasks > 0, (FILL(first, 0) + FILL(second, 0)) / tasks, 0)');
    expect(tracked(made)).toMatchObject({ TargetValue: 100 });
  });

  test('are none of a worker', () => {
    expect(() => worker([scaleOnRequests()])).toThrow('scales on requests, but has no route of a load balancer');
  });
});

describe('connections', () => {
  test('of the load balancer are halved, as it counts both sides', () => {
    const made = web(scaleOnConnections({ connectionsPerTask: 200 }));
    expect(queries(made).at(-1)?.Expression).toBe('IF(tasks > 0, FILL(open, 0) / 2 / tasks, 0)');
    expect(queries(made)[0]?.MetricStat?.Metric).toMatchObject({ MetricName: 'ActiveConnectionCount' });
  });

  test('that the application counts are taken as they are', () => {
    const connections = new cloudwatch.Metric({ namespace: 'Agent', metricName: 'Streams' });
    const made = worker([scaleOnConnections({ connectionsPerTask: 50, connections })]);
    expect(queries(made).at(-1)?.Expression).toBe('IF(tasks > 0, FILL(open, 0) / tasks, 0)');
  });

  test('are none of a worker without a metric', () => {
    expect(() => worker([scaleOnConnections({ connectionsPerTask: 1 })])).toThrow('has neither a load balancer');
  });
});

describe('a backlog', () => {
  test('of SQS is what is visible in the queue, divided by the tasks that run', () => {
    const made = synthesizedStack((stack) => {
      const { cluster, image } = taskSurroundings(stack);
      const backlog = sqsBacklog(sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:123456789012:tasks'));
      const scaling = [scaleOnBacklog({ messagesPerTask: 20, backlog })];
      new FargateWorker(stack, 'Worker', { cluster, image, serviceName: 'worker', minTasks: 0, maxTasks: 5, scaling });
    });
    expect(queries(made)[0]?.MetricStat?.Metric).toEqual({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'tasks' }],
    });
    expect(queries(made).at(-1)?.Expression).toBe('IF(FILL(tasks, 0) > 0, FILL(waiting, 0) / tasks, FILL(waiting, 0))');
    expect(tracked(made)).toMatchObject({ TargetValue: 20 });
  });

  test('of RabbitMQ is what is ready in a queue of a virtual host', () => {
    const backlog = brokerBacklog({ brokerName: 'agent', queueName: 'tasks' });
    expect(queries(worker([scaleOnBacklog({ messagesPerTask: 20, backlog })]))[0]?.MetricStat?.Metric).toEqual({
      Namespace: 'AWS/AmazonMQ',
      MetricName: 'MessageReadyCount',
      Dimensions: [
        { Name: 'Broker', Value: 'agent' },
        { Name: 'Queue', Value: 'tasks' },
        { Name: 'VirtualHost', Value: '/' },
      ],
    });
  });

  const published = publishedBacklog({ namespace: 'Agent', metricName: 'QueueDepth', dimensions: { Queue: 'tasks' } });

  test('wakes a service without tasks for the first message', () => {
    const steps = worker([scaleOnBacklog({ messagesPerTask: 20, backlog: published })], 0)
      .all('AWS::ApplicationAutoScaling::ScalingPolicy')
      .filter((policy) => policy['PolicyType'] === 'StepScaling');
    expect(steps).toMatchObject([
      {
        StepScalingPolicyConfiguration: {
          AdjustmentType: 'ChangeInCapacity',
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
        },
      },
    ]);
  });

  test('wakes nobody who is never asleep', () => {
    const made = worker([scaleOnBacklog({ messagesPerTask: 20, backlog: published })], 1);
    expect(made.all('AWS::ApplicationAutoScaling::ScalingPolicy')).toHaveLength(1);
  });
});
