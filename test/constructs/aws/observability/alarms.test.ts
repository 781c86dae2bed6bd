import * as backup from 'aws-cdk-lib/aws-backup';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import {
  AgentNetwork,
  AlertTopic,
  BackupEvents,
  CacheAlarms,
  CertificateAlarms,
  DatabaseAlarms,
  NetworkAlarms,
  QueueAlarms,
  SearchAlarms,
} from '../../../../constructs/aws/index.js';
import { type SynthesizedStack, synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskSurroundings, topicArn } from '../../../support/task-surroundings.js';

const alarmsOf = (build: (stack: Stack, topic: ReturnType<typeof taskSurroundings>['topic']) => void) =>
  synthesizedStack((stack) => {
    build(stack, taskSurroundings(stack).topic);
  });

/** `metric comparison threshold periods` of each alarm; of metric math, what is reckoned. */
function said(made: SynthesizedStack): readonly string[] {
  return made.all('AWS::CloudWatch::Alarm').map((alarm) => {
    const { MetricName, Metrics, ComparisonOperator, Threshold, EvaluationPeriods, Period } = alarm as {
      readonly MetricName?: string;
      readonly Metrics?: readonly { readonly Expression?: string }[];
      readonly ComparisonOperator: string;
      readonly Threshold: number;
      readonly EvaluationPeriods: number;
      readonly Period?: number;
    };
    const what = MetricName ?? Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression;
    const sign = { GreaterThanThreshold: '>', LessThanThreshold: '<', GreaterThanOrEqualToThreshold: '>=' };
    const seconds = Period === undefined || Period === 60 ? '' : ` of ${Period} s`;
    return `${what} ${sign[ComparisonOperator as keyof typeof sign]} ${Threshold} × ${EvaluationPeriods}${seconds}`;
  });
}

const dimensions = (made: SynthesizedStack) =>
  Object.fromEntries(
    made
      .all('AWS::CloudWatch::Alarm')
      .flatMap((alarm) => (alarm['Dimensions'] as { Name: string; Value: unknown }[] | undefined) ?? [])
      .map(({ Name, Value }) => [Name, Value]),
  );

describe('an SQS queue', () => {
  const made = alarmsOf((stack, topic) => {
    const queue = sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:123456789012:tasks');
    const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'Dead', 'arn:aws:sqs:us-east-1:123456789012:dead');
    new QueueAlarms(stack, 'Alarms', { topic, source: { kind: 'sqs', queue, deadLetterQueue } });
  });

  test('says when a message waits for 15 minutes, and when one was put aside', () => {
    expect(said(made)).toEqual([
      'ApproximateAgeOfOldestMessage > 900 × 5',
      'ApproximateNumberOfMessagesVisible > 0 × 1',
    ]);
    expect(made.all('AWS::CloudWatch::Alarm').map((alarm) => alarm['Dimensions'])).toEqual([
      [{ Name: 'QueueName', Value: 'tasks' }],
      [{ Name: 'QueueName', Value: 'dead' }],
    ]);
  });

  test('without a dead-letter queue has one alarm, at the age it is given', () => {
    const one = alarmsOf((stack, topic) => {
      const queue = sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:123456789012:tasks');
      new QueueAlarms(stack, 'Alarms', { topic, source: { kind: 'sqs', queue }, oldestMessage: Duration.hours(1) });
    });
    expect(said(one)).toEqual(['ApproximateAgeOfOldestMessage > 3600 × 5']);
  });
});

/** "Available CloudWatch metrics for Amazon MQ for RabbitMQ brokers". */
test('a broker says when messages pile up, and when it is about to block publishers', () => {
  const made = alarmsOf((stack, topic) => {
    new QueueAlarms(stack, 'Alarms', { topic, source: { kind: 'broker', brokerName: 'agent' } });
  });
  expect(said(made).toSorted()).toEqual([
    '100 * used / limit > 90 × 3',
    'MessageReadyCount > 10000 × 5',
    'SystemCpuUtilization > 90 × 15',
    'free / limit < 2 × 3',
  ]);
  expect(dimensions(made)).toEqual({ Broker: 'agent' });
});

/** "Recommended CloudWatch alarms for Amazon OpenSearch Service". */
test('a search domain has the alarms that its vendor recommends', () => {
  const made = alarmsOf((stack, topic) => {
    new SearchAlarms(stack, 'Alarms', { topic, domainName: 'agent', storageGiB: 100, nodes: 3 });
  });
  expect(said(made).toSorted()).toEqual([
    'AutomatedSnapshotFailure > 0 × 1',
    'CPUUtilization >= 80 × 3 of 900 s',
    'ClusterIndexWritesBlocked > 0 × 1 of 300 s',
    'ClusterStatus.red > 0 × 1',
    'ClusterStatus.yellow > 0 × 5',
    'FreeStorageSpace < 25600 × 1',
    'JVMMemoryPressure >= 95 × 3',
    'KMSKeyError > 0 × 1',
    'Nodes < 3 × 1 of 86400 s',
    'OldGenJVMMemoryPressure >= 80 × 3',
  ]);
  expect(dimensions(made)).toEqual({ ClientId: { Ref: 'AWS::AccountId' }, DomainName: 'agent' });
});

/** "Metrics for Valkey and Redis OSS". */
test('a cache has four alarms for each node', () => {
  const made = alarmsOf((stack, topic) => {
    new CacheAlarms(stack, 'Alarms', { topic, replicationGroupId: 'agent', nodes: 2 });
  });
  expect(said(made).toSorted()).toEqual(
    [
      'DatabaseMemoryUsagePercentage > 85 × 5',
      'EngineCPUUtilization > 90 × 10',
      'Evictions > 0 × 5',
      'ReplicationLag > 10 × 5',
    ].flatMap((text) => [text, text]),
  );
  expect(made.text).toContain('"Value":"agent-001"');
  expect(made.text).toContain('"Value":"agent-002"');
});

test('a database is watched by its size, and each replica for how far behind it is', () => {
  const made = alarmsOf((stack, topic) => {
    const sizes = { maxConnections: 100, memoryMiB: 4096, storageGiB: 100 };
    new DatabaseAlarms(stack, 'Alarms', { topic, instanceId: 'db', ...sizes, replicaIds: ['db-2'] });
  });
  expect(said(made).toSorted()).toEqual([
    'CPUUtilization > 90 × 15',
    'DatabaseConnections > 80 × 3',
    'EBSByteBalance% < 20 × 10',
    'FreeStorageSpace < 10737418240 × 3',
    'FreeableMemory < 214748365 × 15',
    'ReadLatency > 0.05 × 10',
    'ReplicaLag > 60 × 5',
  ]);
});

/** "Monitor NAT gateways with Amazon CloudWatch". */
describe('a network', () => {
  const watched = (nat: 'regional' | 'per-zone' | 'none') =>
    alarmsOf((stack, topic) => {
      const { natGatewayIds } = new AgentNetwork(stack, 'Network', { nat });
      new NetworkAlarms(stack, 'Alarms', { topic, natGatewayIds });
    });

  test('has one alarm for each way out: that its ports are used up', () => {
    const made = watched('per-zone');
    const alarms = made.all('AWS::CloudWatch::Alarm');
    const gateways = Object.keys(made.resources).filter((id) => made.resources[id]?.Type === 'AWS::EC2::NatGateway');
    expect(gateways).toHaveLength(3);
    for (const [index, alarm] of alarms.entries())
      expect(alarm).toMatchObject({
        Threshold: 0,
        Metrics: [
          {
            Expression: {
              'Fn::Join': [
                '',
                [
                  `SELECT SUM(ErrorPortAllocation) FROM "AWS/NATGateway" WHERE NatGatewayId = '`,
                  { Ref: gateways[index] },
                  `'`,
                ],
              ],
            },
            Period: 60,
          },
        ],
      });
  });

  test('with a regional gateway has one alarm, with none has none', () => {
    expect(watched('regional').all('AWS::CloudWatch::Alarm')).toHaveLength(1);
    expect(watched('none').all('AWS::CloudWatch::Alarm')).toHaveLength(0);
  });
});

/** "Supported CloudWatch metrics" of ACM. */
test('a certificate that was not renewed is told of 30 days before it expires', () => {
  const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
  const made = alarmsOf((stack, topic) => {
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', arn);
    new CertificateAlarms(stack, 'Alarms', { topic, certificate });
  });
  expect(said(made)).toEqual(['DaysToExpiry < 30 × 1 of 86400 s']);
  expect(dimensions(made)).toEqual({ CertificateArn: arn });
});

test('a backup that was not made is told of', () => {
  const made = alarmsOf((stack, topic) => {
    new BackupEvents(stack, 'Events', {
      topic,
      vault: backup.BackupVault.fromBackupVaultName(stack, 'Vault', 'agent'),
    });
  });
  const [rule] = made.all('AWS::Events::Rule');
  expect(rule).toMatchObject({
    EventPattern: {
      source: ['aws.backup'],
      'detail-type': ['Backup Job State Change'],
      detail: { state: ['FAILED', 'ABORTED', 'EXPIRED'] },
    },
  });
  expect(JSON.stringify(rule?.['EventPattern'])).toContain('backup-vault:agent');
});

test('all of them tell the topic, when they begin and when they end (CT.CLOUDWATCH.PR.1)', () => {
  const made = alarmsOf((stack, topic) => {
    new CacheAlarms(stack, 'Alarms', { topic, replicationGroupId: 'agent', nodes: 1 });
  });
  const told = made.all('AWS::CloudWatch::Alarm').map(({ AlarmActions, OKActions }) => ({ AlarmActions, OKActions }));
  expect(told).toEqual(told.map(() => ({ AlarmActions: [topicArn], OKActions: [topicArn] })));
  expect(made.findings).toEqual([]);
});

describe('the topic', () => {
  const made = synthesizedStack((stack) => void new AlertTopic(stack, 'Alerts', { email: 'ops@example.com' }));

  test('is encrypted, TLS only, and takes alarms and events of this account (AwsSolutions-SNS3, CKV_AWS_26)', () => {
    const { Statement } = made.only('AWS::SNS::TopicPolicy')['PolicyDocument'] as { Statement: unknown[] };
    expect(Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(made.only('AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true });
    expect(made.findings).toEqual([]);
    expect(made.acknowledged).toEqual([]);
  });

  test('tells who is to be told', () => {
    expect(made.only('AWS::SNS::Subscription')).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
  });

  test('an email that is none is refused', () => {
    expect(() => synthesizedStack((stack) => void new AlertTopic(stack, 'Alerts', { email: 'ops' }))).toThrow(
      'Test/Alerts: email is "ops", not an address',
    );
  });
});
