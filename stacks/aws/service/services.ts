import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib/core';
import {
  FargateWebService,
  FargateWorker,
  routePriorities,
  ServiceAlarms,
  ServiceDownAlarm,
  type ServiceProps,
} from '../../../constructs/aws/index.js';
import { targetCheckLimits, within } from '../../../constructs/aws/limits/health-check-limits.js';
import { type PlacedWorkload, type ServiceSpec, workloadsOf } from '../../spec/index.js';
import type { FoundationStack } from '../foundation-stack.js';
import { ecsServiceName, pascalCase } from '../naming.js';
import { serviceNameOutput, serviceTargetGroupOutputs, serviceTaskDefinitionOutput } from '../outputs.js';
import type { StageContext } from '../stage-context.js';
import { grantApplication } from '../workloads/application-grants.js';
import type { ContainerVariables } from '../workloads/container-variables.js';
import { livenessCheck } from '../workloads/liveness-check.js';
import { workloadContainer } from '../workloads/workload-container.js';
import { rolloutOf } from './rollout.js';
import { scalingRules } from './scaling-rules.js';

/** What the parts of the service stack are made from. */
export interface ServiceParts {
  readonly stack: Stack;
  readonly context: StageContext;
  readonly foundation: FoundationStack;
  readonly variables: ContainerVariables;
}

/** A service that was made. */
export interface MadeService {
  readonly name: string;
  readonly service: ecs.FargateService;
  readonly targetGroups: readonly elbv2.ApplicationTargetGroup[];
  readonly alarms: readonly cloudwatch.IAlarm[];
}

/** Every service of the spec, with its scaling, alarms and outputs. */
export function stageServices(parts: ServiceParts): readonly MadeService[] {
  const { context } = parts;
  return workloadsOf(context.spec).flatMap((workload) => {
    const spec = workload.kind === 'service' ? context.spec.services[workload.name] : undefined;
    return spec === undefined ? [] : [stageService(parts, workload, spec)];
  });
}

function stageService(parts: ServiceParts, workload: PlacedWorkload, spec: ServiceSpec): MadeService {
  const { stack, context, foundation } = parts;
  const { name } = workload;
  const made =
    spec.port === undefined
      ? new FargateWorker(stack, `Service${pascalCase(name)}`, serviceProps(parts, workload, spec))
      : webService(parts, workload, { ...spec, port: spec.port });
  const targetGroups = made instanceof FargateWebService ? made.targetGroups : [];
  grantApplication(made.taskDefinition.taskRole, stack, context, foundation);
  const observed = { topic: foundation.topic, service: made.service, targetGroups };
  const { alarms } = new ServiceAlarms(stack, `Service${pascalCase(name)}Alarms`, {
    ...observed,
    minTasks: spec.scale.min,
  });
  // A service that may have no tasks is not down without them. Workers have their alarm on tasks above: two more alarms for each
  // of fifty would not fit into a stack.
  const isAlwaysUp = spec.scale.min > 0 && targetGroups.length > 0;
  const down = isAlwaysUp ? [new ServiceDownAlarm(stack, `Service${pascalCase(name)}Down`, observed).alarm] : [];
  new CfnOutput(stack, serviceNameOutput(name), { value: made.service.serviceName });
  new CfnOutput(stack, serviceTaskDefinitionOutput(name), { value: made.taskDefinition.taskDefinitionArn });
  for (const [index, output] of serviceTargetGroupOutputs(name).entries()) {
    const { targetGroupArn } = targetGroups[index] ?? {};
    if (targetGroupArn !== undefined) new CfnOutput(stack, output, { value: targetGroupArn });
  }
  return { name, service: made.service, targetGroups, alarms: [...down, ...alarms] };
}

function serviceProps(parts: ServiceParts, workload: PlacedWorkload, spec: ServiceSpec): ServiceProps {
  const { stack, context, foundation, variables } = parts;
  const { scope } = context;
  return {
    ...workloadContainer(stack, workload, { context, variables, foundation }),
    cluster: foundation.cluster.cluster,
    serviceName: ecsServiceName(scope, workload.name),
    securityGroup: foundation.taskSecurityGroup,
    vpcSubnets: foundation.network.appSubnets,
    minTasks: spec.scale.min,
    maxTasks: spec.scale.max,
    scaling: scalingRules(spec.scale, context, foundation),
    drain: Duration.seconds(spec.drain.seconds),
  };
}

function webService(
  parts: ServiceParts,
  workload: PlacedWorkload,
  spec: ServiceSpec & { readonly port: number },
): FargateWebService {
  const { stack, context, foundation } = parts;
  const { aws } = context;
  const { readiness, startupTimeout } = spec.health;
  const check = aws.containers.shell ? livenessCheck(spec.health, spec.port) : undefined;
  const { namespace } = foundation.cluster;
  const priorities = routePriorities(
    Object.values(context.spec.services).flatMap(({ routes }) => routes.map(({ path }) => path)),
  );
  return new FargateWebService(stack, `Service${pascalCase(workload.name)}`, {
    ...serviceProps(parts, workload, spec),
    port: spec.port,
    startupTimeout: Duration.seconds(startupTimeout.seconds),
    ...(check === undefined ? {} : { livenessCheck: check }),
    ...(namespace === undefined ? {} : { discovery: { namespace, name: workload.name } }),
    ...(foundation.loadBalancer === undefined || spec.routes.length === 0
      ? {}
      : {
          ingress: {
            loadBalancer: foundation.loadBalancer,
            routes: spec.routes.map(({ path }) => ({ path, priority: priorities.get(path) ?? 1 })),
          },
          rollout: rolloutOf(aws),
        }),
    ...(readiness === undefined
      ? {}
      : {
          readiness: {
            path: readiness.path,
            interval: Duration.seconds(intervalOf(readiness.interval.seconds, readiness.timeout.seconds)),
            timeout: Duration.seconds(within(targetCheckLimits.timeout, readiness.timeout.seconds)),
            failures: within(targetCheckLimits.failures, readiness.failures),
          },
        }),
  });
}

/** A check has to be over before the next one begins. */
function intervalOf(interval: number, timeout: number): number {
  return within(targetCheckLimits.interval, Math.max(interval, within(targetCheckLimits.timeout, timeout) + 1));
}
