import type { StageScope } from '../../../stacks/gcp/naming.js';
import { PlanBuilder, StepList } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { outputOf } from '../../plan/reference.js';
import { restoreDatabase } from '../../steps/gcp/restore-database.js';
import { returnDatabase } from '../../steps/gcp/return-database.js';
import { snapshotDatabase } from '../../steps/gcp/snapshot-database.js';
import type { PlanIdentity } from '../target.js';
import { backupDescription } from './backup-description.js';

/** The stage whose database is meant. */
export interface PlannedStage extends PlanIdentity {
  readonly scope: StageScope;
  /** Of the release that serves. */
  readonly specHash: string;
  /** Id of the release that serves; null when none does. */
  readonly serving: string | null;
  /** What is known of the schema. */
  readonly schema: string | null;
  /** Of Cloud SQL. */
  readonly instance: string;
}

/** Pure: a backup that somebody asked for. */
export function planBackup(stage: PlannedStage): Plan {
  const { instance } = stage;
  const builder = new PlanBuilder();
  const description = backupDescription({ ...stage, reason: 'manual' });
  builder.add('backup', snapshotDatabase, { instance, reason: 'manual', description });
  return builder.build({ ...headerOf(stage), action: 'backup' });
}

/** Pure: a restore, after a backup of what it replaces, which is what a failure goes back to. */
export function planRestore(stage: PlannedStage, backup: string): Plan {
  const { instance } = stage;
  const scope = { ...stage.scope };
  const builder = new PlanBuilder();
  const description = backupDescription({ ...stage, reason: 'before-restore' });
  const saved = builder.add('save', snapshotDatabase, { instance, reason: 'before-restore', description });
  const restored = builder.add('restore', restoreDatabase, {
    scope,
    instance,
    backup,
    saved: outputOf(saved, 'backup'),
  });
  const back = new StepList();
  back.add('return', returnDatabase, { scope, instance, description });
  builder.recover({ when: [restored] }, stage.serving, back);
  return builder.build({ ...headerOf(stage), action: 'restore' });
}

function headerOf({ serving, scope, specHash, runId, madeAt }: PlannedStage) {
  return { ...scope, specHash, runId, madeAt, target: 'gcp', base: { release: serving }, release: null } as const;
}
