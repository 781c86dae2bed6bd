import type { z } from 'zod';
import type { PlanBuilder } from '../../plan/plan-builder.js';
import { type Deferred, outputOf, type StepHandle } from '../../plan/reference.js';
import { deployConfiguration, type deployedOutputs } from '../../steps/gcp/deploy-configuration.js';
import { runMigration } from '../../steps/gcp/run-migration.js';
import { snapshotDatabase } from '../../steps/gcp/snapshot-database.js';
import { knownSchema } from '../new-record.js';
import { backupDescription } from './backup-description.js';
import type { GcpStageFacts } from './gcp-facts.js';
import type { DeferredRequest } from './plan-rollout.js';

/** What migrations run with. */
export interface AddMigrationsOptions {
  readonly request: DeferredRequest;
  readonly facts: GcpStageFacts;
  readonly after: readonly StepHandle<unknown>[];
}

export interface PlannedMigrations {
  /** What has to be done before anything may use the data. */
  readonly after: readonly StepHandle<unknown>[];
  readonly revisions: readonly Deferred<string | null>[];
}

/** One after the other: each waits for the one before. A backup is taken where there is a database already. */
export function addMigrations(
  builder: PlanBuilder,
  { request, facts, after }: AddMigrationsOptions,
): PlannedMigrations {
  const { spec, stage } = request;
  if (spec.migrations.length === 0) return { after, revisions: [] };
  const instance = facts.outputs.foundation?.['PostgresInstanceId'];
  const configuration: StepHandle<z.output<typeof deployedOutputs>> = builder.add(
    'migrations',
    deployConfiguration,
    { stack: 'migrations', request, allowReplace: [], leaving: null },
    { after },
  );
  let previous: readonly StepHandle<unknown>[] = [configuration];
  const revisions: Deferred<string | null>[] = [];
  for (const migration of spec.migrations) {
    if (migration.snapshot && instance !== undefined) {
      const description = backupDescription({
        scope: { name: spec.name, stage },
        reason: 'before-migration',
        runId: `${facts.runId}-${migration.name}`,
        schema: knownSchema(facts),
      });
      const inputs = { instance, reason: 'before-migration', description };
      previous = [builder.add(`snapshot-${migration.name}`, snapshotDatabase, inputs, { after: previous })];
    }
    const step = builder.add(
      `migration-${migration.name}`,
      runMigration,
      {
        name: migration.name,
        attempt: `${facts.runId}-${migration.name}`,
        migrations: outputOf(configuration, 'outputs'),
        timeoutSeconds: migration.timeout.seconds,
      },
      { after: previous },
    );
    previous = [step];
    revisions.push(outputOf(step, 'revision'));
  }
  return { after: previous, revisions };
}
