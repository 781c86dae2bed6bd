import { RedisInstance } from '@cdktf/provider-google/lib/redis-instance/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import type { AgentNetwork } from '../network/agent-network.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link RedisCache}. */
export interface RedisCacheProps {
  readonly region: string;
  readonly network: AgentNetwork;
  /** 1 to 40 lower-case letters, digits and hyphens. */
  readonly instanceName: string;
  /** GiB of data. @default 1 */
  readonly memoryGiB?: number;
  /** A replica in another zone, with automatic failover. @default true */
  readonly highAvailability?: boolean;
  /** Copies that answer reads, 1 to 5; need 5 GiB or more, and can be chosen only at first. @default none */
  readonly readReplicas?: number;
  /**
   * What happens when memory is full: `queue` refuses to write, `cache` drops what has an expiry and was not used for long.
   *
   * @default 'queue'
   */
  readonly use?: 'queue' | 'cache';
  /** Server parameters that go before those of `use`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A key of the customer. @default a key of Google's */
  readonly kmsKeyName?: string;
  /** Terraform refuses to destroy it. @default true */
  readonly deletionProtection?: boolean;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/**
 * Redis on Memorystore: TLS only, with a password that Google makes, a snapshot every six hours. Clients need the CA of the
 * instance, which is its own. The password is in the state, as a computed attribute: keep that private.
 */
export class RedisCache extends Construct {
  readonly instance: RedisInstance;
  readonly host: string;
  readonly port: string;
  /** PEM. */
  readonly caCertificate: string;

  constructor(scope: Construct, id: string, props: RedisCacheProps) {
    super(scope, id);
    const { network, memoryGiB = 1, highAvailability = true, readReplicas, deletionProtection = true } = props;
    assertProps(this, [
      !/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(props.instanceName) &&
        `instanceName "${props.instanceName}" is not 1 to 40 lower-case letters, digits and hyphens`,
      !isWholeNumber(memoryGiB, 1, 300) && `memoryGiB ${memoryGiB} is not a whole number from 1 to 300`,
      readReplicas !== undefined && !isWholeNumber(readReplicas, 1, 5) && `readReplicas ${readReplicas} is not 1 to 5`,
      readReplicas !== undefined && !highAvailability && 'readReplicas need highAvailability',
      readReplicas !== undefined && memoryGiB < 5 && `readReplicas need 5 GiB or more, not ${memoryGiB}`,
      ...Object.keys(props.parameters ?? {}).map(
        (name) => !/^[a-z-]+$/.test(name) && `parameter "${name}" is not one such as maxmemory-policy`,
      ),
    ]);
    this.instance = new RedisInstance(this, 'Instance', {
      name: props.instanceName,
      region: props.region,
      tier: highAvailability ? 'STANDARD_HA' : 'BASIC',
      memorySizeGb: memoryGiB,
      redisVersion: 'REDIS_7_2',
      authorizedNetwork: network.networkId,
      connectMode: 'PRIVATE_SERVICE_ACCESS',
      ...(network.servicesRangeName === undefined ? {} : { reservedIpRange: network.servicesRangeName }),
      authEnabled: true,
      transitEncryptionMode: 'SERVER_AUTHENTICATION',
      ...(readReplicas === undefined ? {} : { replicaCount: readReplicas, readReplicasMode: 'READ_REPLICAS_ENABLED' }),
      redisConfigs: { 'maxmemory-policy': props.use === 'cache' ? 'volatile-lru' : 'noeviction', ...props.parameters },
      persistenceConfig: { persistenceMode: 'RDB', rdbSnapshotPeriod: 'SIX_HOURS' },
      maintenancePolicy: {
        weeklyMaintenanceWindow: [{ day: 'SUNDAY', startTime: { hours: 4, minutes: 0, seconds: 0, nanos: 0 } }],
      },
      ...(props.kmsKeyName === undefined ? {} : { customerManagedKey: props.kmsKeyName }),
      ...(network.privateServices === undefined ? {} : { dependsOn: [network.privateServices] }),
      lifecycle: { preventDestroy: deletionProtection },
    });
    fixLogicalId(this, this.instance, props.logicalId);
    this.host = this.instance.host;
    this.port = String(this.instance.port);
    this.caCertificate = this.instance.serverCaCerts.get(0).cert;
    applyTransform(this, props.transform);
  }
}
