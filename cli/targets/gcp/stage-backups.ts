import { databaseName } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import type { DatabaseBackup, DatabaseState } from '../../tools/gcp/database/database-tools.js';
import type { Backup } from '../backup.js';
import type { Target } from '../target.js';
import { describedBackup } from './backup-description.js';
import type { GcpTargetOptions } from './gcp-target-options.js';
import type { StageTools } from './open-stage-tools.js';
import { type PlannedStage, planBackup, planRestore } from './plan-backup.js';
import { stageOutputs } from './stage-facts.js';

/** The part of a target that is about backups. */
export type BackupsOfTarget = Pick<
  Target,
  'planBackup' | 'planRestore' | 'backups' | 'replacedDatabases' | 'deleteBackup'
>;

const gibibyte = 2 ** 30;

/** Backups of the stage's database, and those that were kept of the databases that the stage has had before. */
export function stageBackups(
  { name, stage, flags }: Pick<GcpTargetOptions, 'name' | 'stage' | 'flags'>,
  tools: StageTools,
  about: () => Promise<Pick<PlannedStage, 'scope' | 'specHash' | 'serving' | 'schema'>>,
  signal: AbortSignal,
): BackupsOfTarget {
  const { database } = tools.gcp;
  const scope = { name, stage };
  const stateOrNone = async (): Promise<DatabaseState | undefined> => {
    const { foundation } = await stageOutputs(scope, tools, signal);
    const instance = foundation?.['PostgresInstanceId'];
    return instance === undefined ? undefined : await database.state(instance, signal);
  };
  const there = async (): Promise<DatabaseState> => {
    const found = await stateOrNone();
    if (found !== undefined) return found;
    throw new AgentctlError('NotDeployed', `${name} has no database on Google Cloud, stage ${stage}`, {
      fix: `deploy an agent with \`postgres:\` first: agentctl deploy ${flags}`,
    });
  };
  return {
    async planBackup(as) {
      const { instance } = await there();
      return planBackup({ ...as, ...(await about()), instance });
    },
    async planRestore(as, backup) {
      const { instance, replicas } = await there();
      if (replicas.length > 0) throw hasReplicas(instance, replicas);
      return planRestore({ ...as, ...(await about()), instance }, backup);
    },
    async backups() {
      const state = await stateOrNone();
      const ofInstance = state === undefined ? [] : await database.backups(state.instance, signal);
      const kept = (await database.keptBackups(databaseName(scope), signal)).filter(({ description }) =>
        isOf(description, scope),
      );
      const done = [...ofInstance, ...kept].filter(({ status }) => status === 'SUCCESSFUL');
      return done
        .map((one) => backupOf(one, state?.storageGiB ?? 0))
        .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    // Cloud SQL restores in place: what was replaced is a backup like the others.
    replacedDatabases: async () => await Promise.resolve([]),
    deleteBackup: async (id) => await database.deleteBackup((await stateOrNone())?.instance ?? '', id, signal),
  };
}

/** Whose instance is gone, only the description can tell: another stage may be called alike. */
function isOf(description: string, { name, stage }: PlannedStage['scope']): boolean {
  const scope = describedBackup(description)?.scope;
  return scope?.name === name && scope.stage === stage;
}

/** Pure: a backup in the words that every target has. Cloud SQL does not say how large one is, only what is reserved. */
export function backupOf({ id, instance, startedAt, type, description }: DatabaseBackup, storageGiB: number): Backup {
  const described = describedBackup(description);
  return {
    id,
    createdAt: startedAt ?? new Date(0).toISOString(),
    reason: described?.reason ?? (type === 'AUTOMATED' ? 'scheduled' : 'manual'),
    database: instance,
    bytes: storageGiB * gibibyte,
    schema: described?.schema ?? null,
  };
}

/** Cloud SQL, "Restore an instance": replicas have to be deleted before. */
function hasReplicas(instance: string, replicas: readonly string[]): AgentctlError {
  return new AgentctlError('Refused', `${instance} has read replicas, and Cloud SQL restores no instance that has`, {
    fix: 'deploy with `readReplicas: 0`, restore, then deploy with them again',
    data: { replicas: [...replicas] },
  });
}
