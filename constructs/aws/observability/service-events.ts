import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link ServiceEvents}. */
export interface ServiceEventsProps {
  /** Has to let EventBridge in, as the one of `AlertTopic` does. */
  readonly topic: sns.ITopic;
  /** Services of one cluster. */
  readonly services: readonly ecs.FargateService[];
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Tells of what no metric shows: a deployment that was given up, a task that ended by itself. */
export class ServiceEvents extends Construct {
  readonly failedDeployments: events.Rule;
  readonly endedTasks: events.Rule;

  constructor(scope: Construct, id: string, { topic, services, transform }: ServiceEventsProps) {
    super(scope, id);
    const [first] = services;
    if (first === undefined) throw constructError(this, 'has no services');
    // "Amazon ECS service deployment state change events".
    this.failedDeployments = new events.Rule(this, 'FailedDeployments', {
      description: 'A deployment failed',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources: services.map(({ serviceArn }) => serviceArn),
        detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
      },
      targets: [toTopic(topic, `The deployment of ${field('resources[0]')} failed: ${field('detail.reason')}`)],
    });
    // "Amazon ECS task state change events"; a task that scaling or a deployment ends has another stopCode.
    this.endedTasks = new events.Rule(this, 'EndedTasks', {
      description: 'A task ended by itself, or did not start',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          clusterArn: [first.cluster.clusterArn],
          group: services.map(({ serviceName }) => `service:${serviceName}`),
          lastStatus: ['STOPPED'],
          stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
        },
      },
      targets: [toTopic(topic, `A task of ${field('detail.group')} ended: ${field('detail.stoppedReason')}`)],
    });
    applyTransform(this, transform);
  }
}

const field = (path: string): string => events.EventField.fromPath(`$.${path}`);

/** The L2 of this target would change the policy of the topic, which may be in another stack. */
function toTopic({ topicArn }: sns.ITopic, message: string): events.IRuleTarget {
  return { bind: () => ({ arn: topicArn, input: events.RuleTargetInput.fromText(message) }) };
}
