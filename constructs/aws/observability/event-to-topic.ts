import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';

/** A value of the event, within a message. */
export const eventField = (path: string): string => events.EventField.fromPath(`$.${path}`);

/** Sends a message. The L2 of this target would change the policy of the topic, which may be in another stack. */
export function toTopic({ topicArn }: sns.ITopic, message: string): events.IRuleTarget {
  return { bind: () => ({ arn: topicArn, input: events.RuleTargetInput.fromText(message) }) };
}
