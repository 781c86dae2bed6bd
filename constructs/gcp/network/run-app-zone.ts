import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js';
import { Construct } from 'constructs';

/** Props of {@link RunAppZone}. */
export interface RunAppZoneProps {
  readonly name: string;
  readonly networkId: string;
}

/** private.googleapis.com: VPC, "Configure Private Google Access", 199.36.153.8/30. */
const privateGoogleAccess = ['199.36.153.8', '199.36.153.9', '199.36.153.10', '199.36.153.11'];

/**
 * Names below run.app lead to Google through the VPC, so that a call from one service to another counts as internal. Cloud
 * Run, "Receive requests from other Cloud Run services": traffic to these addresses takes the VPC with `PRIVATE_RANGES_ONLY`, too.
 */
export class RunAppZone extends Construct {
  readonly zone: DnsManagedZone;

  constructor(scope: Construct, id: string, { name, networkId }: RunAppZoneProps) {
    super(scope, id);
    this.zone = new DnsManagedZone(this, 'Zone', {
      name,
      dnsName: 'run.app.',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: networkId }] },
    });
    for (const [record, rrdatas, type] of [
      ['run.app.', privateGoogleAccess, 'A'],
      ['*.run.app.', ['run.app.'], 'CNAME'],
    ] as const)
      new DnsRecordSet(this, type, {
        managedZone: this.zone.name,
        name: record,
        type,
        ttl: 300,
        rrdatas: [...rrdatas],
      });
  }
}
