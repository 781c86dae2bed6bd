import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { gcloudFailure } from '../gcloud/gcloud-failure.js';
import type { GoogleRest, RestRequest } from '../gcloud/google-rest.js';
import type { RegionScope } from '../gcloud/region-scope.js';

/** `GoogleLongrunningOperation`: what was asked for is done, or goes on. */
const operationAnswer = z.object({
  name: z.string(),
  done: z.boolean().default(false),
  error: z.object({ code: z.number().optional(), message: z.string().default('') }).optional(),
});

export interface WorkerPoolRestOptions extends RegionScope {
  readonly rest: GoogleRest;
  /** Of the Cloud Run Admin API v2. */
  readonly endpoint: string;
  readonly pollSeconds: number;
}

/** What gcloud does to worker pools by gRPC only, which goes through no proxy and no endpoint override: the same by REST. */
export interface WorkerPoolRest {
  /** `projects.locations.workerPools.patch`: exactly these revisions have instances. Resolves when they do. */
  moveInstances(name: string, to: Readonly<Record<string, number>>, signal: AbortSignal): Promise<void>;
  /** `projects.locations.workerPools.delete`; harmless when it is gone. */
  remove(name: string, signal: AbortSignal): Promise<void>;
}

/** Opens {@link WorkerPoolRest}. */
export function workerPoolRest({
  rest,
  endpoint,
  project,
  region,
  pollSeconds,
}: WorkerPoolRestOptions): WorkerPoolRest {
  const pool = (name: string): string => `${endpoint}/projects/${project}/locations/${region}/workerPools/${name}`;
  const finished = async (response: Response, what: string, signal: AbortSignal): Promise<void> => {
    let operation = operationAnswer.parse(await response.json());
    while (!operation.done) {
      await delay(pollSeconds * 1000, undefined, { signal });
      const request: RestRequest = { method: 'GET', url: `${endpoint}/${operation.name}`, what, signal };
      operation = operationAnswer.parse(await (await rest.send(request)).json());
    }
    if (operation.error !== undefined) throw gcloudFailure(operation.error.message, { what, project });
  };
  return {
    async moveInstances(name, to, signal) {
      const what = 'run worker-pools update-instance-split';
      const instanceSplits = Object.entries(to).map(([revision, percent]) => {
        return { type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION', revision, percent };
      });
      const response = await rest.send({
        method: 'PATCH',
        url: `${pool(name)}?updateMask=instanceSplits`,
        body: {
          text: JSON.stringify({ name: pool(name).slice(endpoint.length + 1), instanceSplits }),
          type: 'application/json',
        },
        what,
        signal,
      });
      await finished(response, what, signal);
    },
    async remove(name, signal) {
      const what = 'run worker-pools delete';
      const response = await rest.send({ method: 'DELETE', url: pool(name), expected: [404], what, signal });
      if (response.status === 404) return;
      await finished(response, what, signal);
    },
  };
}
