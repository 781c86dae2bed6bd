import * as z from 'zod';
import { pascalCase } from './naming.js';

/** A text where we say it, a number where Google does. */
const port = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(Number);

/** Outputs of the foundation stack. A part that the spec does not have has no output. */
export const foundationOutputsSchema = z.object({
  /** Part of the addresses of services. */
  ProjectNumber: z.string(),
  NetworkId: z.string(),
  RunSubnetworkId: z.string(),
  RepositoryUri: z.string(),
  /** Id of the notification channel. */
  AlertChannel: z.string().optional(),
  /** Where the public services answer, with scheme. */
  Url: z.string().optional(),
  /** Of the load balancer; a record of the domain has to lead there when `dnsZone` is not set. */
  Address: z.string().optional(),
  SecurityPolicyId: z.string().optional(),
  CertificateId: z.string().optional(),
  SslPolicyId: z.string().optional(),
  PostgresHost: z.string().optional(),
  PostgresPort: port.optional(),
  PostgresInstanceId: z.string().optional(),
  /** PEM. */
  PostgresCaCert: z.string().optional(),
  SearchHost: z.string().optional(),
  CacheHost: z.string().optional(),
  CachePort: port.optional(),
  CacheCaCert: z.string().optional(),
  CacheInstanceId: z.string().optional(),
  /** A Redis of the queue’s own, when the queue is on Redis and there is no cache. */
  QueueHost: z.string().optional(),
  QueuePort: port.optional(),
  QueueCaCert: z.string().optional(),
  QueueInstanceId: z.string().optional(),
  /** `projects/…/topics/…`; the subscription that workers pull from has the same last part. */
  QueueTopic: z.string().optional(),
  BackupBucket: z.string().optional(),
});

/** Outputs of the foundation stack. */
export type FoundationOutputs = z.output<typeof foundationOutputsSchema>;

/** The name of an output of the foundation stack. */
export type FoundationOutput = keyof z.input<typeof foundationOutputsSchema>;

/** What `terraform output -json` prints: a value by name. */
export const terraformOutputs = z
  .record(z.string(), z.object({ value: z.unknown() }))
  .transform((outputs) => Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])));

/** Output of the migrations stack: the name of the job of a migration. */
export function migrationJobOutput(migration: string): string {
  return `Migration${pascalCase(migration)}Job`;
}

/** Output of the service stack: the name of the Cloud Run service or worker pool. */
export function serviceNameOutput(service: string): string {
  return `Service${pascalCase(service)}Name`;
}

/** Output of the service stack: the revision of this release, which gets traffic once it was looked at. */
export function serviceRevisionOutput(service: string): string {
  return `Service${pascalCase(service)}Revision`;
}

/** Output of the service stack: the name of the job of a schedule. */
export function scheduleJobOutput(schedule: string): string {
  return `Schedule${pascalCase(schedule)}Job`;
}
