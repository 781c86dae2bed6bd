import * as z from 'zod';
import type { CreateJobOptions } from './job-tools.js';

/** What of a container a job has as well: probes, ports and what it depends on are of services. */
const containerFields = ['image', 'env', 'envFrom', 'resources', 'volumeMounts', 'workingDir'] as const;
const specFields = ['serviceAccountName', 'volumes'] as const;
/** Network and environment of a revision that a job can have (Cloud Run Admin API v1, "Annotations"). */
const annotationNames = [
  'run.googleapis.com/network-interfaces',
  'run.googleapis.com/vpc-access-egress',
  'run.googleapis.com/vpc-access-connector',
  'run.googleapis.com/execution-environment',
  'run.googleapis.com/cloudsql-instances',
  'run.googleapis.com/encryption-key',
] as const;

const containers = z.array(z.record(z.string(), z.unknown())).min(1);

/** Pure: the `Job` that runs one command once, with image, variables, account and network of a revision. */
export function jobDocument({ job, like, command, timeoutSeconds, labels }: Omit<CreateJobOptions, 'signal'>): unknown {
  // What is beside the application, a pooler, would never end: its clients find the database by another variable.
  const [main = {}] = containers.parse(like.spec['containers']);
  const [file, ...args] = command;
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: { name: job, labels },
    spec: {
      template: {
        metadata: { annotations: picked(like.annotations, annotationNames) },
        spec: {
          taskCount: 1,
          parallelism: 1,
          template: {
            spec: {
              ...picked(like.spec, specFields),
              maxRetries: 0,
              timeoutSeconds,
              containers: [{ ...picked(main, containerFields), command: [file], args }],
            },
          },
        },
      },
    },
  };
}

function picked(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}
