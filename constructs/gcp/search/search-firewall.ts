import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js';
import { Construct } from 'constructs';
import type { WorkloadIdentity } from '../identity/workload-identity.js';
import { searchPort, transportPort } from './node-start.js';

/** Props of {@link SearchFirewall}. */
export interface SearchFirewallProps {
  readonly name: string;
  readonly networkId: string;
  readonly identity: WorkloadIdentity;
  /** Where clients are. */
  readonly clientRanges: readonly string[];
}

/** Cloud Load Balancing, "Health checks overview": where they come from. */
const healthCheckRanges = ['35.191.0.0/16', '130.211.0.0/22'];

/**
 * Who may connect to the nodes. Cloud Run is named by its addresses: rules of ingress do not see its tags and service accounts
 * (Cloud Run, "Direct VPC egress", limitations).
 */
export class SearchFirewall extends Construct {
  constructor(scope: Construct, id: string, { name, networkId: network, identity, clientRanges }: SearchFirewallProps) {
    super(scope, id);
    const rule = { network, direction: 'INGRESS', targetServiceAccounts: [identity.email], priority: 1000 };
    const log = { logConfig: { metadata: 'INCLUDE_ALL_METADATA' } };
    new ComputeFirewall(this, 'Clients', {
      ...rule,
      ...log,
      name: `${name}-clients`,
      description: 'Clients of the search cluster',
      sourceRanges: [...clientRanges],
      allow: [{ protocol: 'tcp', ports: [String(searchPort)] }],
    });
    new ComputeFirewall(this, 'Checks', {
      ...rule,
      name: `${name}-checks`,
      description: 'Health checks of the load balancer',
      sourceRanges: healthCheckRanges,
      allow: [{ protocol: 'tcp', ports: [String(searchPort)] }],
    });
    new ComputeFirewall(this, 'Nodes', {
      ...rule,
      name: `${name}-nodes`,
      description: 'The nodes of the search cluster among themselves',
      sourceServiceAccounts: [identity.email],
      allow: [{ protocol: 'tcp', ports: [String(searchPort), String(transportPort)] }],
    });
  }
}
