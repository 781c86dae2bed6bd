import type { z } from 'zod';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import type { PlanBuilder } from '../../plan/plan-builder.js';
import { type Deferred, type DeferredInputs, outputOf, type StepHandle } from '../../plan/reference.js';
import { deployStack, type deployedOutputs } from '../../steps/aws/deploy-stack.js';
import { runMigration } from '../../steps/aws/run-migration.js';
import { snapshotDatabase } from '../../steps/aws/snapshot-database.js';
import type { StageRequest } from '../../steps/aws/stage-request.js';
import type { AwsStageFacts } from './aws-facts.js';
import { snapshotId, snapshotTags } from './snapshot-id.js';

/** What migrations run with. */
export interface AddMigrationsOptions {
  readonly request: DeferredInputs<StageRequest> & { readonly spec: AgentSpec; readonly stage: string };
  readonly release: string;
  readonly facts: AwsStageFacts;
  readonly foundation: StepHandle<z.output<typeof deployedOutputs>>;
  readonly after: readonly StepHandle<unknown>[];
}

export interface PlannedMigrations {
  /** What has to be done before anything may use the data. */
  readonly after: readonly StepHandle<unknown>[];
  readonly revisions: readonly Deferred<string | null>[];
}

/** One after the other: each waits for the one before. A snapshot is taken where there is a database already. */
export function addMigrations(builder: PlanBuilder, options: AddMigrationsOptions): PlannedMigrations {
  const { request, release, facts, foundation, after } = options;
  const { spec, stage } = request;
  if (spec.migrations.length === 0) return { after, revisions: [] };
  const instance = facts.stacks.foundation?.outputs['PostgresInstanceId'];
  const inputs = { stack: 'migrations', request, allowReplace: [], removal: 'now' } as const;
  const stack = builder.add('migrations', deployStack, inputs, { after });
  let previous: readonly StepHandle<unknown>[] = [stack];
  const revisions: Deferred<string | null>[] = [];
  for (const migration of spec.migrations) {
    if (migration.snapshot && instance !== undefined) {
      const scope = { name: spec.name, stage };
      const id = snapshotId(scope, facts.now, `${facts.runId}-${migration.name}`);
      const snapshot = { id, instance, reason: 'before-migration', tags: snapshotTags(facts) };
      previous = [builder.add(`snapshot-${migration.name}`, snapshotDatabase, snapshot, { after: previous })];
    }
    const step = builder.add(
      `migration-${migration.name}`,
      runMigration,
      {
        name: migration.name,
        attempt: `${facts.runId}-${migration.name}`,
        release,
        foundation: outputOf(foundation, 'outputs'),
        migrations: outputOf(stack, 'outputs'),
        timeoutSeconds: migration.timeout.seconds,
      },
      { after: previous },
    );
    previous = [step];
    revisions.push(outputOf(step, 'revision'));
  }
  return { after: previous, revisions };
}
