import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link AgentCluster}. */
export interface AgentClusterProps {
  readonly vpc: ec2.IVpc;
  /** Name of the cluster. @default - CloudFormation makes one */
  readonly clusterName?: string;
  /** What Container Insights measures: per task (`ENHANCED`), per service (`ENABLED`), or nothing. @default ENHANCED */
  readonly containerInsights?: ecs.ContainerInsights;
  /** Private DNS zone in which services find each other, such as `support-agent.internal`. @default - no zone */
  readonly namespaceName?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Where tasks run: Fargate and Fargate Spot, measured, with a private DNS zone for what is not public. */
export class AgentCluster extends Construct {
  readonly cluster: ecs.Cluster;
  /** Where private services are registered; none without `namespaceName`. */
  readonly namespace: cloudmap.PrivateDnsNamespace | undefined;

  constructor(scope: Construct, id: string, props: AgentClusterProps) {
    super(scope, id);
    const { vpc, clusterName, namespaceName, containerInsights = ecs.ContainerInsights.ENHANCED } = props;
    if (namespaceName?.includes('.') === false) {
      throw constructError(this, `namespaceName is "${namespaceName}"; use a DNS zone such as agent.internal`);
    }
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      vpc,
      ...(clusterName === undefined ? {} : { clusterName }),
      containerInsightsV2: containerInsights,
      enableFargateCapacityProviders: true,
    });
    this.namespace =
      namespaceName === undefined
        ? undefined
        : new cloudmap.PrivateDnsNamespace(this, 'Namespace', { vpc, name: namespaceName });
    applyTransform(this, props.transform);
  }
}
