import { PublicLoadBalancer, UptimeCheck } from '../../../constructs/gcp/index.js';
import { candidateHeader, foundationName } from '../naming.js';
import type { MadeService, ServiceParts } from './services.js';

/** The way from the public address to the services, and a check of it from outside; nothing when nothing is public. */
export function stageLoadBalancer(parts: ServiceParts, services: readonly MadeService[]): void {
  const { stack, context, foundation, channels } = parts;
  const { spec, scope, gcp } = context;
  const routed = services.filter(({ paths }) => paths.length > 0);
  if (routed.length === 0) return;
  const { project, region } = gcp;
  const hostName = spec.domain?.name;
  const name = foundationName(scope);
  new PublicLoadBalancer(stack, 'LoadBalancer', {
    region,
    name,
    address: foundation.get('Address'),
    securityPolicyId: foundation.get('SecurityPolicyId'),
    services: routed.map(({ name: id, serviceName, paths }) => ({ id, serviceName, paths })),
    candidate: candidateHeader(scope, project),
    ...(hostName === undefined
      ? {}
      : { tls: { certificateId: foundation.get('CertificateId'), sslPolicyId: foundation.get('SslPolicyId') } }),
  });
  const path = routed.map((service) => spec.services[service.name]?.health.readiness?.path).find(Boolean) ?? '/';
  new UptimeCheck(stack, 'Uptime', {
    project,
    displayName: name,
    host: hostName ?? foundation.get('Address'),
    path,
    useTls: hostName !== undefined,
    channels,
  });
}
