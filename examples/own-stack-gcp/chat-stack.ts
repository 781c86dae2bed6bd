import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import {
  AgentNetwork,
  CloudRunWebService,
  ephemeralValue,
  PostgresInstance,
  ProjectServices,
  PublicAddress,
  PublicLoadBalancer,
  WorkloadIdentity,
  WriteOnlySecret,
} from 'agentctl/gcp';
import { GcsBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

export interface ChatStackProps {
  readonly project: string;
  readonly region: string;
  /** By digest. */
  readonly image: string;
  readonly hostName: string;
}

/** An agent with a database of its own behind a load balancer, beside whatever else the team has in its app. */
export class ChatStack extends TerraformStack {
  constructor(scope: Construct, id: string, { project, region, image, hostName }: ChatStackProps) {
    super(scope, id);
    // Made beforehand.
    new GcsBackend(this, { bucket: `${project}-terraform`, prefix: id });
    new GoogleProvider(this, 'google', { project, region });
    const apis = new ProjectServices(this, 'Apis', {
      services: ['compute', 'dns', 'iam', 'run', 'secretmanager', 'servicenetworking', 'sqladmin'],
    });
    const network = new AgentNetwork(this, 'Network', { project, region, name: 'chat' });

    // `TF_VAR_postgres_password=… terraform apply`: neither the plan nor the state has it.
    const password = ephemeralValue(this, {
      name: 'postgres_password',
      description: 'Of the user of the database; raise the version to write another one',
      version: 1,
    });
    const postgres = new PostgresInstance(this, 'Postgres', {
      project,
      region,
      network,
      instanceName: 'chat',
      password,
      username: 'chat',
      databaseName: 'chat',
      tier: 'db-custom-2-4096',
      maxConnections: 100,
    });
    const secret = new WriteOnlySecret(this, 'Password', { secretId: 'chat-postgres', value: password, region });

    const service = new CloudRunWebService(this, 'Service', {
      region,
      network,
      identity: new WorkloadIdentity(this, 'Identity', { project, accountId: 'chat-service' }),
      serviceName: 'chat',
      image,
      port: 8000,
      reachedFrom: 'load-balancer',
      readinessPath: '/health',
      environment: {
        PGHOST: postgres.host,
        PGUSER: postgres.username,
        PGSSLMODE: 'require',
        PGPASSWORD: secret.reference,
      },
      minInstances: 2,
      maxInstances: 6,
    });
    const address = new PublicAddress(this, 'Address', { name: 'chat', hostName });
    new PublicLoadBalancer(this, 'LoadBalancer', {
      region,
      name: 'chat',
      address: address.address.address,
      securityPolicyId: address.securityPolicy.policy.id,
      services: [{ id: 'chat', serviceName: service.serviceName, paths: ['/'] }],
      ...(address.certificate === undefined || address.sslPolicy === undefined
        ? {}
        : { tls: { certificateId: address.certificate.id, sslPolicyId: address.sslPolicy.id } }),
    });
    apis.guard(this);

    new TerraformOutput(this, 'Url', { value: address.url });
  }
}
