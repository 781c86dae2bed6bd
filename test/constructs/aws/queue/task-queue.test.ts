import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { TaskQueue, type TaskQueueProps } from '../../../../constructs/aws/index.js';
import { keyArn, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const sqs = (props: Partial<TaskQueueProps> = {}) =>
  synthesizedStack((stack) => {
    const queue = new TaskQueue(stack, 'Queue', { encryptionKey: surroundings(stack).encryptionKey, ...props });
    queue.grantUse(new iam.Role(stack, 'Task', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
  });

describe('with nothing but what has to be given', () => {
  const queue = sqs();

  test('puts a message aside after five attempts, for 14 days (AwsSolutions-SQS3)', () => {
    expect(queue.resources['Queue']?.Properties).toMatchObject({
      VisibilityTimeout: 300,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': ['QueueDeadLetters', 'Arn'] } },
    });
    expect(queue.resources['QueueDeadLetters']?.Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
  });

  test('is encrypted and kept, both queues (CKV_AWS_27)', () => {
    expect(queue.all('AWS::SQS::Queue').map(({ KmsMasterKeyId }) => KmsMasterKeyId)).toEqual([keyArn, keyArn]);
    for (const id of ['Queue', 'QueueDeadLetters'])
      expect(queue.resources[id]).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
  });

  test('speaks TLS only, both queues (AwsSolutions-SQS4)', () => {
    const policies = queue.all('AWS::SQS::QueuePolicy').map((policy) => JSON.stringify(policy));
    expect(policies).toHaveLength(2);
    for (const policy of policies) expect(policy).toContain('"Effect":"Deny"');
  });

  test('whoever uses it may do so without a wildcard (AwsSolutions-IAM5)', () => {
    expect(queue.only('AWS::IAM::Policy')['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Action: [
            'sqs:ChangeMessageVisibility',
            'sqs:DeleteMessage',
            'sqs:GetQueueAttributes',
            'sqs:GetQueueUrl',
            'sqs:ReceiveMessage',
            'sqs:SendMessage',
          ],
          Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        },
        { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keyArn },
      ],
    });
  });

  test('has nothing that cdk-nag finds', () => {
    expect(queue.findings).toEqual([]);
    expect(queue.acknowledged).toEqual([]);
  });
});

test.each<[Partial<TaskQueueProps>, string]>([
  [{ maxReceiveCount: 0 }, 'maxReceiveCount 0 is not a whole number from 1 to 1000'],
  [{ visibilityTimeout: Duration.hours(13) }, 'visibilityTimeout of 13 hours is more than 12 hours'],
  [{ retention: Duration.days(15) }, 'retention of 15 days is not 1 minute to 14 days'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => sqs(props)).toThrow(`Test/Queue: ${message}`);
});
