import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { applyTransform } from '../transform.js';
import { type AlarmRule, alarmSet, type AlarmSetProps, metricsOf } from './alarm-set.js';

/** Props of {@link CacheAlarms}. */
export interface CacheAlarmsProps extends AlarmSetProps {
  /** Identifier of the replication group. */
  readonly replicationGroupId: string;
  /** Nodes of the group, primary included. */
  readonly nodes: number;
}

/** Alarms of a Valkey replication group, per node. */
export class CacheAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: CacheAlarmsProps) {
    super(scope, id);
    const nodes = Array.from({ length: props.nodes }, (_, index) => index + 1);
    this.alarms = alarmSet(
      this,
      props.topic,
      nodes.flatMap((node) => nodeRules(props.replicationGroupId, node)),
    );
    applyTransform(this, props.transform);
  }
}

/** ElastiCache measures nodes, that it names `<group>-001` and on. */
function nodeRules(replicationGroupId: string, node: number): readonly AlarmRule[] {
  const metric = metricsOf('AWS/ElastiCache', {
    CacheClusterId: `${replicationGroupId}-${String(node).padStart(3, '0')}`,
  });
  return [
    {
      id: `Cpu${node}`,
      description: `Cache node ${node}: the engine, which has one thread, is over 90 % busy`,
      metric: metric('EngineCPUUtilization'),
      threshold: 90,
      periods: 10,
    },
    {
      id: `Memory${node}`,
      description: `Cache node ${node}: memory is over 85 % full; without eviction writes will fail`,
      metric: metric('DatabaseMemoryUsagePercentage', cloudwatch.Stats.MAXIMUM),
      threshold: 85,
      periods: 5,
    },
    {
      id: `Evictions${node}`,
      description: `Cache node ${node} throws out keys for lack of memory`,
      metric: metric('Evictions', cloudwatch.Stats.SUM),
      threshold: 0,
      periods: 5,
    },
    {
      id: `Lag${node}`,
      description: `Cache node ${node} is more than 10 seconds behind the primary`,
      metric: metric('ReplicationLag', cloudwatch.Stats.MAXIMUM),
      threshold: 10,
      periods: 5,
    },
  ];
}
