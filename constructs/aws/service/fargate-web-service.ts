import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';
import { containerTask } from './container-task.js';
import { assertRoutes, type IngressProps, listenerRules } from './listener-rules.js';
import { attachTargetGroups } from './rollout/attach-target-groups.js';
import { countFailedTasks } from './rollout/count-failed-tasks.js';
import { deploymentAlarms } from './rollout/deployment-alarms.js';
import { deploymentSettings } from './rollout/deployment-settings.js';
import type { Rollout } from './rollout/rollout.js';
import type { DiscoveryProps, ServiceProps } from './service-props.js';
import { desiredCount, scaleService, taskRange } from './service-scaling.js';
import { type ReadinessProps, serviceTargetGroup } from './service-target-group.js';
import { stopTimeout } from './stop-timeout.js';
import { taskNetwork } from './task-network.js';
import { waitForPermissions } from './wait-for-permissions.js';

/** Props of {@link FargateWebService}. */
export interface FargateWebServiceProps extends ServiceProps {
  /** Port the container listens on. */
  readonly port: number;
  /** Public routes. @default - not public */
  readonly ingress?: IngressProps;
  /** Name inside the network. @default - none */
  readonly discovery?: DiscoveryProps;
  /** Check of the load balancer; needed with `ingress`. @default - none */
  readonly readiness?: ReadinessProps;
  /** Time a new task has to become ready before its checks count. @default 120 s */
  readonly startupTimeout?: Duration;
  /** How a new revision replaces the old one. @default rolling */
  readonly rollout?: Rollout;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Containers that answer HTTP: public behind paths of a load balancer, or under a name inside the network, or both. */
export class FargateWebService extends Construct implements ec2.IConnectable {
  readonly service: ecs.FargateService;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logGroup: logs.ILogGroup;
  /** Two when a rollout shifts traffic, none when the service is not public. */
  readonly targetGroups: readonly elbv2.ApplicationTargetGroup[];
  /** None when `minTasks` is `maxTasks`. */
  readonly scalableTarget: appscaling.ScalableTarget | undefined;
  /** Alarms that bring the old tasks back while a new revision rolls out; none when the service is not public. */
  readonly deploymentAlarms: readonly cloudwatch.Alarm[];
  /** URL inside the network; none without `discovery`. */
  readonly internalUrl: string | undefined;
  readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: FargateWebServiceProps) {
    super(scope, id);
    assertWebService(this, props);
    const { cluster, serviceName, port, ingress, discovery } = props;
    const {
      rollout = { kind: 'rolling' },
      drain = Duration.seconds(30),
      startupTimeout = Duration.seconds(120),
    } = props;
    const range = taskRange(this, props);
    ({
      taskDefinition: this.taskDefinition,
      container: this.container,
      logGroup: this.logGroup,
    } = containerTask(this, props, {
      name: serviceName,
      port,
      stopTimeout: stopTimeout(drain),
      ...(props.livenessCheck === undefined ? {} : { livenessCheck: props.livenessCheck }),
    }));
    this.targetGroups = this.newTargetGroups(props, rollout, drain);
    const rules = ingress === undefined ? [] : listenerRules(this, ingress, this.targetGroups);
    this.deploymentAlarms = deploymentAlarms(this, serviceName, this.targetGroups);
    this.service = new ecs.FargateService(this, 'Service', {
      cluster,
      serviceName,
      taskDefinition: this.taskDefinition,
      ...taskNetwork(this, props),
      ...desiredCount(range),
      ...deploymentSettings(rollout),
      ...(ingress === undefined ? {} : { healthCheckGracePeriod: startupTimeout }),
      ...(discovery === undefined ? {} : { cloudMapOptions: cloudMapOptions(discovery) }),
      ...(this.deploymentAlarms.length === 0
        ? {}
        : {
            deploymentAlarms: {
              alarmNames: this.deploymentAlarms.map((alarm) => alarm.alarmName),
              behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
            },
          }),
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    if (rollout.kind === 'rolling') countFailedTasks(this.service, rollout);
    waitForPermissions(this.service);
    this.connections = this.service.connections;
    attachTargetGroups({ service: this.service, port, targetGroups: this.targetGroups, rules });
    if (discovery !== undefined)
      for (const group of this.connections.securityGroups)
        group.addIngressRule(group, ec2.Port.tcp(port), 'Tasks of the same group');
    this.internalUrl = discovery && `http://${discovery.name}.${discovery.namespace.namespaceName}:${port}`;
    this.scalableTarget = scaleService(this, {
      service: this.service,
      range,
      scaling: props.scaling,
      targetGroups: this.targetGroups,
      loadBalancer: ingress?.loadBalancer.loadBalancer,
    });
    applyTransform(this, props.transform);
  }

  private newTargetGroups(
    { cluster, ingress, readiness, port }: FargateWebServiceProps,
    rollout: Rollout,
    drain: Duration,
  ): readonly elbv2.ApplicationTargetGroup[] {
    if (ingress === undefined || readiness === undefined) return [];
    const ids = rollout.kind === 'rolling' ? ['TargetGroup'] : ['TargetGroup', 'AlternateTargetGroup'];
    return ids.map((id) => serviceTargetGroup(this, id, { vpc: cluster.vpc, port, readiness, drain }));
  }
}

/** An address is forgotten after ten seconds, so that callers find new tasks soon. */
function cloudMapOptions({ namespace, name }: DiscoveryProps): ecs.CloudMapOptions {
  return {
    cloudMapNamespace: namespace,
    name,
    dnsRecordType: cloudmap.DnsRecordType.A,
    dnsTtl: Duration.seconds(10),
  };
}

/** Longest deregistration delay of a target group. */
const longestDrainSeconds = 3600;

function assertWebService(scope: Construct, props: FargateWebServiceProps): void {
  const { ingress, discovery, readiness, port, minTasks, rollout, drain } = props;
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw constructError(scope, `port is ${port}, not a whole number from 1 to 65535`);
  if (ingress === undefined && discovery === undefined)
    throw constructError(scope, 'nobody can reach it: give it ingress, discovery or both');
  if (ingress !== undefined) assertRoutes(scope, ingress);
  if (ingress !== undefined && readiness === undefined)
    throw constructError(scope, 'ingress needs readiness, a path that answers 200 when a task can serve');
  if (minTasks === 0) throw constructError(scope, 'minTasks is 0; a load balancer cannot wake a service without tasks');
  if (rollout !== undefined && rollout.kind !== 'rolling' && ingress === undefined)
    throw constructError(
      scope,
      `rollout ${rollout.kind} shifts traffic of a load balancer; without ingress it is rolling`,
    );
  if (drain !== undefined && drain.toSeconds() > longestDrainSeconds)
    throw constructError(
      scope,
      `drain is ${drain.toSeconds()} s; a load balancer waits ${longestDrainSeconds} s at most`,
    );
}
