import * as z from 'zod';
import { conditionIn, conditionsAnswer } from '../services/service-answers.js';
import { attemptVariable } from './job-commands.js';
import type { ExecutionState } from './job-tools.js';

const variables = z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]);

/** `Execution` of the Cloud Run Admin API v1, which gcloud prints. */
export const executionAnswer = z
  .object({
    metadata: z.object({
      name: z.string(),
      creationTimestamp: z.string().optional(),
      labels: z.record(z.string(), z.string()).default({}),
    }),
    spec: z
      .object({
        template: z
          .object({
            spec: z.object({ containers: z.array(z.object({ env: variables })).default([]) }).prefault({}),
          })
          .prefault({}),
      })
      .prefault({}),
    status: z
      .object({
        conditions: conditionsAnswer,
        completionTime: z.string().optional(),
        cancelledCount: z.number().default(0),
      })
      .prefault({}),
  })
  .transform(({ metadata: { name, creationTimestamp, labels }, spec, status }): ExecutionState => {
    const env = spec.template.spec.containers.flatMap((container) => container.env);
    return {
      name,
      job: labels['run.googleapis.com/job'] ?? '',
      attempt: env.find((one) => one.name === attemptVariable)?.value ?? null,
      condition: conditionIn(status.conditions, 'Completed'),
      isCancelled: status.cancelledCount > 0,
      createdAt: creationTimestamp ?? null,
      endedAt: status.completionTime ?? null,
    };
  });

/** `Task` of the same API, as far as it says how its container ended. */
export const taskAnswer = z.object({
  status: z
    .object({
      lastAttemptResult: z
        .object({
          exitCode: z.number().optional(),
          status: z.object({ code: z.number().optional(), message: z.string().optional() }).optional(),
        })
        .optional(),
    })
    .prefault({}),
});
