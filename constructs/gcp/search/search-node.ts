import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js';
import { ComputeDisk } from '@cdktf/provider-google/lib/compute-disk/index.js';
import { ComputeDiskResourcePolicyAttachment } from '@cdktf/provider-google/lib/compute-disk-resource-policy-attachment/index.js';
import { ComputeInstance } from '@cdktf/provider-google/lib/compute-instance/index.js';
import { ComputeInstanceGroup } from '@cdktf/provider-google/lib/compute-instance-group/index.js';
import { Construct } from 'constructs';
import { fixLogicalId } from '../fixed-logical-id.js';
import type { WorkloadIdentity } from '../identity/workload-identity.js';
import { dataDevice, searchPort } from './node-start.js';

/** Props of {@link SearchNode}. */
export interface SearchNodeProps {
  readonly nodeName: string;
  readonly region: string;
  readonly zone: string;
  readonly subnetworkId: string;
  readonly machineType: string;
  readonly storageGiB: number;
  readonly identity: WorkloadIdentity;
  /** Name of the policy that snapshots the disk. */
  readonly snapshotPolicyName: string;
  readonly kmsKeyName: string | undefined;
  readonly deletionProtection: boolean;
  /** What the logical ids of disk and machine end with; they begin with that of the cluster. */
  readonly logicalIds: { readonly disk: string; readonly machine: string };
}

/** The newest long-term release that the project tests against; cloud-init is part of it. */
const bootImage = 'projects/cos-cloud/global/images/family/cos-117-lts';

/** The address and the disk of a search node, which outlive its machine. */
export class SearchNode extends Construct {
  readonly address: ComputeAddress;
  readonly disk: ComputeDisk;
  readonly nodeName: string;
  readonly #props: SearchNodeProps;

  constructor(scope: Construct, id: string, props: SearchNodeProps) {
    super(scope, id);
    const { nodeName, region, zone, subnetworkId, storageGiB, kmsKeyName, deletionProtection } = props;
    this.#props = props;
    this.nodeName = nodeName;
    this.address = new ComputeAddress(this, 'Address', {
      name: nodeName,
      region,
      subnetwork: subnetworkId,
      addressType: 'INTERNAL',
      purpose: 'GCE_ENDPOINT',
    });
    this.disk = new ComputeDisk(this, 'Disk', {
      name: `${nodeName}-data`,
      zone,
      size: storageGiB,
      type: 'pd-balanced',
      ...(kmsKeyName === undefined ? {} : { diskEncryptionKey: { kmsKeySelfLink: kmsKeyName } }),
      lifecycle: { preventDestroy: deletionProtection },
    });
    fixLogicalId(this, this.disk, props.logicalIds.disk);
    new ComputeDiskResourcePolicyAttachment(this, 'Snapshots', {
      name: props.snapshotPolicyName,
      disk: this.disk.name,
      zone,
    });
  }

  /** The machine, once every address is known; in a group of its zone, for the load balancer. */
  start(userData: string): ComputeInstanceGroup {
    const { nodeName, zone, machineType, subnetworkId, identity, kmsKeyName, deletionProtection } = this.#props;
    const machine = new ComputeInstance(this, 'Machine', {
      name: nodeName,
      zone,
      machineType,
      allowStoppingForUpdate: true,
      deletionProtection,
      canIpForward: false,
      bootDisk: {
        initializeParams: { image: bootImage, size: 20, type: 'pd-balanced' },
        ...(kmsKeyName === undefined ? {} : { kmsKeySelfLink: kmsKeyName }),
      },
      attachedDisk: [{ source: this.disk.id, deviceName: dataDevice }],
      // No access configuration: no public address.
      networkInterface: [{ subnetwork: subnetworkId, networkIp: this.address.address }],
      serviceAccount: { email: identity.email, scopes: ['cloud-platform'] },
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      scheduling: { automaticRestart: true, onHostMaintenance: 'MIGRATE', provisioningModel: 'STANDARD' },
      metadata: {
        'user-data': userData,
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'serial-port-enable': 'FALSE',
        'google-logging-enabled': 'true',
      },
      // A family moves on; a machine is made anew one at a time, by hand.
      lifecycle: { ignoreChanges: ['boot_disk[0].initialize_params[0].image'] },
      dependsOn: [...identity.grants],
    });
    fixLogicalId(this, machine, this.#props.logicalIds.machine);
    return new ComputeInstanceGroup(this, 'Group', {
      name: nodeName,
      zone,
      instances: [machine.selfLink],
      namedPort: [{ name: 'https', port: searchPort }],
    });
  }
}
