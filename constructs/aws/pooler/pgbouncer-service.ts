import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';
import {
  pgbouncerCheck,
  pgbouncerPasswordVariable,
  pgbouncerPort,
  pgbouncerStart,
  pgbouncerUsersVariable,
} from '../../pooler/pgbouncer-start.js';

/** Props of {@link PgBouncerService}. */
export interface PgBouncerServiceProps {
  readonly cluster: ecs.ICluster;
  /** Private subnets with a way to the registry of the image. */
  readonly vpcSubnets: ec2.SubnetSelection;
  /** Private DNS zone that the pooler gets its name in. */
  readonly namespace: cloudmap.INamespace;
  /** For the log group; its policy has to admit CloudWatch Logs (see `EncryptionKey`). */
  readonly encryptionKey: kms.IKey;
  readonly database: PooledDatabase;
  /** JSON of `username` and `password`, of the user of the database. */
  readonly secret: secretsmanager.ISecret;
  /**
   * The text of an `auth_file`: a line `"NAME" "PASSWORD"` for everybody who may connect, whatever the database knows of
   * them, and one for the user of the database, as whom all of them are served. So two passwords can do at a time.
   *
   * @default the user of the database alone
   */
  readonly users?: secretsmanager.ISecret;
  /** Connections to the database, of all tasks together. */
  readonly serverConnections: number;
  /**
   * Connections that clients may open, to each task: a name server does not share them out evenly.
   *
   * @default 1000
   */
  readonly clientConnections?: number;
  /**
   * An image with `sh` and PgBouncer 1.21 or newer. PgBouncer publishes none; edoburu’s is built from the release tarball,
   * for both architectures.
   *
   * @default edoburu/pgbouncer:v1.25.2-p0
   */
  readonly image?: ecs.ContainerImage;
  /** @default 2 */
  readonly tasks?: number;
  /** @default 256 */
  readonly cpuUnits?: number;
  /** @default 512 */
  readonly memoryMiB?: number;
  /** @default ARM64 */
  readonly cpuArchitecture?: ecs.CpuArchitecture;
  /**
   * Its name within the namespace.
   *
   * @default 'pooler'
   */
  readonly name?: string;
  /**
   * Docker labels; one that changes makes new tasks, which read the secret again.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default one year */
  readonly logRetention?: logs.RetentionDays;
  /** @default none */
  readonly transform?: Transform;
}

/** The database behind a pooler; a `PostgresInstance` is one. */
export interface PooledDatabase extends ec2.IConnectable {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly databaseName: string;
}

/**
 * PgBouncer on Fargate, in transaction mode, found by name: few connections to the database for many of the clients.
 * It talks TLS with the database; clients reach it without, within the VPC.
 */
export class PgBouncerService extends Construct implements ec2.IConnectable {
  readonly service: ecs.FargateService;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logGroup: logs.LogGroup;
  readonly securityGroup: ec2.SecurityGroup;
  /** `connections.allowDefaultPortFrom(service)` opens the pooler to a service. */
  readonly connections: ec2.Connections;
  /** `pooler.NAMESPACE`. */
  readonly host: string;
  readonly port: number = pgbouncerPort;

  constructor(scope: Construct, id: string, props: PgBouncerServiceProps) {
    super(scope, id);
    const { tasks = 2, name = 'pooler', serverConnections, clientConnections = 1000, database } = props;
    if (!Number.isInteger(tasks) || tasks < 1)
      throw constructError(this, `tasks ${tasks} is not a whole number from 1`);
    if (!Number.isInteger(serverConnections) || serverConnections < tasks)
      throw constructError(this, `serverConnections ${serverConnections} is less than one for each of ${tasks} tasks`);
    if (!Number.isInteger(clientConnections) || clientConnections < 1)
      throw constructError(this, `clientConnections ${clientConnections} is not a whole number from 1`);

    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu: props.cpuUnits ?? 256,
      memoryLimitMiB: props.memoryMiB ?? 512,
      runtimePlatform: {
        cpuArchitecture: props.cpuArchitecture ?? ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
    });
    this.container = this.taskDefinition.addContainer('pgbouncer', {
      image: props.image ?? ecs.ContainerImage.fromRegistry('edoburu/pgbouncer:v1.25.2-p0'),
      entryPoint: pgbouncerStart({
        host: database.host,
        port: database.port,
        user: database.username,
        database: database.databaseName,
        serverConnections: Math.floor(serverConnections / tasks),
        clientConnections,
      }),
      memoryLimitMiB: props.memoryMiB ?? 512,
      // PgBouncer does not run as root.
      user: '10001:10001',
      readonlyRootFilesystem: true,
      privileged: false,
      stopTimeout: Duration.seconds(120),
      portMappings: [{ containerPort: pgbouncerPort }],
      secrets:
        props.users === undefined
          ? { [pgbouncerPasswordVariable]: ecs.Secret.fromSecretsManager(props.secret, 'password') }
          : { [pgbouncerUsersVariable]: ecs.Secret.fromSecretsManager(props.users) },
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: name, logGroup: this.logGroup }),
      healthCheck: {
        command: ['CMD-SHELL', pgbouncerCheck],
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(10),
      },
      ...(props.labels === undefined ? {} : { dockerLabels: { ...props.labels } }),
    });
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.cluster.vpc,
      description: 'PgBouncer',
      allowAllOutbound: true,
    });
    const defaultPort = ec2.Port.tcp(pgbouncerPort);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort });
    database.connections.allowFrom(this, ec2.Port.tcp(database.port), 'Pooler');

    this.service = new ecs.FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: this.taskDefinition,
      desiredCount: tasks,
      // One after the other, as two generations at once would open twice the connections to the database.
      ...(tasks > 1
        ? { minHealthyPercent: 50, maxHealthyPercent: 100 }
        : { minHealthyPercent: 100, maxHealthyPercent: 200 }),
      circuitBreaker: { enable: true, rollback: true },
      vpcSubnets: props.vpcSubnets,
      securityGroups: [this.securityGroup],
      assignPublicIp: false,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
      cloudMapOptions: {
        cloudMapNamespace: props.namespace,
        name,
        dnsRecordType: cloudmap.DnsRecordType.A,
        dnsTtl: Duration.seconds(10),
      },
    });
    this.host = `${name}.${props.namespace.namespaceName}`;
    applyTransform(this, props.transform);
  }
}
