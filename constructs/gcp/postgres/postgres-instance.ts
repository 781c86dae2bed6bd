import { SqlDatabase } from '@cdktf/provider-google/lib/sql-database/index.js';
import {
  SqlDatabaseInstance,
  type SqlDatabaseInstanceConfig,
  type SqlDatabaseInstanceSettings,
} from '@cdktf/provider-google/lib/sql-database-instance/index.js';
import { SqlUser } from '@cdktf/provider-google/lib/sql-user/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import type { AgentNetwork } from '../network/agent-network.js';
import type { WriteOnlyValue } from '../secrets/write-only-value.js';
import { applyTransform, type Transform } from '../transform.js';
import { postgresFlags } from './postgres-flags.js';
import { postgresProblems } from './postgres-problems.js';

/** Props of {@link PostgresInstance}. */
export interface PostgresInstanceProps {
  readonly project: string;
  readonly region: string;
  readonly network: AgentNetwork;
  /** Of the user: never in the plan or the state. */
  readonly password: WriteOnlyValue;
  /** Up to 97 characters with the project. A name can be used again a week after its instance is gone. */
  readonly instanceName: string;
  /** @default 'agent' */
  readonly username?: string;
  /** @default 'app' */
  readonly databaseName?: string;
  /** Major version. @default 17 */
  readonly version?: 14 | 15 | 16 | 17 | 18;
  /** @default 'db-custom-2-8192' */
  readonly tier?: string;
  /** Never left to the API, whose default knows no `db-custom`. @default 'ENTERPRISE' */
  readonly edition?: 'ENTERPRISE' | 'ENTERPRISE_PLUS';
  /** @default 400 */
  readonly maxConnections?: number;
  /**
   * GiB at first, 10 or more; it grows on its own up to ten times that.
   *
   * @default 100
   */
  readonly storageGiB?: number;
  /** A standby in another zone, with automatic failover. @default true */
  readonly highAvailability?: boolean;
  /** @default 0 */
  readonly readReplicas?: number;
  /** Days that point-in-time recovery reaches back: up to 7, 35 with ENTERPRISE_PLUS. @default 7 */
  readonly recoveryDays?: number;
  /** Daily backups that are kept. @default 30 */
  readonly backupsKept?: number;
  /** Extensions that migrations create. @default none */
  readonly extensions?: readonly string[];
  /** Flags that go before the computed ones. @default none */
  readonly flags?: Readonly<Record<string, string>>;
  /** A key of the customer, that Cloud SQL's service agent may use. @default a key of Google's */
  readonly kmsKeyName?: string;
  /** Protects from deletion by Terraform and by anybody. @default true */
  readonly deletionProtection?: boolean;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/**
 * PostgreSQL on Cloud SQL: no public address, TLS only, point-in-time recovery, insights, kept when the stack goes. The
 * password of its user is a write-only argument.
 */
export class PostgresInstance extends Construct {
  readonly instance: SqlDatabaseInstance;
  readonly readReplicas: readonly SqlDatabaseInstance[];
  readonly database: SqlDatabase;
  readonly user: SqlUser;
  /** A private address. */
  readonly host: string;
  readonly port: number = 5432;
  readonly databaseName: string;
  readonly username: string;
  readonly maxConnections: number;
  /** PEM of the CA that signed the certificate of the server. */
  readonly caCertificate: string;

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id);
    const settings = {
      ...props,
      tier: props.tier ?? 'db-custom-2-8192',
      edition: props.edition ?? 'ENTERPRISE',
      storageGiB: props.storageGiB ?? 100,
      maxConnections: props.maxConnections ?? 400,
      username: props.username ?? 'agent',
      databaseName: props.databaseName ?? 'app',
      recoveryDays: props.recoveryDays ?? 7,
      readReplicas: props.readReplicas ?? 0,
    } as const;
    assertProps(this, postgresProblems(settings));
    this.username = settings.username;
    this.databaseName = settings.databaseName;
    this.maxConnections = settings.maxConnections;

    const shared = this.sharedSettings(settings);
    const { network, region, deletionProtection = true, version = 17 } = props;
    const common = {
      region,
      databaseVersion: `POSTGRES_${version}`,
      deletionProtection,
      ...(props.kmsKeyName === undefined ? {} : { encryptionKeyName: props.kmsKeyName }),
      // Nothing refers to the connection, and without it there is no private address.
      ...(network.privateServices === undefined ? {} : { dependsOn: [network.privateServices] }),
    };
    this.instance = new SqlDatabaseInstance(this, 'Instance', {
      ...common,
      name: props.instanceName,
      settings: {
        ...shared,
        availabilityType: (props.highAvailability ?? true) ? 'REGIONAL' : 'ZONAL',
        backupConfiguration: {
          enabled: true,
          startTime: '03:00',
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: settings.recoveryDays,
          backupRetentionSettings: { retainedBackups: props.backupsKept ?? 30, retentionUnit: 'COUNT' },
        },
        maintenanceWindow: { day: 7, hour: 4, updateTrack: 'stable' },
        passwordValidationPolicy: {
          enablePasswordPolicy: true,
          minLength: 16,
          complexity: 'COMPLEXITY_DEFAULT',
          disallowUsernameSubstring: true,
        },
      },
      lifecycle: { preventDestroy: deletionProtection, ignoreChanges: grown },
    });
    fixLogicalId(this, this.instance, props.logicalId);
    this.database = new SqlDatabase(this, 'Database', {
      name: this.databaseName,
      instance: this.instance.name,
      deletionPolicy: 'ABANDON',
    });
    this.user = new SqlUser(this, 'User', {
      name: this.username,
      instance: this.instance.name,
      passwordWo: props.password.value,
      passwordWoVersion: props.password.version,
      deletionPolicy: 'ABANDON',
    });
    this.readReplicas = Array.from({ length: settings.readReplicas }, (_, index) =>
      this.replica(index + 1, { ...common, settings: { ...shared, availabilityType: 'ZONAL' } }, props),
    );
    this.host = this.instance.privateIpAddress;
    this.caCertificate = this.instance.serverCaCert.get(0).cert;
    applyTransform(this, props.transform);
  }

  private replica(
    number: number,
    common: Pick<SqlDatabaseInstanceConfig, 'region' | 'databaseVersion' | 'settings'>,
    { instanceName, logicalId }: PostgresInstanceProps,
  ): SqlDatabaseInstance {
    const replica = new SqlDatabaseInstance(this, `Replica${number}`, {
      ...common,
      name: `${instanceName}-replica-${number}`,
      masterInstanceName: this.instance.name,
      lifecycle: { ignoreChanges: grown },
    });
    fixLogicalId(this, replica, `${logicalId ?? this.node.id.replaceAll(/[^A-Za-z0-9]/g, '')}Replica${number}`);
    return replica;
  }

  /** What the instance and its replicas have in common. */
  private sharedSettings(settings: {
    readonly network: AgentNetwork;
    readonly tier: string;
    readonly edition: string;
    readonly storageGiB: number;
    readonly maxConnections: number;
    readonly extensions?: readonly string[];
    readonly flags?: Readonly<Record<string, string>>;
    readonly deletionProtection?: boolean;
  }): Omit<SqlDatabaseInstanceSettings, 'availabilityType'> {
    const { network, storageGiB, maxConnections, extensions = [], deletionProtection = true } = settings;
    const flags = { ...postgresFlags({ maxConnections, extensions }), ...settings.flags };
    return {
      tier: settings.tier,
      edition: settings.edition,
      diskType: 'PD_SSD',
      diskSize: storageGiB,
      diskAutoresize: true,
      diskAutoresizeLimit: Math.min(storageGiB * 10, 65_536),
      deletionProtectionEnabled: deletionProtection,
      retainBackupsOnDelete: true,
      ipConfiguration: {
        ipv4Enabled: false,
        privateNetwork: network.networkId,
        sslMode: 'ENCRYPTED_ONLY',
        enablePrivatePathForGoogleCloudServices: true,
        ...(network.servicesRangeName === undefined ? {} : { allocatedIpRange: network.servicesRangeName }),
      },
      insightsConfig: {
        queryInsightsEnabled: true,
        queryStringLength: 1024,
        recordApplicationTags: true,
        recordClientAddress: false,
        queryPlansPerMinute: 5,
      },
      databaseFlags: Object.entries(flags).map(([name, value]) => ({ name, value })),
    };
  }
}

/** Storage grows on its own and never shrinks. */
const grown = ['settings[0].disk_size'];
