import { Duration, Names, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { instanceMemoryMiB } from '../limits/instance-memory.js';
import { defaultConnections } from '../limits/postgres-connections.js';
import { secretField } from '../secrets/named-secret.js';
import { applyTransform, type Transform } from '../transform.js';
import { EnhancedMonitoringRole } from './enhanced-monitoring-role.js';
import { postgresParameters } from './postgres-parameters.js';
import { largestStorageGiB, postgresProblems } from './postgres-problems.js';
import { newestMinor, type PostgresVersion } from './postgres-version.js';
import { SnapshotExportRole } from './snapshot-export-role.js';

/** Props of {@link PostgresInstance}. */
export interface PostgresInstanceProps {
  readonly vpc: ec2.IVpc;
  /** Without a route to the internet, in two zones or more. */
  readonly vpcSubnets: ec2.SubnetSelection;
  /** For disk, logs, snapshots and insights; its policy has to admit CloudWatch Logs (see `EncryptionKey`). */
  readonly encryptionKey: kms.IKey;
  /** A secret that is there already, with JSON of `username` and `password`; only its name gets into the template. */
  readonly secretName: string;
  /**
   * The owner of the database, as it stands in the secret. A change replaces the database.
   *
   * @default 'agent'
   */
  readonly username?: string;
  /** @default 'app' */
  readonly databaseName?: string;
  /**
   * Major version: the newest minor one that is known here, from which RDS upgrades on its own.
   *
   * @default 17
   */
  readonly version?: PostgresVersion;
  /** @default 'db.m7g.large' */
  readonly instanceClass?: string;
  /**
   * Connections the server accepts; more than RDS allows for the memory of the machine is refused.
   *
   * @default what RDS allows for the memory of the machine
   */
  readonly maxConnections?: number;
  /**
   * GiB at first, 20 or more; it grows on its own up to ten times that.
   *
   * @default 100
   */
  readonly allocatedStorageGiB?: number;
  /**
   * A standby in another zone, with automatic failover.
   *
   * @default true
   */
  readonly multiAz?: boolean;
  /** @default 0 */
  readonly readReplicas?: number;
  /**
   * Not PostgreSQL’s own port: what scans for that finds nothing (AwsSolutions-RDS11).
   *
   * @default 5433
   */
  readonly port?: number;
  /**
   * How far back point-in-time recovery reaches, 1 to 35 days.
   *
   * @default 14 days
   */
  readonly backupRetention?: Duration;
  /**
   * Extensions that migrations create; those that are libraries are loaded at the start.
   *
   * @default none
   */
  readonly extensions?: readonly string[];
  /**
   * Server parameters that go before the computed ones.
   *
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * `advanced` keeps 15 months of them and costs by the vCPU.
   *
   * @default 'standard', 7 days
   */
  readonly databaseInsights?: 'standard' | 'advanced';
  /** @default one year */
  readonly logRetention?: logs.RetentionDays;
  /**
   * Where snapshots may be exported to, as Parquet: makes a role that an export task can be given.
   *
   * @default no role
   */
  readonly snapshotExportBucket?: s3.IBucket;
  /**
   * 1 to 63 lower-case letters, digits and hyphens. A change replaces the database.
   *
   * @default computed from the path of the construct
   */
  readonly instanceIdentifier?: string;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /**
   * Protects from deletion by anybody.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;
  /** @default none */
  readonly transform?: Transform;
}

/**
 * PostgreSQL on RDS: encrypted with a key of the customer, TLS only, point-in-time recovery, kept when the stack goes. Its
 * password is a dynamic reference to a secret that was made before.
 */
export class PostgresInstance extends Construct implements ec2.IConnectable {
  readonly instance: rds.DatabaseInstance;
  readonly readReplicas: readonly rds.DatabaseInstanceReadReplica[];
  readonly parameterGroup: rds.ParameterGroup;
  readonly securityGroup: ec2.SecurityGroup;
  /** `connections.allowDefaultPortFrom(service)` opens the database to a service. */
  readonly connections: ec2.Connections;
  readonly host: string;
  /** Known at synthesis. */
  readonly port: number;
  readonly instanceIdentifier: string;
  readonly databaseName: string;
  readonly username: string;
  readonly secretName: string;
  /** As asked for, or what RDS allows; undefined for an instance class that is not known here. */
  readonly maxConnections: number | undefined;
  /** Undefined for an instance class that is not known here. */
  readonly memoryMiB: number | undefined;
  /** Only with `snapshotExportBucket`. */
  readonly snapshotExportRole: SnapshotExportRole | undefined;

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id);
    const { instanceClass = 'db.m7g.large', version = 17, extensions = [] } = props;
    this.port = props.port ?? 5433;
    this.username = props.username ?? 'agent';
    this.databaseName = props.databaseName ?? 'app';
    this.secretName = props.secretName;
    this.instanceIdentifier =
      props.instanceIdentifier ?? Names.uniqueResourceName(this, { maxLength: 50, separator: '-' }).toLowerCase();
    const memoryMiB = instanceMemoryMiB(instanceClass);
    this.memoryMiB = memoryMiB;
    this.maxConnections = props.maxConnections ?? (memoryMiB === undefined ? undefined : defaultConnections(memoryMiB));
    const { databaseName, username, port, instanceIdentifier } = this;
    const settings = { ...props, databaseName, username, port, instanceIdentifier, instanceClass };
    const problems = postgresProblems(settings, memoryMiB);
    if (problems.length > 0) throw constructError(this, problems.join('; '));

    const engine = rds.DatabaseInstanceEngine.postgres({
      version: rds.PostgresEngineVersion.of(newestMinor(version), String(version)),
    });
    this.parameterGroup = new rds.ParameterGroup(this, 'Parameters', {
      engine,
      description: `PostgreSQL ${version} on ${instanceClass}`,
      parameters: {
        ...postgresParameters({
          memoryMiB,
          maxConnections: props.maxConnections,
          extensions,
          database: this.databaseName,
        }),
        ...props.parameters,
      },
    });
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'PostgreSQL',
      allowAllOutbound: false,
    });
    // A number, not the attribute of the instance: checks of templates can read it.
    const defaultPort = ec2.Port.tcp(this.port);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort });

    const monitoring = new EnhancedMonitoringRole(this, 'Monitoring');
    const shared = this.sharedProps(props, instanceClass, monitoring);
    this.instance = new rds.DatabaseInstance(this, 'Instance', {
      ...shared,
      engine,
      instanceIdentifier: this.instanceIdentifier,
      credentials: rds.Credentials.fromPassword(this.username, secretField(this, props.secretName, 'password')),
      databaseName: this.databaseName,
      allocatedStorage: props.allocatedStorageGiB ?? 100,
      storageEncrypted: true,
      storageEncryptionKey: props.encryptionKey,
      multiAz: props.multiAz ?? true,
      backupRetention: props.backupRetention ?? Duration.days(14),
      allowMajorVersionUpgrade: false,
    });
    this.instance.node.addDependency(monitoring.policy, ...this.logGroups(this.instanceIdentifier, props));
    this.host = this.instance.instanceEndpoint.hostname;
    if (this.instance.node.defaultChild instanceof rds.CfnDBInstance)
      fixLogicalId(this, this.instance.node.defaultChild, props.logicalId);

    this.readReplicas = Array.from({ length: props.readReplicas ?? 0 }, (_, index) => {
      const name = `Replica${index + 1}`;
      const instanceIdentifier = `${this.instanceIdentifier}-replica-${index + 1}`;
      const replica = new rds.DatabaseInstanceReadReplica(this, name, {
        ...shared,
        instanceIdentifier,
        sourceDatabaseInstance: this.instance,
        multiAz: props.multiAz ?? true,
      });
      replica.node.addDependency(...this.logGroups(instanceIdentifier, props, name));
      // A replica has the engine of its source; checks of templates look for it all the same.
      if (replica.node.defaultChild instanceof rds.CfnDBInstance) replica.node.defaultChild.engine = 'postgres';
      Validations.of(replica).acknowledge({
        id: 'AwsSolutions-RDS2',
        reason: 'A replica is encrypted as its source is, which is encrypted; CloudFormation takes no word on it',
      });
      return replica;
    });
    this.snapshotExportRole =
      props.snapshotExportBucket === undefined
        ? undefined
        : new SnapshotExportRole(this, 'SnapshotExport', { bucket: props.snapshotExportBucket });
    applyTransform(this, props.transform);
  }

  /** What the instance and its replicas have in common. */
  private sharedProps(props: PostgresInstanceProps, instanceClass: string, { role }: EnhancedMonitoringRole) {
    const advanced = props.databaseInsights === 'advanced';
    return {
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: [this.securityGroup],
      instanceType: new ec2.InstanceType(instanceClass.replace(/^db\./, '')),
      parameterGroup: this.parameterGroup,
      port: this.port,
      publiclyAccessible: false,
      iamAuthentication: true,
      storageType: rds.StorageType.GP3,
      maxAllocatedStorage: Math.min((props.allocatedStorageGiB ?? 100) * 10, largestStorageGiB),
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      autoMinorVersionUpgrade: true,
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
      // A version past its end is upgraded, not paid for.
      engineLifecycleSupport: rds.EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
      monitoringInterval: Duration.seconds(60),
      monitoringRole: role,
      databaseInsightsMode: advanced ? rds.DatabaseInsightsMode.ADVANCED : rds.DatabaseInsightsMode.STANDARD,
      enablePerformanceInsights: true,
      performanceInsightRetention: advanced
        ? rds.PerformanceInsightRetention.MONTHS_15
        : rds.PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: props.encryptionKey,
      cloudwatchLogsExports: [...exportedLogs],
    } satisfies Partial<rds.DatabaseInstanceProps>;
  }

  /** Made before RDS makes them: with retention and key, and without the Lambda function that CDK sets a retention with. */
  private logGroups(instanceIdentifier: string, props: PostgresInstanceProps, prefix = ''): readonly logs.LogGroup[] {
    return exportedLogs.map(
      (log) =>
        new logs.LogGroup(this, `${prefix}Log-${log}`, {
          logGroupName: `/aws/rds/instance/${instanceIdentifier}/${log}`,
          retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
          encryptionKey: props.encryptionKey,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
    );
  }
}

const exportedLogs = ['postgresql', 'upgrade', 'iam-db-auth-error'] as const;
