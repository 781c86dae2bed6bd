import { AgentctlError } from '../../errors.js';
import { replacedByTag } from '../../steps/aws/restore-database.js';
import type { DatabaseSnapshot } from '../../tools/aws/database/database-tools.js';
import type { Backup, ReplacedDatabase } from '../backup.js';
import type { Target } from '../target.js';
import type { AwsTargetOptions } from './aws-target-options.js';
import type { StageTools } from './open-stage-tools.js';
import { type PlannedStage, planBackup, planRestore, replacedInfix } from './plan-backup.js';
import { snapshotTags } from './snapshot-id.js';
import { stackStates } from './stage-facts.js';

/** The part of a target that is about backups. */
export type BackupsOfTarget = Pick<
  Target,
  'planBackup' | 'planRestore' | 'backups' | 'replacedDatabases' | 'deleteBackup'
>;

const gibibyte = 2 ** 30;

/** Snapshots of the stage's database, and the instances that restores have replaced. */
export function stageBackups(
  { name, stage, flags }: Pick<AwsTargetOptions, 'name' | 'stage' | 'flags'>,
  tools: StageTools,
  about: () => Promise<Pick<PlannedStage, 'scope' | 'specHash' | 'serving'>>,
  signal: AbortSignal,
): BackupsOfTarget {
  const { database } = tools.aws;
  const instanceOrNone = async (): Promise<string | undefined> =>
    (await stackStates({ name, stage }, tools, signal)).foundation?.outputs['PostgresInstanceId'];
  const instance = async (): Promise<string> => {
    const found = await instanceOrNone();
    if (found !== undefined) {
      if ((await database.state(found, signal)) !== undefined) return found;
      throw new AgentctlError('NotDeployed', `there is no database ${found} now`, {
        fix: `when a restore was cut short, go on with it: agentctl resume ${flags}; otherwise see agentctl status ${flags}`,
      });
    }
    throw new AgentctlError('NotDeployed', `${name} has no database on AWS, stage ${stage}`, {
      fix: `deploy an agent with \`postgres:\` first: agentctl deploy ${flags}`,
    });
  };
  const snapshots = async (): Promise<readonly DatabaseSnapshot[]> => {
    const of = await instanceOrNone();
    const found = of === undefined ? [] : await database.snapshots(of, signal);
    return found.filter(({ status }) => status === 'available');
  };
  return {
    async planBackup(as) {
      const records = await tools.ledger.list();
      const tags = snapshotTags({ scope: { name, stage }, records });
      return planBackup({ ...as, ...(await about()), instance: await instance() }, tags);
    },
    planRestore: async (as, backup) => planRestore({ ...as, ...(await about()), instance: await instance() }, backup),
    backups: async () => (await snapshots()).map(backupOf),
    async replacedDatabases() {
      const of = await instanceOrNone();
      return of === undefined ? [] : await replacedInstances(of, tools, signal);
    },
    async deleteBackup(id) {
      const isSnapshot = (await snapshots()).some((snapshot) => snapshot.id === id);
      if (isSnapshot) await database.deleteSnapshot(id, signal);
      else await database.remove(id, { signal, log: () => undefined });
    },
  };
}

/** Instances that restores have replaced, newest first. */
export async function replacedInstances(
  instance: string,
  { aws }: Pick<StageTools, 'aws'>,
  signal: AbortSignal,
): Promise<readonly ReplacedDatabase[]> {
  const found = await aws.database.list(instance.slice(0, 30), signal);
  return found
    .flatMap(({ id, storageGiB, tags }) => {
      const stamp = new RegExp(`-${replacedInfix}-(\\d{8})-(\\d{6})-`).exec(id);
      if (stamp === null) return [];
      const [, day = '', time = ''] = stamp;
      const replacedAt = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`;
      return [{ id, backup: tags[replacedByTag] ?? '-', replacedAt, bytes: storageGiB * gibibyte }];
    })
    .toSorted((a, b) => (a.replacedAt < b.replacedAt ? 1 : -1));
}

/** Pure: a snapshot in the words that every target has. RDS says how much was reserved, not how much is used. */
export function backupOf({ id, instance, createdAt, kind, storageGiB, tags }: DatabaseSnapshot): Backup {
  return {
    id,
    createdAt: createdAt ?? new Date(0).toISOString(),
    reason: tags['agentctl:reason'] ?? (kind === 'manual' ? 'manual' : 'scheduled'),
    database: instance,
    bytes: storageGiB * gibibyte,
    schema: tags['agentctl:schema'] ?? null,
  };
}
