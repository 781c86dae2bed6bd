import { backupStore } from '../../supervisor/data/backup-store.js';
import { datedId } from '../../supervisor/data/dated-id.js';
import { connectSupervisor, ensureSupervisor } from '../../supervisor/launch.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import type { Target } from '../target.js';
import { type PlannedStage, planBackup, planRestore } from './plan-backup.js';

/** The part of a target that is about backups. */
export type BackupsOfTarget = Pick<
  Target,
  'planBackup' | 'planRestore' | 'backups' | 'replacedDatabases' | 'deleteBackup'
>;

/** The backups of a stage on this machine. They can be listed when nothing runs any more. */
export function stageBackups(
  stateDirectory: string,
  about: () => Promise<Omit<PlannedStage, 'runId' | 'madeAt'>>,
): BackupsOfTarget {
  const store = backupStore(stateLayout(stateDirectory).backupsDirectory);
  return {
    planBackup: async (as) =>
      planBackup({ ...as, ...(await about()) }, datedId('backup', new Date(as.madeAt), as.runId)),
    planRestore: async (as, backup) => planRestore({ ...as, ...(await about()) }, backup),
    backups: () => Promise.resolve(store.list().map(({ revision, ...backup }) => ({ ...backup, schema: revision }))),
    replacedDatabases: async () => (await (await connectSupervisor(stateDirectory))?.previousDatabases()) ?? [],
    async deleteBackup(id) {
      const supervisor = await ensureSupervisor(stateDirectory);
      if (!(await supervisor.deleteBackup(id))) await supervisor.deletePreviousDatabase(id);
    },
  };
}
