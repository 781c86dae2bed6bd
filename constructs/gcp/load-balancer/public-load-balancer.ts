import { ComputeBackendService } from '@cdktf/provider-google/lib/compute-backend-service/index.js';
import { ComputeGlobalForwardingRule } from '@cdktf/provider-google/lib/compute-global-forwarding-rule/index.js';
import { ComputeRegionNetworkEndpointGroup } from '@cdktf/provider-google/lib/compute-region-network-endpoint-group/index.js';
import { ComputeTargetHttpProxy } from '@cdktf/provider-google/lib/compute-target-http-proxy/index.js';
import { ComputeTargetHttpsProxy } from '@cdktf/provider-google/lib/compute-target-https-proxy/index.js';
import { ComputeUrlMap } from '@cdktf/provider-google/lib/compute-url-map/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';
import { type CandidateHeader, type RoutedPath, routeRules } from './route-rules.js';

/** A Cloud Run service behind the load balancer. */
export interface RoutedService {
  /** Short and unique: part of names. */
  readonly id: string;
  readonly serviceName: string;
  /** Paths that lead to it, such as `/` and `/api`. */
  readonly paths: readonly string[];
}

/** Certificate and TLS policy, by what Terraform refers to them with. */
export interface TlsProps {
  readonly certificateId: string;
  readonly sslPolicyId: string;
}

/** Props of {@link PublicLoadBalancer}. */
export interface PublicLoadBalancerProps {
  readonly region: string;
  /** What the names of its parts begin with; up to 36 characters. */
  readonly name: string;
  /** An address of `PublicAddress`. */
  readonly address: string;
  /** Of Cloud Armor. */
  readonly securityPolicyId: string;
  readonly services: readonly RoutedService[];
  /** @default none: it answers plain HTTP */
  readonly tls?: TlsProps;
  /** Leads to the revision with the tag `candidate` of each service, so that it can be looked at before it serves. @default none */
  readonly candidate?: CandidateHeader;
  /** @default none */
  readonly transform?: Transform;
}

/** The tag that Cloud Run gives the revision to be looked at. */
export const candidateTag = 'candidate';

/** Application Load Balancer, "Backend services overview": everything of one has to be of one scheme. */
const scheme = 'EXTERNAL_MANAGED';

/** HTTPS in front of Cloud Run: a path leads to a service, plain HTTP to HTTPS, and a header to the candidate of a service. */
export class PublicLoadBalancer extends Construct {
  readonly urlMap: ComputeUrlMap;
  /** By the id of the service. */
  readonly backends: ReadonlyMap<string, ComputeBackendService>;

  constructor(scope: Construct, id: string, props: PublicLoadBalancerProps) {
    super(scope, id);
    const { name, services, tls, candidate } = props;
    const allPaths = services.flatMap(({ paths }) => paths);
    assertProps(this, [
      !/^[a-z](?:[a-z0-9-]{0,34}[a-z0-9])?$/.test(name) &&
        `name "${name}" is not 1 to 36 lower-case letters, digits and hyphens`,
      services.length === 0 && 'it has no services',
      new Set(services.map((service) => service.id)).size < services.length && 'two services have the same id',
      new Set(allPaths).size < allPaths.length && 'two services have the same path',
      ...allPaths.map((path) => !path.startsWith('/') && `path "${path}" does not begin with /`),
      candidate !== undefined &&
        !/^[a-z][a-z0-9-]*$/.test(candidate.name) &&
        `header "${candidate.name}" is not lower case`,
    ]);
    const made = services.map((service) => ({
      service,
      backend: this.backend(props, service, undefined),
      candidateBackend: candidate === undefined ? undefined : this.backend(props, service, candidateTag),
    }));
    this.backends = new Map(made.map(({ service, backend }) => [service.id, backend]));
    const paths = made.flatMap(({ service, backend, candidateBackend }) =>
      service.paths.map((path): RoutedPath => {
        return {
          path,
          service: backend.id,
          ...(candidateBackend === undefined ? {} : { candidate: candidateBackend.id }),
        };
      }),
    );
    // What no route matches goes where `/` goes, or to the first service, which says 404 itself.
    const fallback = paths.find(({ path }) => path === '/')?.service ?? paths[0]?.service ?? '';
    this.urlMap = new ComputeUrlMap(this, 'UrlMap', {
      name,
      defaultService: fallback,
      hostRule: [{ hosts: ['*'], pathMatcher: 'routes' }],
      pathMatcher: [{ name: 'routes', defaultService: fallback, routeRules: routeRules(paths, candidate) }],
    });
    this.listen(props, tls);
    applyTransform(this, props.transform);
  }

  /** No health check, timeout, port name or balancing mode: a serverless backend has none, and the API refuses them. */
  private backend(
    props: PublicLoadBalancerProps,
    service: RoutedService,
    tag: string | undefined,
  ): ComputeBackendService {
    const name = `${props.name}-${service.id}${tag === undefined ? '' : '-next'}`;
    const id = `${service.id}${tag === undefined ? '' : '-candidate'}`;
    const group = new ComputeRegionNetworkEndpointGroup(this, `Group-${id}`, {
      name,
      region: props.region,
      networkEndpointType: 'SERVERLESS',
      cloudRun: { service: service.serviceName, ...(tag === undefined ? {} : { tag }) },
    });
    return new ComputeBackendService(this, `Backend-${id}`, {
      name,
      protocol: 'HTTPS',
      loadBalancingScheme: scheme,
      securityPolicy: props.securityPolicyId,
      backend: [{ group: group.id }],
      logConfig: { enable: true, sampleRate: 1 },
    });
  }

  private listen({ name, address }: PublicLoadBalancerProps, tls: TlsProps | undefined): void {
    if (tls === undefined) {
      const proxy = new ComputeTargetHttpProxy(this, 'HttpProxy', { name: `${name}-http`, urlMap: this.urlMap.id });
      this.forward('Http', `${name}-http`, address, '80', proxy.id);
      return;
    }
    const secure = new ComputeTargetHttpsProxy(this, 'HttpsProxy', {
      name: `${name}-https`,
      urlMap: this.urlMap.id,
      sslCertificates: [tls.certificateId],
      sslPolicy: tls.sslPolicyId,
    });
    this.forward('Https', `${name}-https`, address, '443', secure.id);
    const redirect = new ComputeUrlMap(this, 'Redirect', {
      name: `${name}-redirect`,
      defaultUrlRedirect: { httpsRedirect: true, redirectResponseCode: 'MOVED_PERMANENTLY_DEFAULT', stripQuery: false },
    });
    const plain = new ComputeTargetHttpProxy(this, 'HttpProxy', { name: `${name}-http`, urlMap: redirect.id });
    this.forward('Http', `${name}-http`, address, '80', plain.id);
  }

  private forward(id: string, name: string, ipAddress: string, portRange: string, target: string): void {
    new ComputeGlobalForwardingRule(this, id, { name, loadBalancingScheme: scheme, ipAddress, portRange, target });
  }
}
