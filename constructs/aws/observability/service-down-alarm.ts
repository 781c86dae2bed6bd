import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { errorRate, sumOf } from '../service/rollout/deployment-alarms.js';
import { runningTasks } from '../service/service-scaling.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link ServiceDownAlarm}. */
export interface ServiceDownAlarmProps {
  readonly topic: sns.ITopic;
  readonly service: ecs.FargateService;
  /** Target groups of a public service. @default - none: it is down when nothing runs */
  readonly targetGroups?: readonly elbv2.ApplicationTargetGroup[];
  /** Percent of answers that are a 5xx from which on nobody would call it up. @default 50 */
  readonly errorPercent?: number;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/**
 * One alarm for "it is down", to be woken by at night: no task serves, or most answers are errors. The alarms it is made of
 * tell nobody, so that one failure is one message. Not for a service that may have no tasks.
 */
export class ServiceDownAlarm extends Construct {
  readonly alarm: cloudwatch.CompositeAlarm;

  constructor(scope: Construct, id: string, props: ServiceDownAlarmProps) {
    super(scope, id);
    const { service, targetGroups = [], errorPercent = 50 } = props;
    const { serviceName } = service;
    const children = targetGroups.length === 0 ? [nothingRuns(this, service)] : [nothingServes(this, targetGroups)];
    if (targetGroups.length > 0) children.push(mostFail(this, targetGroups, errorPercent));
    this.alarm = new cloudwatch.CompositeAlarm(this, 'Down', {
      alarmDescription: `${serviceName} is down: nothing runs, nothing is healthy, or most answers are errors`,
      alarmRule: cloudwatch.AlarmRule.anyOf(
        ...children.map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM)),
      ),
    });
    const action = new actions.SnsAction(props.topic);
    this.alarm.addAlarmAction(action);
    this.alarm.addOkAction(action);
    // Before the first tasks are there it would be down from the start. What counts the service's own tasks names it, and waits.
    if (targetGroups.length > 0) for (const alarm of children) alarm.node.addDependency(service);
    applyTransform(this, props.transform);
  }
}

const period = Duration.minutes(1);

function nothingRuns(scope: Construct, service: ecs.FargateService): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'NothingRuns', {
    alarmDescription: 'No task has run for 3 minutes',
    metric: runningTasks(service),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
}

/** No data means that no task is registered. While traffic shifts, tasks of either target group serve. */
function nothingServes(scope: Construct, groups: readonly elbv2.ApplicationTargetGroup[]): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'NothingServes', {
    alarmDescription: 'No task has passed the checks of the load balancer for 2 minutes',
    metric: sumOf(
      'healthy',
      groups.map(({ metrics }) => metrics.healthyHostCount({ period, statistic: cloudwatch.Stats.MAXIMUM })),
    ),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
}

function mostFail(
  scope: Construct,
  groups: readonly elbv2.ApplicationTargetGroup[],
  percent: number,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'MostFail', {
    alarmDescription: `${percent} % of the answers or more have been errors (5xx) for 2 of 3 minutes`,
    metric: errorRate(groups),
    threshold: percent,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
