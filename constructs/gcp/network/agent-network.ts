import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address/index.js';
import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router/index.js';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat/index.js';
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js';
import { ServiceNetworkingConnection } from '@cdktf/provider-google/lib/service-networking-connection/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';
import { parseRange, rangesOverlap } from './ip-range.js';
import { RunAppZone } from './run-app-zone.js';

/** A VPC that is there already, with private services access and a way out: by names, or by ids. Nothing is looked up. */
export type ExistingNetwork =
  | {
      readonly network: string;
      /** In the region, a /26 or larger. */
      readonly subnetwork: string;
    }
  | { readonly networkId: string; readonly subnetworkId: string };

/** Props of {@link AgentNetwork}. */
export interface AgentNetworkProps {
  readonly project: string;
  readonly region: string;
  /** What the names of its parts begin with. */
  readonly name: string;
  /** @default a network of its own; everything below but `transform` is about that one */
  readonly existing?: ExistingNetwork;
  /**
   * Addresses of Cloud Run instances, two for each and in blocks of 16: a /26 or larger.
   *
   * @default '10.10.0.0/24'
   */
  readonly runRange?: string;
  /**
   * Addresses of machines, such as search nodes.
   *
   * @default '10.10.2.0/24'
   */
  readonly machineRange?: string;
  /**
   * Addresses that Google puts Cloud SQL and Memorystore into: a /16 to /24.
   *
   * @default '10.20.0.0/16'
   */
  readonly servicesRange?: string;
  /** What has to be there first: the APIs of the project. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default none */
  readonly transform?: Transform;
}

/**
 * A VPC with a subnetwork for Cloud Run, one for machines, private services access for databases and caches, and a way out
 * through Cloud NAT: a new one, or one that is there already.
 */
export class AgentNetwork extends Construct {
  /** `projects/…/global/networks/…`, as databases want it. */
  readonly networkId: string;
  readonly runSubnetworkId: string;
  /** The same one in an existing network. */
  readonly machineSubnetworkId: string;
  /** Undefined in an existing network: who may connect is said there. */
  readonly runRange: string | undefined;
  readonly machineRange: string | undefined;
  /** Name of the range that Google allocates from; undefined in an existing network: any that it has. */
  readonly servicesRangeName: string | undefined;
  readonly network: ComputeNetwork | undefined;
  /** What databases and caches have to wait for: nothing of them refers to it. */
  readonly privateServices: ServiceNetworkingConnection | undefined;

  constructor(scope: Construct, id: string, props: AgentNetworkProps) {
    super(scope, id);
    const { project, region, existing } = props;
    if (existing !== undefined) {
      const byId = 'networkId' in existing;
      this.networkId = byId ? existing.networkId : `projects/${project}/global/networks/${existing.network}`;
      this.runSubnetworkId = byId
        ? existing.subnetworkId
        : `projects/${project}/regions/${region}/subnetworks/${existing.subnetwork}`;
      this.machineSubnetworkId = this.runSubnetworkId;
      applyTransform(this, props.transform);
      return;
    }
    const ranges = this.checkedRanges(props);
    this.runRange = ranges.run;
    this.machineRange = ranges.machines;
    this.network = new ComputeNetwork(this, 'Network', {
      name: props.name,
      autoCreateSubnetworks: false,
      routingMode: 'REGIONAL',
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
    });
    this.networkId = this.network.id;
    this.runSubnetworkId = this.subnetwork('Run', `${props.name}-run`, ranges.run, region).id;
    this.machineSubnetworkId = this.subnetwork('Machines', `${props.name}-machines`, ranges.machines, region).id;
    const range = this.servicesRange(props.name, ranges.services);
    this.servicesRangeName = range.name;
    this.privateServices = new ServiceNetworkingConnection(this, 'PrivateServices', {
      network: this.networkId,
      service: 'servicenetworking.googleapis.com',
      reservedPeeringRanges: [range.name],
      // "Producer services are still using this connection" for hours after the last of them is gone.
      deletionPolicy: 'ABANDON',
      updateOnCreationFail: true,
    });
    this.wayOut(props.name, region);
    new RunAppZone(this, 'RunApp', { name: `${props.name}-run-app`, networkId: this.networkId });
    applyTransform(this, props.transform);
  }

  private checkedRanges(props: AgentNetworkProps) {
    const { runRange = '10.10.0.0/24', machineRange = '10.10.2.0/24', servicesRange = '10.20.0.0/16' } = props;
    const named = { runRange, machineRange, servicesRange };
    assertProps(this, [
      !/^[a-z](?:[a-z0-9-]{0,44}[a-z0-9])?$/.test(props.name) &&
        `name "${props.name}" is not up to 46 lower-case letters, digits and hyphens`,
      ...Object.entries(named).map(
        ([prop, range]) =>
          parseRange(range) === undefined && `${prop} "${range}" is not an IPv4 range such as 10.10.0.0/24`,
      ),
    ]);
    // Cloud Run, "Direct VPC egress with a VPC network", IP address allocation.
    const tooSmall = (parseRange(runRange)?.prefixLength ?? 0) > 26;
    const pairs = [
      ['runRange', 'machineRange'],
      ['runRange', 'servicesRange'],
      ['machineRange', 'servicesRange'],
    ] as const;
    assertProps(this, [
      tooSmall && `runRange ${runRange} is smaller than the /26 that Cloud Run needs`,
      (parseRange(servicesRange)?.prefixLength ?? 0) > 24 && `servicesRange ${servicesRange} is smaller than a /24`,
      ...pairs.map(([one, other]) => rangesOverlap(named[one], named[other]) && `${one} and ${other} overlap`),
    ]);
    return { run: runRange, machines: machineRange, services: servicesRange };
  }

  private subnetwork(id: string, name: string, ipCidrRange: string, region: string): ComputeSubnetwork {
    return new ComputeSubnetwork(this, id, {
      name,
      network: this.networkId,
      region,
      ipCidrRange,
      privateIpGoogleAccess: true,
      logConfig: { aggregationInterval: 'INTERVAL_5_SEC', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA' },
    });
  }

  private servicesRange(name: string, range: string): ComputeGlobalAddress {
    const [address = '', prefixLength] = range.split('/');
    return new ComputeGlobalAddress(this, 'ServicesRange', {
      name: `${name}-services`,
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      address,
      prefixLength: Number(prefixLength),
      network: this.networkId,
    });
  }

  private wayOut(name: string, region: string): void {
    const router = new ComputeRouter(this, 'Router', { name: `${name}-router`, network: this.networkId, region });
    new ComputeRouterNat(this, 'Nat', {
      name: `${name}-nat`,
      router: router.name,
      region,
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      enableDynamicPortAllocation: true,
      minPortsPerVm: 64,
      maxPortsPerVm: 4096,
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    });
  }
}
