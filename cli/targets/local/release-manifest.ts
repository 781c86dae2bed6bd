import { createHash } from 'node:crypto';
import type { PlannedProcess, ProcessPlan } from '../../../stacks/local/process-plan.js';
import type { ReleaseManifest } from '../../supervisor/protocol.js';

/** The artifact of each build context. */
export type Artifacts<D> = Readonly<Record<string, { readonly digest: string; readonly directory: D }>>;

/** A manifest whose artifact directories may still be references to the step that builds them. */
type ManifestWith<D> = Omit<ReleaseManifest, 'services' | 'schedules'> & {
  readonly services: readonly (Omit<ReleaseManifest['services'][number], 'artifact'> & WithArtifact<D>)[];
  readonly schedules: readonly (Omit<ReleaseManifest['schedules'][number], 'artifact'> & WithArtifact<D>)[];
};
interface WithArtifact<D> {
  readonly artifact: { readonly digest: string; readonly directory: D };
}

/** Pure: what the supervisor is asked to run for a release. */
export function manifestOf<D>(plan: ProcessPlan, id: string, artifacts: Artifacts<D>): ManifestWith<D> {
  return {
    id,
    services: plan.services.map((service) => ({
      name: service.name,
      artifact: artifactOf(artifacts, service),
      command: [...service.command],
      env: { ...service.env },
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
      artifact: artifactOf(artifacts, schedule),
      command: [...schedule.command],
      env: { ...schedule.env },
      timeoutSeconds: schedule.timeoutSeconds,
    })),
  };
}

/** The artifact a process runs from. */
export function artifactOf<D>(artifacts: Artifacts<D>, { name, context }: PlannedProcess): WithArtifact<D>['artifact'] {
  const artifact = artifacts[context];
  if (artifact === undefined) throw new Error(`no artifact for the context "${context}" of ${name}`);
  return artifact;
}

/** Pure: equal for two releases that would run the same, whatever their ids and the values of their secrets. */
export function contentHash(plan: ProcessPlan, digests: Readonly<Record<string, string>>): string {
  return createHash('sha256')
    .update(JSON.stringify([plan, digests]))
    .digest('hex');
}
