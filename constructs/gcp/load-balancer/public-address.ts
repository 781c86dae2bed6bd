import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address/index.js';
import { ComputeManagedSslCertificate } from '@cdktf/provider-google/lib/compute-managed-ssl-certificate/index.js';
import { ComputeSslPolicy } from '@cdktf/provider-google/lib/compute-ssl-policy/index.js';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';
import { SecurityPolicy } from './security-policy.js';

/** Props of {@link PublicAddress}. */
export interface PublicAddressProps {
  /** What the names of its parts begin with; up to 40 characters. */
  readonly name: string;
  /** Without a wildcard. @default none: there is nothing to certify, and the load balancer answers plain HTTP */
  readonly hostName?: string;
  /** Managed zone of Cloud DNS that gets the record. @default none: the record is made elsewhere, to `address` */
  readonly dnsZone?: string;
  /** Requests that one address may send in a minute. @default 2000 */
  readonly requestsPerMinute?: number;
  /** Terraform refuses to give the address back. @default true */
  readonly deletionProtection?: boolean;
  /** What has to be there first. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default none */
  readonly transform?: Transform;
}

/**
 * What stays of a load balancer whatever is behind it: its address, its certificate, who may connect how. Google signs the
 * certificate once the name leads to the address.
 */
export class PublicAddress extends Construct {
  readonly address: ComputeGlobalAddress;
  readonly securityPolicy: SecurityPolicy;
  /** With `hostName` only. */
  readonly certificate: ComputeManagedSslCertificate | undefined;
  /** With `hostName` only. */
  readonly sslPolicy: ComputeSslPolicy | undefined;
  /** With scheme. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: PublicAddressProps) {
    super(scope, id);
    const { name, hostName, dnsZone } = props;
    assertProps(this, [
      !/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name) &&
        `name "${name}" is not 1 to 40 lower-case letters, digits and hyphens`,
      hostName?.includes('*') === true &&
        `hostName "${hostName}" has a wildcard, which a managed certificate cannot have`,
      hostName === undefined && dnsZone !== undefined && 'dnsZone needs a hostName to make a record of',
    ]);
    const dependsOn = props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] };
    this.address = new ComputeGlobalAddress(this, 'Address', {
      name: `${name}-address`,
      ...dependsOn,
      lifecycle: { preventDestroy: props.deletionProtection ?? true },
    });
    this.securityPolicy = new SecurityPolicy(this, 'SecurityPolicy', {
      policyName: `${name}-armor`,
      ...(props.requestsPerMinute === undefined ? {} : { requestsPerMinute: props.requestsPerMinute }),
      ...dependsOn,
    });
    this.url = hostName === undefined ? `http://${this.address.address}` : `https://${hostName}`;
    if (hostName !== undefined) {
      this.sslPolicy = new ComputeSslPolicy(this, 'SslPolicy', {
        name: `${name}-tls`,
        profile: 'MODERN',
        minTlsVersion: 'TLS_1_2',
        ...dependsOn,
      });
      this.certificate = new ComputeManagedSslCertificate(this, 'Certificate', {
        // Another name is another certificate, made before the old one goes.
        name: `${name}-${fingerprint(hostName)}`,
        managed: { domains: [`${hostName}.`] },
        ...dependsOn,
        lifecycle: { createBeforeDestroy: true },
      });
    }
    if (hostName !== undefined && dnsZone !== undefined)
      new DnsRecordSet(this, 'Record', {
        managedZone: dnsZone,
        name: `${hostName}.`,
        type: 'A',
        ttl: 300,
        rrdatas: [this.address.address],
      });
    applyTransform(this, props.transform);
  }
}

/** FNV-1a, 32 bits: a name for a name, without a library. */
function fingerprint(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0;
  return hash.toString(36);
}
