import {
  AgentCluster,
  AgentNetwork,
  EncryptionKey,
  FargateWebService,
  namedSecret,
  PostgresInstance,
  PublicLoadBalancer,
} from 'agentctl/aws';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import { ContainerImage, Secret } from 'aws-cdk-lib/aws-ecs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

export interface ChatStackProps extends StackProps {
  /** By digest. */
  readonly image: string;
  /** Of an ACM certificate in the region of the stack. */
  readonly certificateArn: string;
}

/** An agent with a database of its own behind a load balancer, beside whatever else the team has in its app. */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, props: ChatStackProps) {
    super(scope, id, props);
    const { key } = new EncryptionKey(this, 'Key');
    const network = new AgentNetwork(this, 'Network', { encryptionKey: key });
    const { vpc } = network;

    // Made beforehand: {"username": "chat", "password": "…"}.
    const secretName = 'chat/postgres';
    const postgres = new PostgresInstance(this, 'Postgres', {
      vpc,
      vpcSubnets: network.dataSubnets,
      encryptionKey: key,
      secretName,
      username: 'chat',
      databaseName: 'chat',
      instanceClass: 'db.t4g.medium',
    });

    const { cluster } = new AgentCluster(this, 'Cluster', { vpc });
    const loadBalancer = new PublicLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: network.publicSubnets,
      certificateArn: props.certificateArn,
      hostName: 'chat.example.com',
    });
    const credentials = namedSecret(this, 'Credentials', { name: secretName });
    const host = new StringParameter(this, 'DatabaseHost', { stringValue: postgres.host });
    const service = new FargateWebService(this, 'Service', {
      cluster,
      serviceName: 'chat',
      vpcSubnets: network.appSubnets,
      image: ContainerImage.fromRegistry(props.image),
      port: 8000,
      environment: {
        PGHOST: Secret.fromSsmParameter(host),
        PGUSER: Secret.fromSecretsManager(credentials, 'username'),
        PGPASSWORD: Secret.fromSecretsManager(credentials, 'password'),
      },
      ingress: { loadBalancer, routes: [{ path: '/', priority: 1 }] },
      readiness: { path: '/health' },
      minTasks: 2,
      maxTasks: 6,
      drain: Duration.minutes(2),
    });
    postgres.connections.allowDefaultPortFrom(service);

    new CfnOutput(this, 'Url', { value: loadBalancer.url });
  }
}
