import * as z from 'zod';
import type { Condition, RevisionState, ServedRevision, ServiceState } from './service-tools.js';

const conditions = z
  .array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      message: z.string().optional(),
    }),
  )
  .default([]);

const metadata = z.object({
  name: z.string(),
  creationTimestamp: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  labels: z.record(z.string(), z.string()).default({}),
});

const split = z.object({
  revisionName: z.string().optional(),
  percent: z.number().default(0),
  tag: z.string().optional(),
  latestRevision: z.boolean().default(false),
});

/** `Service` and `WorkerPool` of the Cloud Run Admin API v1, which gcloud prints. */
export const serviceAnswer = z
  .object({
    metadata,
    status: z
      .object({
        conditions,
        url: z.string().optional(),
        latestCreatedRevisionName: z.string().optional(),
        latestReadyRevisionName: z.string().optional(),
        traffic: z.array(split).optional(),
        instanceSplits: z.array(split).optional(),
      })
      .prefault({}),
  })
  .transform(({ metadata: { name }, status }): ServiceState => {
    const latestReady = status.latestReadyRevisionName ?? null;
    return {
      name,
      url: status.url ?? null,
      traffic: (status.traffic ?? status.instanceSplits ?? []).map((one) => servedRevision(one, latestReady)),
      latestCreated: status.latestCreatedRevisionName ?? null,
      latestReady,
      condition: conditionIn(status.conditions, 'Ready'),
    };
  });

function servedRevision(
  { revisionName, percent, tag, latestRevision }: z.output<typeof split>,
  latestReady: string | null,
): ServedRevision {
  return { revision: revisionName ?? latestReady ?? '', percent, tag: tag ?? null, isLatest: latestRevision };
}

const container = z.looseObject({ image: z.string(), name: z.string().optional() });

/** `Revision` of the same API. The application is the first of its containers; beside it may be a pooler. */
export const revisionAnswer = z
  .object({
    metadata,
    spec: z.looseObject({ containers: z.array(container).min(1) }),
    status: z.object({ conditions, imageDigest: z.string().optional() }).prefault({}),
  })
  .transform(({ metadata: { name, creationTimestamp, annotations }, spec, status }): RevisionState => {
    const image = spec.containers[0]?.image ?? '';
    return {
      name,
      image,
      digest: digestIn(status.imageDigest ?? '') ?? digestIn(image) ?? null,
      condition: conditionIn(status.conditions, 'Ready'),
      createdAt: creationTimestamp ?? null,
      definition: { annotations, spec },
    };
  });

/** Pure: one of the conditions of something on Cloud Run; a condition that is not there yet is unknown. */
export function conditionIn(found: z.output<typeof conditions>, type: string): Condition {
  const condition = found.find((one) => one.type === type);
  const status = condition?.status.toLowerCase();
  return {
    state: status === 'true' || status === 'false' ? status : 'unknown',
    reason: condition?.reason ?? null,
    message: condition?.message ?? null,
  };
}

export { conditions as conditionsAnswer };

function digestIn(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}
