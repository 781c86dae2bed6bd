import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform } from '../transform.js';
import { alarmSet, type AlarmSetProps, metricsOf } from './alarm-set.js';

/** Props of {@link SearchAlarms}. */
export interface SearchAlarmsProps extends AlarmSetProps {
  readonly domainName: string;
  /** Storage of one data node; the alarm is at 25 % free, where OpenSearch recommends it. */
  readonly storageGiB: number;
  /** Nodes that have to be there: data nodes and dedicated masters. */
  readonly nodes: number;
}

/** Alarms of an OpenSearch domain. */
export class SearchAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: SearchAlarmsProps) {
    super(scope, id);
    const { domainName, storageGiB, nodes } = props;
    const metric = metricsOf('AWS/ES', { DomainName: domainName, ClientId: Stack.of(this).account });
    // "Recommended CloudWatch alarms for Amazon OpenSearch Service".
    this.alarms = alarmSet(this, props.topic, [
      {
        id: 'Red',
        description: 'A primary shard has no node: part of the index cannot be read',
        metric: metric('ClusterStatus.red', cloudwatch.Stats.MAXIMUM),
        threshold: 0,
        periods: 1,
      },
      {
        id: 'Yellow',
        description: 'A replica shard has had no node for 5 minutes',
        metric: metric('ClusterStatus.yellow', cloudwatch.Stats.MAXIMUM),
        threshold: 0,
        periods: 5,
      },
      {
        id: 'WritesBlocked',
        description: 'The cluster refuses writes: storage or memory ran out',
        metric: metric('ClusterIndexWritesBlocked', cloudwatch.Stats.MAXIMUM, fiveMinutes),
        threshold: 0,
        periods: 1,
      },
      {
        id: 'Nodes',
        description: `There are fewer than ${nodes} nodes`,
        metric: metric('Nodes', cloudwatch.Stats.MINIMUM, Duration.days(1)),
        threshold: nodes,
        comparison: less,
        periods: 1,
      },
      {
        id: 'Storage',
        description: 'A data node has less than a quarter of its storage free',
        metric: metric('FreeStorageSpace', cloudwatch.Stats.MINIMUM),
        // The metric is in MiB.
        threshold: Math.round(storageGiB * 1024 * 0.25),
        comparison: less,
        periods: 1,
      },
      {
        id: 'Heap',
        description: 'The Java heap is over 95 % full: the node will refuse requests, or stop',
        metric: metric('JVMMemoryPressure', cloudwatch.Stats.MAXIMUM),
        threshold: 95,
        comparison: atLeast,
      },
      {
        id: 'OldHeap',
        description: 'What the collector cannot free fills 80 % of the Java heap',
        metric: metric('OldGenJVMMemoryPressure', cloudwatch.Stats.MAXIMUM),
        threshold: 80,
        comparison: atLeast,
      },
      {
        id: 'Cpu',
        description: 'A data node has been at 80 % CPU or more for 45 minutes',
        metric: metric('CPUUtilization', cloudwatch.Stats.MAXIMUM, Duration.minutes(15)),
        threshold: 80,
        comparison: atLeast,
      },
      {
        id: 'Snapshot',
        description: 'The automatic snapshot failed',
        metric: metric('AutomatedSnapshotFailure', cloudwatch.Stats.MAXIMUM),
        threshold: 0,
        periods: 1,
      },
      {
        id: 'Key',
        description: 'The encryption key is disabled or may not be used: the domain will stop',
        metric: metric('KMSKeyError', cloudwatch.Stats.MAXIMUM),
        threshold: 0,
        periods: 1,
      },
    ]);
    applyTransform(this, props.transform);
  }
}

const atLeast = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
const less = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD;
const fiveMinutes = Duration.minutes(5);
