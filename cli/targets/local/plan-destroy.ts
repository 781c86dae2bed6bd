import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import type { StepHandle } from '../../plan/reference.js';
import { provisionPostgres } from '../../steps/local/provision-postgres.js';
import { removeState } from '../../steps/local/remove-state.js';
import { stopEverything } from '../../steps/local/stop-everything.js';
import { takeBackup } from '../../steps/local/take-backup.js';
import type { PostgresRequest } from '../../supervisor/protocol.js';

export interface PlanDestroyOptions {
  readonly runId: string;
  readonly madeAt: string;
  readonly name: string;
  readonly stage: string;
  readonly specHash: string;
  /** The release that serves; null when nothing does. */
  readonly serving: string | null;
  readonly deleteData: boolean;
  /** Null: nothing is backed up before. */
  readonly finalBackupId: string | null;
  /** The database to start for that; null when it runs. */
  readonly stoppedPostgres: PostgresRequest | null;
}

/** Pure: how to take a stage away. The same plan on a stage that is gone already changes nothing. */
export function planDestroy(options: PlanDestroyOptions): Plan {
  const { deleteData, serving, finalBackupId, stoppedPostgres, runId, madeAt, name, stage, specHash } = options;
  const builder = new PlanBuilder();
  const saved = finalBackupId === null ? [] : [addFinalBackup(builder, finalBackupId, stoppedPostgres)];
  const stopped = builder.add('stop', stopEverything, {}, { after: saved });
  builder.add('remove', removeState, { data: deleteData }, { after: [stopped] });
  const header = { runId, madeAt, name, stage, specHash, target: 'local' };
  return builder.build({ ...header, action: 'destroy', base: { release: serving }, release: null });
}

function addFinalBackup(builder: PlanBuilder, id: string, stopped: PostgresRequest | null): StepHandle<unknown> {
  const after = stopped === null ? [] : [builder.add('postgres', provisionPostgres, stopped)];
  return builder.add('backup', takeBackup, { id, reason: 'final' }, { after });
}
