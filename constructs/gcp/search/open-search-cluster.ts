import { ComputeResourcePolicy } from '@cdktf/provider-google/lib/compute-resource-policy/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import type { BackupBucket } from '../backup/backup-bucket.js';
import type { WorkloadIdentity } from '../identity/workload-identity.js';
import type { AgentNetwork } from '../network/agent-network.js';
import { applyTransform, type Transform } from '../transform.js';
import { nodeStart, searchPort, type SearchSecrets } from './node-start.js';
import { SearchEntry } from './search-entry.js';
import { SearchFirewall } from './search-firewall.js';
import { SearchNode } from './search-node.js';

/** Props of {@link OpenSearchCluster}. */
export interface OpenSearchClusterProps {
  readonly project: string;
  readonly region: string;
  readonly network: AgentNetwork;
  /** What the names of its parts begin with; up to 40 characters. */
  readonly name: string;
  /** Of the nodes; it may read their secrets and write their snapshots. */
  readonly identity: WorkloadIdentity;
  /** Made before: the values are nowhere in here. */
  readonly secrets: SearchSecrets;
  /** Snapshots go there. */
  readonly bucket: BackupBucket;
  /** Private zone, such as `support-production.internal`: the cluster answers at `search.ZONE`. */
  readonly zoneName: string;
  /** @default 'agent' */
  readonly username?: string;
  /** Engine version. @default '2.19.1' */
  readonly version?: string;
  /** With its tag or digest. @default `opensearchproject/opensearch` of the version */
  readonly image?: string;
  /** 1, or 3 to 9: two cannot outvote each other. @default 3 */
  readonly nodes?: number;
  /** @default 'e2-standard-4' */
  readonly machineType?: string;
  /** GiB on each node. @default 100 */
  readonly storageGiB?: number;
  /** Where clients are. @default addresses of Cloud Run in the network; in an existing one all private ranges */
  readonly clientRanges?: readonly string[];
  /** Days that snapshots of the disks are kept. @default 14 */
  readonly snapshotRetentionDays?: number;
  /** A key of the customer, for the disks. @default a key of Google's */
  readonly kmsKeyName?: string;
  /** Machines refuse to be deleted, and Terraform to destroy their disks. @default true */
  readonly deletionProtection?: boolean;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const zoneLetters = ['a', 'b', 'c'] as const;
/** Regions whose first zones are called otherwise. Compute Engine, "Regions and zones". */
const otherZones: Readonly<Record<string, readonly string[]>> = {
  'us-east1': ['b', 'c', 'd'],
  'europe-west1': ['b', 'c', 'd'],
};

/**
 * OpenSearch on machines of its own, as Google Cloud has none: one in each zone, with fixed addresses and disks that outlive
 * them, TLS from a CA of its own, a load balancer and a name within the VPC, snapshots into a bucket and of the disks.
 */
export class OpenSearchCluster extends Construct {
  readonly nodes: readonly SearchNode[];
  readonly host: string;
  readonly port: number = searchPort;
  /** `https://HOST:PORT`. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: OpenSearchClusterProps) {
    super(scope, id);
    const { project, region, network, name, identity, secrets, bucket } = props;
    const {
      nodes = 3,
      storageGiB = 100,
      machineType = 'e2-standard-4',
      version = '2.19.1',
      username = 'agent',
    } = props;
    const logicalId = props.logicalId ?? id.replaceAll(/[^A-Za-z0-9]/g, '');
    assertProps(this, [
      !/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name) &&
        `name "${name}" is not 1 to 40 lower-case letters, digits and hyphens`,
      (nodes === 2 || !isWholeNumber(nodes, 1, 9)) && `nodes ${nodes} is not 1, or 3 to 9`,
      !isWholeNumber(storageGiB, 10, 65_536) && `storageGiB ${storageGiB} is not a whole number from 10`,
      !/^[a-z][a-z0-9]*-[a-z0-9-]+$/.test(machineType) &&
        `machineType "${machineType}" is not one such as e2-standard-4`,
      !/^\d+\.\d+\.\d+$/.test(version) && `version "${version}" is not one such as 2.19.1`,
      !/^[a-z][a-z0-9_]{0,62}$/.test(username) && `username "${username}" is not lower-case letters, digits and _`,
    ]);
    for (const { secret } of Object.values(secrets)) identity.grantSecret(secret);
    bucket.grantWrite(this, 'Snapshots', identity.member);

    const snapshots = this.snapshotPolicy(props);
    const zones = otherZones[region] ?? zoneLetters;
    this.nodes = Array.from({ length: nodes }, (_, index) => {
      return new SearchNode(this, `Node${index + 1}`, {
        nodeName: `${name}-${index + 1}`,
        region,
        zone: `${region}-${zones[index % zones.length] ?? 'a'}`,
        subnetworkId: network.machineSubnetworkId,
        machineType,
        storageGiB,
        identity,
        snapshotPolicyName: snapshots.name,
        kmsKeyName: props.kmsKeyName,
        deletionProtection: props.deletionProtection ?? true,
        logicalIds: { disk: `${logicalId}Data${index + 1}`, machine: `${logicalId}Node${index + 1}` },
      });
    });
    const known = this.nodes.map((node) => ({ name: node.nodeName, address: node.address.address }));
    const groups = this.nodes.map((node, index) =>
      node.start(
        nodeStart({
          project,
          clusterName: name,
          nodeName: node.nodeName,
          zone: `${region}-${zones[index % zones.length] ?? 'a'}`,
          address: node.address.address,
          nodes: known,
          image: props.image ?? `docker.io/opensearchproject/opensearch:${version}`,
          username,
          secrets,
          bucketName: bucket.bucket.name,
        }),
      ),
    );
    const ranges = network.runRange === undefined ? privateRanges : [network.runRange];
    new SearchFirewall(this, 'Firewall', {
      name,
      networkId: network.networkId,
      identity,
      clientRanges: props.clientRanges ?? ranges,
    });
    const entry = new SearchEntry(this, 'Entry', { name, region, network, groups, zoneName: props.zoneName });
    this.host = entry.host;
    this.endpoint = `https://${this.host}:${this.port}`;
    applyTransform(this, props.transform);
  }

  /** Crash-consistent copies, beside those that OpenSearch makes itself. */
  private snapshotPolicy({ name, region, snapshotRetentionDays = 14 }: OpenSearchClusterProps): ComputeResourcePolicy {
    assertProps(this, [
      !isWholeNumber(snapshotRetentionDays, 1, 365) && `snapshotRetentionDays ${snapshotRetentionDays} is not 1 to 365`,
    ]);
    return new ComputeResourcePolicy(this, 'SnapshotPolicy', {
      name,
      region,
      snapshotSchedulePolicy: {
        schedule: { dailySchedule: { daysInCycle: 1, startTime: '02:00' } },
        retentionPolicy: { maxRetentionDays: snapshotRetentionDays, onSourceDiskDelete: 'KEEP_AUTO_SNAPSHOTS' },
      },
    });
  }
}
