import { CfnDeletionPolicy, RemovalPolicy } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { secretField } from '../secrets/named-secret.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link ValkeyCache}. */
export interface ValkeyCacheProps {
  readonly vpc: ec2.IVpc;
  /** Without a route to the internet, in two zones or more. */
  readonly vpcSubnets: ec2.SubnetSelection;
  /** For disk, snapshots and logs; its policy has to admit CloudWatch Logs (see `EncryptionKey`). */
  readonly encryptionKey: kms.IKey;
  /** A secret that is there already, with JSON of `password`: 16 to 128 characters without `@`, `"` and `/`. */
  readonly secretName: string;
  /** @default 'cache.m7g.large' */
  readonly nodeType?: string;
  /**
   * Copies in other zones, the first of which takes over on its own.
   *
   * @default 1
   */
  readonly replicas?: number;
  /**
   * What happens when memory is full: `queue` refuses to write, `cache` drops what has an expiry and was not used for long.
   *
   * @default 'queue'
   */
  readonly use?: 'queue' | 'cache';
  /**
   * Server parameters that go before those of `use`.
   *
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Not the port of Redis: what scans for that finds nothing (AwsSolutions-AEC5).
   *
   * @default 6380
   */
  readonly port?: number;
  /**
   * Days that daily snapshots are kept, 0 to 35; 15 or more by HIPAA and NIST rules.
   *
   * @default 15
   */
  readonly snapshotRetentionDays?: number;
  /** @default one year */
  readonly logRetention?: logs.RetentionDays;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** The newest that every region has; ElastiCache cannot go back to an older one. */
const engineVersion = '8.2';
const family = 'valkey8';

/**
 * Valkey on ElastiCache, one shard: TLS only, with a password, encrypted with a key of the customer, kept when the stack
 * goes. Clients of Celery, RQ and LangGraph need one shard, as they use pub/sub and several keys at once.
 */
export class ValkeyCache extends Construct implements ec2.IConnectable {
  readonly replicationGroup: elasticache.CfnReplicationGroup;
  readonly subnetGroup: elasticache.CfnSubnetGroup;
  readonly parameterGroup: elasticache.CfnParameterGroup;
  readonly securityGroup: ec2.SecurityGroup;
  /** `connections.allowDefaultPortFrom(service)` opens the cache to a service. */
  readonly connections: ec2.Connections;
  readonly logGroup: logs.LogGroup;
  /** Of the primary; the name stays when another takes over. */
  readonly host: string;
  /** Known at synthesis. */
  readonly port: number;
  readonly secretName: string;

  constructor(scope: Construct, id: string, props: ValkeyCacheProps) {
    super(scope, id);
    const { nodeType = 'cache.m7g.large', replicas = 1, snapshotRetentionDays = 15 } = props;
    this.port = props.port ?? 6380;
    this.secretName = props.secretName;
    this.check(nodeType, replicas, snapshotRetentionDays);

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Valkey',
      allowAllOutbound: false,
    });
    const defaultPort = ec2.Port.tcp(this.port);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort });
    this.subnetGroup = new elasticache.CfnSubnetGroup(this, 'Subnets', {
      description: 'Valkey',
      subnetIds: props.vpc.selectSubnets(props.vpcSubnets).subnetIds,
    });
    this.parameterGroup = new elasticache.CfnParameterGroup(this, 'Parameters', {
      cacheParameterGroupFamily: family,
      description: `Valkey as ${props.use ?? 'queue'}`,
      properties: {
        'maxmemory-policy': props.use === 'cache' ? 'volatile-lru' : 'noeviction',
        ...props.parameters,
      },
    });
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.replicationGroup = new elasticache.CfnReplicationGroup(this, 'ReplicationGroup', {
      replicationGroupDescription: 'Valkey',
      engine: 'valkey',
      engineVersion,
      autoMinorVersionUpgrade: true,
      cacheNodeType: nodeType,
      numCacheClusters: replicas + 1,
      automaticFailoverEnabled: replicas > 0,
      multiAzEnabled: replicas > 0,
      port: this.port,
      cacheSubnetGroupName: this.subnetGroup.ref,
      cacheParameterGroupName: this.parameterGroup.ref,
      securityGroupIds: [this.securityGroup.securityGroupId],
      atRestEncryptionEnabled: true,
      kmsKeyId: props.encryptionKey.keyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      authToken: secretField(this, props.secretName, 'password').unsafeUnwrap(),
      snapshotRetentionLimit: snapshotRetentionDays,
      snapshotWindow: '02:00-03:00',
      preferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      logDeliveryConfigurations: ['slow-log', 'engine-log'].map((logType) => ({
        logType,
        logFormat: 'json',
        destinationType: 'cloudwatch-logs',
        destinationDetails: { cloudWatchLogsDetails: { logGroup: this.logGroup.logGroupName } },
      })),
    });
    this.replicationGroup.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
    this.replicationGroup.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    fixLogicalId(this, this.replicationGroup, props.logicalId);
    this.host = this.replicationGroup.attrPrimaryEndPointAddress;
    applyTransform(this, props.transform);
  }

  private check(nodeType: string, replicas: number, snapshotRetentionDays: number): void {
    if (!/^cache\.[a-z0-9-]+\.[a-z0-9]+$/.test(nodeType))
      throw constructError(this, `nodeType "${nodeType}" is not a node type such as cache.m7g.large`);
    if (!Number.isInteger(replicas) || replicas < 0 || replicas > 5)
      throw constructError(this, `replicas ${replicas} is not a whole number from 0 to 5`);
    if (!Number.isInteger(this.port) || this.port < 1024 || this.port > 65_535)
      throw constructError(this, `port ${this.port} is not a whole number from 1024 to 65535`);
    if (!Number.isInteger(snapshotRetentionDays) || snapshotRetentionDays < 0 || snapshotRetentionDays > 35)
      throw constructError(this, `snapshotRetentionDays ${snapshotRetentionDays} is not a whole number from 0 to 35`);
  }
}
