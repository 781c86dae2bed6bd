import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { errorRate } from '../service/rollout/deployment-alarms.js';
import { runningTasks } from '../service/service-scaling.js';
import { applyTransform } from '../transform.js';
import { type AlarmRule, alarmSet, type AlarmSetProps } from './alarm-set.js';

/** Props of {@link ServiceAlarms}. */
export interface ServiceAlarmsProps extends AlarmSetProps {
  readonly service: ecs.FargateService;
  /** Tasks that have to run. */
  readonly minTasks: number;
  /** Target groups of a public service. @default - none */
  readonly targetGroups?: readonly elbv2.ApplicationTargetGroup[];
  /** Percent of CPU in use for 15 minutes. @default 90 */
  readonly cpuPercent?: number;
  /** Percent of memory in use for 5 minutes. @default 90 */
  readonly memoryPercent?: number;
  /** Percent of answers that are a 5xx, for 3 of 5 minutes. @default 5 */
  readonly errorPercent?: number;
  /** Time to the first byte that 95 % of requests stay below. @default - no alarm: what is slow depends on the agent */
  readonly latency?: Duration;
}

/** Alarms of one service: too few tasks, no room left, errors, no healthy task. */
export class ServiceAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    const { service, minTasks, cpuPercent = 90, memoryPercent = 90, targetGroups = [] } = props;
    const period = Duration.minutes(1);
    const tasks: AlarmRule = {
      id: 'Tasks',
      description: `Fewer than ${minTasks} tasks run`,
      metric: runningTasks(service),
      threshold: minTasks,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 5,
      missingIsBad: minTasks > 0,
    };
    this.alarms = alarmSet(this, props.topic, [
      ...(minTasks === 0 ? [] : [tasks]),
      {
        id: 'Cpu',
        description: `The tasks have been over ${cpuPercent} % CPU for 15 minutes, and no task was added`,
        metric: service.metricCpuUtilization({ period }),
        threshold: cpuPercent,
        periods: 15,
      },
      {
        id: 'Memory',
        description: `The tasks have been over ${memoryPercent} % memory for 5 minutes; one that needs more is killed`,
        metric: service.metricMemoryUtilization({ period }),
        threshold: memoryPercent,
        periods: 5,
      },
      ...(targetGroups.length === 0 ? [] : trafficRules(targetGroups, props)),
    ]);
    applyTransform(this, props.transform);
  }
}

function trafficRules(
  targetGroups: readonly elbv2.ApplicationTargetGroup[],
  { errorPercent = 5, latency }: ServiceAlarmsProps,
): readonly AlarmRule[] {
  const period = Duration.minutes(1);
  const errors: AlarmRule = {
    id: 'Errors',
    description: `More than ${errorPercent} % of the answers are errors (5xx)`,
    metric: errorRate(targetGroups),
    threshold: errorPercent,
    periods: 5,
    datapoints: 3,
  };
  const perGroup = targetGroups.flatMap((group, index): readonly AlarmRule[] => [
    {
      id: `Unhealthy${index + 1}`,
      description: 'A task has failed the checks of the load balancer for 5 minutes',
      metric: group.metrics.unhealthyHostCount({ period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: 0,
      periods: 5,
    },
    ...(latency === undefined
      ? []
      : [
          {
            id: `Latency${index + 1}`,
            description: `One request in twenty waits more than ${latency.toMilliseconds()} ms for its first byte`,
            metric: group.metrics.targetResponseTime({ period, statistic: cloudwatch.Stats.percentile(95) }),
            threshold: latency.toMilliseconds() / 1000,
            periods: 5,
          },
        ]),
  ]);
  return [errors, ...perGroup];
}
