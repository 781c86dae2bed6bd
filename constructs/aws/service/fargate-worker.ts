import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { containerTask } from './container-task.js';
import { countFailedTasks } from './rollout/count-failed-tasks.js';
import { deploymentSettings } from './rollout/deployment-settings.js';
import type { RollingRollout } from './rollout/rollout.js';
import type { ServiceProps } from './service-props.js';
import { desiredCount, scaleService, taskRange } from './service-scaling.js';
import { stopTimeout } from './stop-timeout.js';
import { taskNetwork } from './task-network.js';
import { waitForPermissions } from './wait-for-permissions.js';

/** Props of {@link FargateWorker}. */
export interface FargateWorkerProps extends ServiceProps {
  /** Run on spare capacity that AWS takes back with two minutes' notice. @default false */
  readonly spot?: boolean;
  /** How a new revision replaces the old one. @default rolling */
  readonly rollout?: RollingRollout;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Containers that take work from a queue and answer nobody. */
export class FargateWorker extends Construct implements ec2.IConnectable {
  readonly service: ecs.FargateService;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logGroup: logs.ILogGroup;
  /** None when `minTasks` is `maxTasks`. */
  readonly scalableTarget: appscaling.ScalableTarget | undefined;
  readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: FargateWorkerProps) {
    super(scope, id);
    const { cluster, serviceName, drain = Duration.seconds(30), rollout = { kind: 'rolling' } } = props;
    const range = taskRange(this, props);
    ({
      taskDefinition: this.taskDefinition,
      container: this.container,
      logGroup: this.logGroup,
    } = containerTask(this, props, {
      name: serviceName,
      stopTimeout: stopTimeout(drain),
      ...(props.livenessCheck === undefined ? {} : { livenessCheck: props.livenessCheck }),
    }));
    this.service = new ecs.FargateService(this, 'Service', {
      cluster,
      serviceName,
      taskDefinition: this.taskDefinition,
      ...taskNetwork(this, props),
      ...desiredCount(range),
      ...deploymentSettings(rollout),
      ...(props.spot === true ? { capacityProviderStrategies: spareCapacity } : {}),
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    countFailedTasks(this.service, rollout);
    waitForPermissions(this.service);
    this.connections = this.service.connections;
    this.scalableTarget = scaleService(this, {
      service: this.service,
      range,
      scaling: props.scaling,
      targetGroups: [],
      loadBalancer: undefined,
    });
    applyTransform(this, props.transform);
  }
}

/** The first task is never taken back; the others run on spare capacity. */
const spareCapacity: ecs.CapacityProviderStrategy[] = [
  { capacityProvider: 'FARGATE', base: 1, weight: 0 },
  { capacityProvider: 'FARGATE_SPOT', weight: 1 },
];
