import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { restoreBackup } from '../../steps/local/restore-backup.js';
import { takeBackup } from '../../steps/local/take-backup.js';
import type { PlanIdentity } from '../target.js';

/** The stage whose database is meant. */
export interface PlannedStage extends PlanIdentity {
  readonly name: string;
  readonly stage: string;
  /** Of the release that serves. */
  readonly specHash: string;
  /** Id of the release that serves; null when none does. */
  readonly serving: string | null;
}

/** Pure: a backup that somebody asked for. */
export function planBackup(stage: PlannedStage, id: string): Plan {
  const builder = new PlanBuilder();
  builder.add('backup', takeBackup, { id, reason: 'manual' });
  return builder.build({ ...headerOf(stage), action: 'backup' });
}

/** Pure: a restore, which keeps what it replaces. */
export function planRestore(stage: PlannedStage, backup: string): Plan {
  const builder = new PlanBuilder();
  builder.add('restore', restoreBackup, { id: stage.runId, backup });
  return builder.build({ ...headerOf(stage), action: 'restore' });
}

function headerOf({ serving, ...stage }: PlannedStage) {
  return { ...stage, target: 'local', base: { release: serving }, release: null } as const;
}
