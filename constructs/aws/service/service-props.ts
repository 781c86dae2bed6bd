import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import type { Duration } from 'aws-cdk-lib/core';
import type { ContainerProps } from './container-props.js';
import type { ScalingRule } from './scaling/scaling-rule.js';

/** Where a service is found by others inside the network: `<name>.<zone>`. */
export interface DiscoveryProps {
  readonly namespace: cloudmap.INamespace;
  readonly name: string;
}

/** What every service is, public or not. */
export interface ServiceProps extends ContainerProps {
  readonly cluster: ecs.ICluster;
  /** Name of the service; the names of its deployment alarms begin with it. */
  readonly serviceName: string;
  /** Network access of the tasks. @default - a group of its own that may reach everything */
  readonly securityGroup?: ec2.ISecurityGroup;
  /** Where tasks run. @default - the private subnets that can reach the internet */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** Fewest tasks. @default 2 */
  readonly minTasks?: number;
  /** Most tasks. @default - the same as `minTasks` */
  readonly maxTasks?: number;
  /** What adds and removes tasks between `minTasks` and `maxTasks`. @default - CPU at 60 % when there is room to scale */
  readonly scaling?: readonly ScalingRule[];
  /** Time that work in flight gets to finish. @default 30 s */
  readonly drain?: Duration;
  /** Command in the container that fails when the process has to be restarted. @default - restarted only when it exits */
  readonly livenessCheck?: ecs.HealthCheck;
}
