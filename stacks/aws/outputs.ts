import * as z from 'zod';
import { pascalCase, type StageScope, stackName } from './naming.js';

const port = z.string().regex(/^\d+$/).transform(Number);

/** Outputs of the foundation stack. A part that the spec does not have has no output. */
export const foundationOutputsSchema = z.object({
  ClusterName: z.string(),
  TaskSecurityGroupId: z.string(),
  /** Private subnets with a way out, in which every task runs. */
  AppSubnetIds: z.string().transform((ids) => ids.split(',')),
  LogGroupName: z.string(),
  RepositoryUri: z.string(),
  AlertTopicArn: z.string(),
  /** Where the public services answer, with scheme. */
  Url: z.string().optional(),
  LoadBalancerDns: z.string().optional(),
  PostgresHost: z.string().optional(),
  PostgresPort: port.optional(),
  PostgresInstanceId: z.string().optional(),
  PoolerHost: z.string().optional(),
  PoolerServiceName: z.string().optional(),
  SearchEndpoint: z.string().optional(),
  CacheHost: z.string().optional(),
  CachePort: port.optional(),
  /** A Valkey of the queue’s own, when the queue is on Redis and there is no cache. */
  QueueHost: z.string().optional(),
  QueuePort: port.optional(),
  /** The SQS queue. */
  QueueUrl: z.string().optional(),
  /** `host:port` of RabbitMQ, which speaks AMQP over TLS there. */
  BrokerEndpoint: z.string().optional(),
  BackupBucket: z.string().optional(),
  /** ARN of the task definition that dumps the database. */
  DumpTaskDefinition: z.string().optional(),
});

/** Outputs of the foundation stack. */
export type FoundationOutputs = z.output<typeof foundationOutputsSchema>;

/** The name of an output of the foundation stack. */
export type FoundationOutput = keyof z.input<typeof foundationOutputsSchema>;

/** The name under which the foundation stack exports an output. */
export function foundationExport(scope: StageScope, output: string): string {
  return `${stackName(scope, 'foundation')}-${output}`;
}

/** Output of the migrations stack: the ARN of the task definition of a migration, with its revision. */
export function migrationTaskDefinitionOutput(migration: string): string {
  return `Migration${pascalCase(migration)}TaskDefinition`;
}

/** Output of the service stack: the name of the ECS service. */
export function serviceNameOutput(service: string): string {
  return `Service${pascalCase(service)}Name`;
}

/** Output of the service stack: the ARN of the task definition of a service, with its revision; `run` uses it as well. */
export function serviceTaskDefinitionOutput(service: string): string {
  return `Service${pascalCase(service)}TaskDefinition`;
}

/**
 * Outputs of the service stack: ARNs of the target groups behind the load balancer, of a service with routes. The second one is
 * there when rollouts move traffic between the two.
 */
export function serviceTargetGroupOutputs(service: string): readonly [string, string] {
  const prefix = `Service${pascalCase(service)}`;
  return [`${prefix}TargetGroup`, `${prefix}AlternateTargetGroup`];
}

/** Output of the service stack: the ARN of the task definition of a schedule, with its revision. */
export function scheduleTaskDefinitionOutput(schedule: string): string {
  return `Schedule${pascalCase(schedule)}TaskDefinition`;
}
