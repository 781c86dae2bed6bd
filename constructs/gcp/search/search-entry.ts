import type { ComputeInstanceGroup } from '@cdktf/provider-google/lib/compute-instance-group/index.js';
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js';
import { ComputeRegionBackendService } from '@cdktf/provider-google/lib/compute-region-backend-service/index.js';
import { ComputeRegionHealthCheck } from '@cdktf/provider-google/lib/compute-region-health-check/index.js';
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js';
import { Construct } from 'constructs';
import type { AgentNetwork } from '../network/agent-network.js';
import { searchPort } from './node-start.js';

/** Props of {@link SearchEntry}. */
export interface SearchEntryProps {
  readonly name: string;
  readonly region: string;
  readonly network: AgentNetwork;
  readonly groups: readonly ComputeInstanceGroup[];
  /** Private zone, such as `support-production.internal`. */
  readonly zoneName: string;
}

/** The one name and address of all search nodes, within the VPC. */
export class SearchEntry extends Construct {
  readonly host: string;

  constructor(scope: Construct, id: string, { name, region, network, groups, zoneName }: SearchEntryProps) {
    super(scope, id);
    const check = new ComputeRegionHealthCheck(this, 'Check', {
      name,
      region,
      checkIntervalSec: 10,
      timeoutSec: 5,
      tcpHealthCheck: { port: searchPort },
    });
    const backend = new ComputeRegionBackendService(this, 'Backend', {
      name,
      region,
      protocol: 'TCP',
      loadBalancingScheme: 'INTERNAL',
      healthChecks: [check.id],
      connectionDrainingTimeoutSec: 60,
      // An internal load balancer knows no other mode, and the provider's default is another one.
      backend: groups.map((group) => ({ group: group.id, balancingMode: 'CONNECTION' })),
    });
    const rule = new ComputeForwardingRule(this, 'Rule', {
      name,
      region,
      loadBalancingScheme: 'INTERNAL',
      backendService: backend.id,
      ipProtocol: 'TCP',
      ports: [String(searchPort)],
      network: network.networkId,
      subnetwork: network.machineSubnetworkId,
    });
    const zone = new DnsManagedZone(this, 'Zone', {
      name,
      dnsName: `${zoneName}.`,
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: network.networkId }] },
    });
    this.host = `search.${zoneName}`;
    new DnsRecordSet(this, 'Record', {
      managedZone: zone.name,
      name: `${this.host}.`,
      type: 'A',
      ttl: 60,
      rrdatas: [rule.ipAddress],
    });
  }
}
