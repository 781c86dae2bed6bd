import type { StageScope } from '../../../stacks/aws/naming.js';
import { PlanBuilder, StepList } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { returnDatabase } from '../../steps/aws/return-database.js';
import { restoreDatabase } from '../../steps/aws/restore-database.js';
import { snapshotDatabase } from '../../steps/aws/snapshot-database.js';
import type { PlanIdentity } from '../target.js';
import { snapshotId } from './snapshot-id.js';

/** The stage whose database is meant. */
export interface PlannedStage extends PlanIdentity {
  readonly scope: StageScope;
  /** Of the release that serves. */
  readonly specHash: string;
  /** Id of the release that serves; null when none does. */
  readonly serving: string | null;
  /** Of RDS. */
  readonly instance: string;
}

/** Pure: a snapshot that somebody asked for. */
export function planBackup(stage: PlannedStage, tags: Readonly<Record<string, string>>): Plan {
  const { scope, instance, madeAt, runId } = stage;
  const builder = new PlanBuilder();
  const id = snapshotId(scope, madeAt, runId);
  builder.add('backup', snapshotDatabase, { id, instance, reason: 'manual', tags: { ...tags } });
  return builder.build({ ...headerOf(stage), action: 'backup' });
}

/** Pure: a restore, which keeps what it replaces. */
export function planRestore(stage: PlannedStage, snapshot: string): Plan {
  const { scope, instance, runId } = stage;
  const stamp = runId.replace(/^(\d{8})-(\d{6})\d*-/, '$1-$2-');
  const builder = new PlanBuilder();
  const restored = databaseId(instance, 'new', stamp);
  const replaced = databaseId(instance, replacedInfix, stamp);
  const inputs = { scope: { ...scope }, snapshot, instance, restored, replaced };
  const step = builder.add('restore', restoreDatabase, inputs);
  const back = new StepList();
  back.add('return', returnDatabase, { instance, restored, replaced });
  builder.recover({ when: [step] }, stage.serving, back);
  return builder.build({ ...headerOf(stage), action: 'restore' });
}

/** In the ids of instances that a restore has replaced. */
export const replacedInfix = 'old';

/** At most 63 characters (RDS API reference, CreateDBInstance). */
function databaseId(instance: string, infix: string, stamp: string): string {
  const suffix = `-${infix}-${stamp}`;
  return `${instance.slice(0, 63 - suffix.length)}${suffix}`;
}

function headerOf({ serving, scope, specHash, runId, madeAt }: PlannedStage) {
  return { ...scope, specHash, runId, madeAt, target: 'aws', base: { release: serving }, release: null } as const;
}
