import type { Construct } from 'constructs';
import { AgentDashboard } from '../../constructs/gcp/index.js';
import { AgentStack } from './agent-stack.js';
import { FoundationOutputsReader } from './foundation-outputs-reader.js';
import { foundationName, redisName } from './naming.js';
import { stageLoadBalancer } from './service/load-balancer.js';
import { stageSchedules } from './service/schedules.js';
import { type MadeService, type ServiceParts, stageServices } from './service/services.js';
import type { StageContext } from './stage-context.js';
import { foundationNetwork } from './workloads/foundation-network.js';

/** What changes with every release: services, schedules, the way to them, alerts and dashboard. */
export class ServiceStack extends AgentStack {
  constructor(scope: Construct, context: StageContext) {
    super(scope, 'service', context);
    const foundation = new FoundationOutputsReader(this, context);
    const network = foundationNetwork(this, context, foundation);
    const hasAlarms = context.spec.observability.alarms.email !== undefined;
    const channels = hasAlarms ? [foundation.get('AlertChannel')] : [];
    const parts: ServiceParts = { stack: this, context, foundation, network, channels };
    const services = stageServices(parts);
    stageSchedules(parts);
    stageLoadBalancer(parts, services);
    stageDashboard(parts, services);
  }
}

function stageDashboard(
  { stack, context, foundation }: ServiceParts,
  services: readonly MadeService[],
): AgentDashboard {
  const { spec, scope, gcp } = context;
  const { project, region } = gcp;
  const database = spec.postgres?.kind === 'managed' ? foundation.get('PostgresInstanceId') : undefined;
  const { namespace, custom } = spec.observability.metrics;
  return new AgentDashboard(stack, 'Dashboard', {
    displayName: foundationName(scope),
    services,
    ...(database === undefined ? {} : { databaseId: `${project}:${database}` }),
    ...(spec.cache?.kind === 'managed'
      ? { cacheInstanceId: `projects/${project}/locations/${region}/instances/${redisName(scope, 'cache')}` }
      : {}),
    ...(namespace === undefined
      ? {}
      : { customMetrics: custom.map((metric) => `custom.googleapis.com/${namespace}/${metric}`) }),
  });
}
