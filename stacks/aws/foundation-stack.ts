import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  AgentCluster,
  type AgentNetwork,
  AlertTopic,
  CertificateAlarms,
  EncryptionKey,
  NetworkAlarms,
  type PublicLoadBalancer,
  ServiceEvents,
} from '../../constructs/aws/index.js';
import { type FoundationData, foundationData } from './foundation/data.js';
import { addFoundationOutputs } from './foundation/foundation-outputs.js';
import { foundationLoadBalancer } from './foundation/load-balancer.js';
import { foundationNetwork, taskSecurityGroup } from './foundation/network.js';
import { pinExports } from './foundation/pin-exports.js';
import { foundationRegistry } from './foundation/registry.js';
import { logRetention } from './log-retention.js';
import { privateZone } from './naming.js';
import type { StageContext } from './stage-context.js';

/** What lives as long as the stage does: network, key, data, registry, load balancer, cluster, alerts, backups. */
export class FoundationStack extends Stack {
  readonly network: AgentNetwork;
  readonly key: kms.IKey;
  readonly cluster: AgentCluster;
  readonly taskSecurityGroup: ec2.SecurityGroup;
  /** Of every container; its streams begin with the name of the workload. */
  readonly logGroup: logs.LogGroup;
  readonly topic: sns.ITopic;
  readonly data: FoundationData;
  /** Undefined when nothing answers from outside. */
  readonly loadBalancer: PublicLoadBalancer | undefined;

  constructor(scope: Construct, id: string, context: StageContext, props: StackProps) {
    super(scope, id, props);
    const { spec } = context;
    const { key } = new EncryptionKey(this, 'Key', { description: `Data of ${context.scope.name}, ${context.stage}` });
    this.key = key;
    this.network = foundationNetwork(this, context, key);
    this.taskSecurityGroup = taskSecurityGroup(this, context, this.network);
    this.cluster = new AgentCluster(this, 'Cluster', {
      vpc: this.network.vpc,
      namespaceName: privateZone(context.scope),
    });
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logRetention(spec.observability.logs.retention),
      encryptionKey: key,
    });
    const { email } = spec.observability.alarms;
    this.topic = new AlertTopic(this, 'Alerts', {
      encryptionKey: key,
      ...(email === undefined ? {} : { email }),
    }).topic;
    new ServiceEvents(this, 'ServiceEvents', { topic: this.topic, cluster: this.cluster.cluster });
    const registry = foundationRegistry(this, context, key);
    this.loadBalancer = foundationLoadBalancer(this, context, this.network, key);
    const { topic, network, loadBalancer } = this;
    new NetworkAlarms(this, 'NetworkAlarms', { topic, natGatewayIds: network.natGatewayIds });
    if (loadBalancer?.certificate !== undefined)
      new CertificateAlarms(this, 'CertificateAlarms', { topic, certificate: loadBalancer.certificate });
    this.data = foundationData({
      stack: this,
      context,
      network: this.network,
      key,
      taskSecurityGroup: this.taskSecurityGroup,
      topic: this.topic,
      cluster: this.cluster,
      logGroup: this.logGroup,
    });
    addFoundationOutputs(this, context, registry.uri);
    pinExports(this);
  }
}
