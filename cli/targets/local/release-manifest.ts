import { createHash } from 'node:crypto';
import type { PlannedProcess } from '../../../stacks/local/local-plan.js';
import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import type { Deferred, DeferredInputs } from '../../plan/reference.js';
import type { ArtifactRef, ReleaseManifest } from '../../supervisor/protocol.js';

/** What each source becomes: a directory or an image, as far as that is known before it is built. */
export type Artifacts = Readonly<Record<string, Deferred<ArtifactRef>>>;

/** Pure: what the supervisor is asked to run for a release. */
export function manifestOf(plan: StagePlan, id: string, artifacts: Artifacts): DeferredInputs<ReleaseManifest> {
  return {
    id,
    services: plan.services.map((service) => ({
      name: service.name,
      ...launchOf(artifacts, service),
      ...(service.port === undefined ? {} : { port: service.port }),
      routes: [...service.routes],
      replicas: service.replicas,
      health: {
        ...(service.readiness === undefined ? {} : { readiness: service.readiness }),
        startupTimeoutSeconds: service.startupTimeoutSeconds,
        ...(service.liveness === undefined ? {} : { liveness: service.liveness }),
      },
      drainSeconds: service.drainSeconds,
    })),
    schedules: plan.schedules.map((schedule) => ({
      name: schedule.name,
      cron: schedule.cron,
      ...launchOf(artifacts, schedule),
      timeoutSeconds: schedule.timeoutSeconds,
    })),
  };
}

/** What of a service, schedule or migration says how it is started. */
type Launch = Pick<ReleaseManifest['services'][number], 'artifact' | 'container' | 'command' | 'env'>;

/** How a service, schedule or migration is started. */
export function launchOf(artifacts: Artifacts, planned: PlannedProcess): DeferredInputs<Launch> {
  const { name, source, command, env, container } = planned;
  const artifact = artifacts[source];
  if (artifact === undefined) throw new Error(`no artifact for "${source}", which ${name} runs from`);
  return { artifact, ...(container === undefined ? {} : { container }), command: [...command], env: { ...env } };
}

/** Pure: equal for two releases that would run the same, whatever their ids and the values of their secrets. */
export function contentHash(plan: StagePlan, digests: Readonly<Record<string, string>>): string {
  return createHash('sha256')
    .update(JSON.stringify([plan, digests]))
    .digest('hex');
}
