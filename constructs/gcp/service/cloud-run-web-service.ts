import { CloudRunV2Service } from '@cdktf/provider-google/lib/cloud-run-v2-service/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { applyTransform, type Transform } from '../transform.js';
import type { PooledContainerProps } from './container-props.js';
import { containerTemplate, vpcAccess } from './container-template.js';
import { poolerContainer, poolerProbe, poolerProblems, poolerTemplate } from './pooler-container.js';
import { revisionProblem, serviceNameProblem } from './service-name.js';

/** An HTTP request that tells how an instance is. */
export interface HttpProbe {
  readonly path: string;
  /** @default 10 */
  readonly periodSeconds?: number;
  /** At most `periodSeconds`. @default 5 */
  readonly timeoutSeconds?: number;
  /** @default 3 */
  readonly failureThreshold?: number;
  /** @default 0 */
  readonly initialDelaySeconds?: number;
}

/** Props of {@link CloudRunWebService}. */
export interface CloudRunWebServiceProps extends PooledContainerProps {
  /** 1 to 49 lower-case letters, digits and hyphens. */
  readonly serviceName: string;
  /** Port the container listens on. */
  readonly port: number;
  /** `load-balancer`: public through one. `internal`: from within the VPC only. */
  readonly reachedFrom: 'load-balancer' | 'internal';
  /** Answers once an instance can serve. @default the port is open */
  readonly readinessPath?: string;
  /** Seconds an instance has to become ready, up to 240. @default 120 */
  readonly startupTimeoutSeconds?: number;
  /** An instance that fails it is replaced. @default none */
  readonly liveness?: HttpProbe;
  /** @default 1 */
  readonly minInstances?: number;
  /** @default the same as `minInstances`, and 1 at least */
  readonly maxInstances?: number;
  /** Requests that one instance handles at a time, 1 to 1000. @default 80 */
  readonly concurrency?: number;
  /** Longest request or stream, up to 3600 seconds. @default 300 */
  readonly requestTimeoutSeconds?: number;
  /** What the revision is called behind the name of the service. @default Cloud Run makes one up */
  readonly revisionSuffix?: string;
  /** Terraform refuses to destroy it. @default true */
  readonly deletionProtection?: boolean;
  /** @default none */
  readonly transform?: Transform;
}

/** Seconds between two checks of an instance that starts. */
const startupPeriodSeconds = 5;

/**
 * Containers that answer HTTP on Cloud Run, in the VPC. Terraform says what a revision is, image included; which revision
 * gets the traffic is said by whoever rolls out (`gcloud run services update-traffic`): after the first one, Terraform leaves
 * it alone, so that a new revision serves nobody until it was looked at.
 */
export class CloudRunWebService extends Construct {
  readonly service: CloudRunV2Service;
  readonly serviceName: string;

  constructor(scope: Construct, id: string, props: CloudRunWebServiceProps) {
    super(scope, id);
    const { minInstances = 1, maxInstances = Math.max(minInstances, 1), concurrency = 80, pooler } = props;
    assertProps(this, serviceProblems(props, { minInstances, maxInstances, concurrency }));
    this.serviceName = props.serviceName;
    const container = containerTemplate(this, props);
    if (pooler !== undefined) props.identity.grantSecret(pooler.password.secret);
    // More processes than a request uses: streams and background tasks go on between requests.
    const always = { cpuIdle: false, startupCpuBoost: true };
    this.service = new CloudRunV2Service(this, 'Service', {
      name: props.serviceName,
      location: props.region,
      ingress:
        props.reachedFrom === 'load-balancer'
          ? 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'
          : 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      // Who may connect is said by ingress; a binding for allUsers is forbidden in many organizations.
      invokerIamDisabled: true,
      deletionProtection: props.deletionProtection ?? true,
      launchStage: 'GA',
      template: {
        serviceAccount: props.identity.email,
        timeout: `${props.requestTimeoutSeconds ?? 300}s`,
        maxInstanceRequestConcurrency: concurrency,
        executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
        sessionAffinity: true,
        scaling: { minInstanceCount: minInstances, maxInstanceCount: maxInstances },
        vpcAccess: vpcAccess(props),
        ...(props.labels === undefined ? {} : { labels: { ...props.labels } }),
        ...(props.revisionSuffix === undefined ? {} : { revision: `${props.serviceName}-${props.revisionSuffix}` }),
        containers: [
          {
            ...container,
            ports: { containerPort: props.port },
            resources: { ...container.resources, ...always },
            startupProbe: startupProbe(props),
            ...(props.liveness === undefined ? {} : { livenessProbe: livenessProbe(props.liveness, props.port) }),
            ...(pooler === undefined ? {} : { dependsOn: [poolerContainer] }),
          },
          ...(pooler === undefined ? [] : [pooledBeside(pooler)]),
        ],
      },
      traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
      lifecycle: { ignoreChanges: ['traffic', 'client', 'client_version'] },
      dependsOn: [...props.identity.grants],
    });
    applyTransform(this, props.transform);
  }
}

function pooledBeside(pooler: NonNullable<CloudRunWebServiceProps['pooler']>) {
  const template = poolerTemplate(pooler);
  return { ...template, resources: { ...template.resources, cpuIdle: false }, startupProbe: poolerProbe };
}

/** In all, an instance has the time until it counts as failed; the connection to the VPC alone can take a minute. */
function startupProbe({ port, readinessPath, startupTimeoutSeconds = 120 }: CloudRunWebServiceProps) {
  return {
    ...(readinessPath === undefined ? { tcpSocket: { port } } : { httpGet: { path: readinessPath, port } }),
    periodSeconds: startupPeriodSeconds,
    timeoutSeconds: startupPeriodSeconds - 1,
    failureThreshold: Math.ceil(startupTimeoutSeconds / startupPeriodSeconds),
  };
}

function livenessProbe(probe: HttpProbe, port: number) {
  return {
    httpGet: { path: probe.path, port },
    periodSeconds: probe.periodSeconds ?? 10,
    timeoutSeconds: probe.timeoutSeconds ?? 5,
    failureThreshold: probe.failureThreshold ?? 3,
    initialDelaySeconds: probe.initialDelaySeconds ?? 0,
  };
}

/** What the Cloud Run API refuses although the provider plans it; Cloud Run, "Configure container health checks". */
function serviceProblems(
  props: CloudRunWebServiceProps,
  {
    minInstances,
    maxInstances,
    concurrency,
  }: Required<Pick<CloudRunWebServiceProps, 'minInstances' | 'maxInstances' | 'concurrency'>>,
): readonly (string | false)[] {
  const { port, startupTimeoutSeconds = 120, requestTimeoutSeconds = 300, liveness, readinessPath } = props;
  const { periodSeconds = 10, timeoutSeconds = 5, initialDelaySeconds = 0 } = liveness ?? {};
  return [
    serviceNameProblem(props.serviceName, 'serviceName'),
    revisionProblem(props.serviceName, props.revisionSuffix),
    !isWholeNumber(port, 1, 65_535) && `port is ${port}, not a whole number from 1 to 65535`,
    [readinessPath, liveness?.path].some((path) => path !== undefined && !path.startsWith('/')) &&
      'the path of a check does not begin with /',
    !isWholeNumber(startupTimeoutSeconds, 1, 240) && `startupTimeoutSeconds is ${startupTimeoutSeconds}, not 1 to 240`,
    !isWholeNumber(requestTimeoutSeconds, 1, 3600) &&
      `requestTimeoutSeconds is ${requestTimeoutSeconds}, not 1 to 3600`,
    !isWholeNumber(concurrency, 1, 1000) && `concurrency is ${concurrency}, not 1 to 1000`,
    !isWholeNumber(minInstances, 0, 1000) && `minInstances is ${minInstances}, not a whole number from 0 to 1000`,
    maxInstances < Math.max(minInstances, 1) && `maxInstances is ${maxInstances}, fewer than minInstances or 1`,
    timeoutSeconds > periodSeconds &&
      `liveness.timeoutSeconds ${timeoutSeconds} is longer than the ${periodSeconds} s between two checks`,
    !isWholeNumber(periodSeconds, 1, 3600) && `liveness.periodSeconds is ${periodSeconds}, not 1 to 3600`,
    !isWholeNumber(initialDelaySeconds, 0, 240) &&
      `liveness.initialDelaySeconds is ${initialDelaySeconds}, not 0 to 240`,
    ...poolerProblems(props.pooler),
  ];
}
