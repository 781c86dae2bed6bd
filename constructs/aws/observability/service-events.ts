import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { eventField, toTopic } from './event-to-topic.js';

/** Props of {@link ServiceEvents}. */
export interface ServiceEventsProps {
  /** Has to let EventBridge in, as the one of `AlertTopic` does. */
  readonly topic: sns.ITopic;
  /** Whose services are told of. Naming them one by one, a pattern would soon have more than its 2048 characters. */
  readonly cluster: ecs.ICluster;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Tells of what no metric shows: a deployment that was given up, a task that ended by itself. */
export class ServiceEvents extends Construct {
  readonly failedDeployments: events.Rule;
  readonly endedTasks: events.Rule;

  constructor(scope: Construct, id: string, { topic, cluster, transform }: ServiceEventsProps) {
    super(scope, id);
    const services = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${cluster.clusterName}/`,
    });
    // "Amazon ECS service deployment state change events".
    this.failedDeployments = new events.Rule(this, 'FailedDeployments', {
      description: 'A deployment failed',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources: events.Match.prefix(services),
        detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
      },
      targets: [
        toTopic(topic, `The deployment of ${eventField('resources[0]')} failed: ${eventField('detail.reason')}`),
      ],
    });
    // "Amazon ECS task state change events"; a task that scaling or a deployment ends has another stopCode.
    this.endedTasks = new events.Rule(this, 'EndedTasks', {
      description: 'A task ended by itself, or did not start',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          clusterArn: [cluster.clusterArn],
          group: events.Match.prefix('service:'),
          lastStatus: ['STOPPED'],
          stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
        },
      },
      targets: [toTopic(topic, `A task of ${eventField('detail.group')} ended: ${eventField('detail.stoppedReason')}`)],
    });
    applyTransform(this, transform);
  }
}
