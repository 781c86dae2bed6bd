import {
  CloudRunWebService,
  CloudRunWorker,
  type PooledContainerProps,
  type PoolerProps,
  ServiceAlerts,
} from '../../../constructs/gcp/index.js';
import {
  type PlacedWorkload,
  poolerConnections,
  reservedConnections,
  serverConnections,
  type ServiceSpec,
  workloadsOf,
} from '../../spec/index.js';
import { environmentOn, generatedUser } from '../environment.js';
import { generatedSecretName, pascalCase, revisionSuffix, workloadName } from '../naming.js';
import { serviceNameOutput, serviceRevisionOutput } from '../outputs.js';
import { hasPooler, usesDatabase } from '../references.js';
import { workloadContainer, workloadImage, type WorkloadParts } from '../workloads/workload-container.js';

/** A service that was made. */
export interface MadeService {
  readonly name: string;
  /** On Cloud Run. */
  readonly serviceName: string;
  readonly hasRequests: boolean;
  readonly paths: readonly string[];
}

/** What the parts of the service stack are made from. */
export interface ServiceParts extends WorkloadParts {
  /** Ids of notification channels. */
  readonly channels: readonly string[];
}

/** Every service of the spec, with its alerts and outputs. */
export function stageServices(parts: ServiceParts): readonly MadeService[] {
  const { context } = parts;
  return workloadsOf(context.spec).flatMap((workload) => {
    const spec = workload.kind === 'service' ? context.spec.services[workload.name] : undefined;
    return spec === undefined ? [] : [stageService(parts, workload, spec)];
  });
}

function stageService(parts: ServiceParts, workload: PlacedWorkload, spec: ServiceSpec): MadeService {
  const { stack, context, channels } = parts;
  const { name } = workload;
  const serviceName = workloadName(context.scope, name);
  const revision = revisionOf(parts, workload, spec);
  const props = {
    ...workloadContainer(parts, workload),
    ...poolerOf(parts, workload),
    ...(revision === undefined ? {} : { revisionSuffix: revision }),
  };
  const id = `Service${pascalCase(name)}`;
  if (spec.port === undefined)
    new CloudRunWorker(stack, id, { ...props, workerName: serviceName, instances: spec.scale.min });
  else webService(parts, id, { ...props, serviceName, port: spec.port }, spec);
  const hasRequests = spec.port !== undefined;
  new ServiceAlerts(stack, `${id}Alerts`, { serviceName, hasRequests, channels });
  stack.output(serviceNameOutput(name), serviceName);
  stack.output(serviceRevisionOutput(name), revision && `${serviceName}-${revision}`);
  return { name, serviceName, hasRequests, paths: spec.routes.map(({ path }) => path) };
}

type WebServiceProps = PooledContainerProps & {
  readonly serviceName: string;
  readonly port: number;
  readonly revisionSuffix?: string;
};

/** Cloud Run, "Set request timeout": what it is without a word, and at most. */
const requestTimeouts = { byDefault: 300, most: 3600 } as const;

function webService({ stack, context }: ServiceParts, id: string, props: WebServiceProps, spec: ServiceSpec): void {
  const { readiness, liveness, startupTimeout } = spec.health;
  const { min, max, connections } = spec.scale;
  new CloudRunWebService(stack, id, {
    ...props,
    reachedFrom: spec.routes.length > 0 ? 'load-balancer' : 'internal',
    minInstances: min,
    maxInstances: max,
    startupTimeoutSeconds: startupTimeout.seconds,
    // A request may last as long as what is drained.
    requestTimeoutSeconds: Math.min(Math.max(spec.drain.seconds, requestTimeouts.byDefault), requestTimeouts.most),
    ...(connections === undefined ? {} : { concurrency: connections }),
    ...(readiness === undefined ? {} : { readinessPath: readiness.path }),
    ...(liveness === undefined
      ? {}
      : {
          liveness: {
            path: liveness.path,
            periodSeconds: liveness.interval.seconds,
            timeoutSeconds: liveness.timeout.seconds,
            failureThreshold: liveness.failures,
            initialDelaySeconds: Math.min(liveness.initialDelay.seconds, 240),
          },
        }),
    deletionProtection: context.protect,
  });
}

/** Everything that a revision is, so that another content has another name. */
function revisionOf({ context }: ServiceParts, workload: PlacedWorkload, spec: ServiceSpec): string | undefined {
  if (context.release === null) return undefined;
  const entries = environmentOn(context, workload);
  const versions = Object.values(entries).map((entry) => (entry.kind === 'plain' ? '' : context.versionOf(entry.name)));
  return revisionSuffix(context.release, [spec, context.gcp, entries, versions, workloadImage(context, workload)]);
}

/**
 * PgBouncer beside the container, with its share of the connections: two revisions serve at once while a release is rolled
 * out, so that each instance gets half of what all that connect could have, those past a pooler too.
 */
function poolerOf({ context, foundation }: ServiceParts, workload: PlacedWorkload): { readonly pooler?: PoolerProps } {
  const { spec, scope } = context;
  const { postgres } = spec;
  if (postgres?.kind !== 'managed' || !hasPooler(spec, workload)) return {};
  const accepted = postgres.maxConnections ?? serverConnections[postgres.size];
  const instances = workloadsOf(spec).reduce((sum, each) => {
    const service = each.kind === 'service' && usesDatabase(spec, each) ? spec.services[each.name] : undefined;
    return sum + ((service?.port === undefined ? service?.scale.min : service.scale.max) ?? 0);
  }, 0);
  const secret = generatedSecretName(scope, 'postgres');
  return {
    pooler: {
      host: foundation.get('PostgresHost'),
      // As the construct has it: a number, not a reference.
      port: 5432,
      username: generatedUser,
      databaseName: postgres.database,
      password: { secret, version: context.versionOf(secret) },
      serverConnections: Math.max(1, Math.floor((accepted - reservedConnections) / (2 * Math.max(instances, 1)))),
      clientConnections: poolerConnections[postgres.size],
    },
  };
}
