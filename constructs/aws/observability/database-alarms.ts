import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { applyTransform } from '../transform.js';
import { alarmSet, type AlarmSetProps, metricsOf } from './alarm-set.js';

/** Props of {@link DatabaseAlarms}. */
export interface DatabaseAlarmsProps extends AlarmSetProps {
  /** Identifier of the RDS instance. */
  readonly instanceId: string;
  /** `max_connections` of the instance; the alarm is at 80 %. */
  readonly maxConnections: number;
  /** Memory of the instance; the alarm is at 5 % free. */
  readonly memoryMiB: number;
  /** Storage of the instance; the alarm is at 10 % free. */
  readonly storageGiB: number;
  /** Identifiers of read replicas. @default - none */
  readonly replicaIds?: readonly string[];
}

/** Alarms of a PostgreSQL instance of RDS. */
export class DatabaseAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const { instanceId, maxConnections, memoryMiB, storageGiB, replicaIds = [] } = props;
    const metric = metricsOf('AWS/RDS', { DBInstanceIdentifier: instanceId });
    const mebibyte = 1024 ** 2;
    this.alarms = alarmSet(this, props.topic, [
      {
        id: 'Cpu',
        description:
          'The database has had no CPU left for 15 minutes: a query without an index, or an instance too small',
        metric: metric('CPUUtilization'),
        threshold: 90,
        periods: 15,
      },
      {
        id: 'Storage',
        description: 'Less than a tenth of the storage is free; a full disk stops the database',
        metric: metric('FreeStorageSpace', cloudwatch.Stats.MINIMUM),
        threshold: Math.round(storageGiB * 1024 * mebibyte * 0.1),
        comparison: less,
      },
      {
        id: 'Memory',
        description: 'Less than a twentieth of the memory is free; the database will swap',
        metric: metric('FreeableMemory', cloudwatch.Stats.MINIMUM),
        threshold: Math.round(memoryMiB * mebibyte * 0.05),
        comparison: less,
        periods: 15,
      },
      {
        id: 'Connections',
        description: 'Four fifths of the connections are in use; after the last one every request fails',
        metric: metric('DatabaseConnections', cloudwatch.Stats.MAXIMUM),
        threshold: Math.floor(maxConnections * 0.8),
      },
      {
        id: 'ReadLatency',
        description: 'Reads from the disk take more than 50 ms',
        metric: metric('ReadLatency'),
        threshold: 0.05,
        periods: 10,
      },
      {
        id: 'DiskCredit',
        description: 'The disk has used up most of its burst balance and will be slow',
        metric: metric('EBSByteBalance%', cloudwatch.Stats.MINIMUM),
        threshold: 20,
        comparison: less,
        periods: 10,
      },
      ...replicaIds.map((replicaId, index) => ({
        id: `ReplicaLag${index + 1}`,
        description: `Read replica ${index + 1} is more than a minute behind`,
        metric: metricsOf('AWS/RDS', { DBInstanceIdentifier: replicaId })('ReplicaLag', cloudwatch.Stats.MAXIMUM),
        threshold: 60,
        periods: 5,
      })),
    ]);
    applyTransform(this, props.transform);
  }
}

const less = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD;
