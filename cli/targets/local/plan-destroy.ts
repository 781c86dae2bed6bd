import { lastReleased, type ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import type { StepHandle } from '../../plan/reference.js';
import { provisionPostgres } from '../../steps/local/provision-postgres.js';
import { removeState } from '../../steps/local/remove-state.js';
import { stopEverything } from '../../steps/local/stop-everything.js';
import { takeBackup } from '../../steps/local/take-backup.js';
import { datedId } from '../../supervisor/data/dated-id.js';
import type { DestroyWish } from '../target.js';
import type { PlannedStage } from './plan-backup.js';
import { recordedReleaseOf } from './recorded-release.js';

export interface PlanDestroyOptions extends PlannedStage, DestroyWish {
  /** Oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** Whether there is data of a database, running or not. */
  readonly hasDatabase: boolean;
}

/** Pure: how to take a stage away. The same plan on a stage that is gone already changes nothing. */
export function planDestroy(options: PlanDestroyOptions): Plan {
  const { deleteData, finalBackup, hasDatabase, serving, runId, madeAt, name, stage, specHash } = options;
  const builder = new PlanBuilder();
  const saved = deleteData && finalBackup && hasDatabase ? addFinalBackup(builder, options) : [];
  const stopped = builder.add('stop', stopEverything, {}, { after: saved });
  builder.add('remove', removeState, { data: deleteData }, { after: [stopped] });
  const header = { runId, madeAt, target: 'local', stage, name, specHash };
  return builder.build({ ...header, action: 'destroy', base: { release: serving }, release: null });
}

/** A stage that was destroyed before has its data, and nothing that runs: its database is started for the backup. */
function addFinalBackup(
  builder: PlanBuilder,
  { records, madeAt, runId }: PlanDestroyOptions,
): readonly StepHandle<unknown>[] {
  const last = lastReleased(records);
  const postgres = last === undefined ? undefined : recordedReleaseOf(last).postgres;
  const started = postgres === undefined ? [] : [builder.add('postgres', provisionPostgres, postgres)];
  const id = datedId('backup', new Date(madeAt), runId);
  return [builder.add('backup', takeBackup, { id, reason: 'final' }, { after: started })];
}
