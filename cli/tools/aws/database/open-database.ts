import type { DBInstance } from '@aws-sdk/client-rds';
import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { awaitAvailable, awaitGone, awaitSettled, awaitSnapshot } from './await-database.js';
import type { DatabaseTools } from './database-tools.js';
import {
  databaseState,
  listInstances,
  listSnapshots,
  readInstance,
  readSnapshot,
  unlessMissing,
} from './read-database.js';

/** Opens {@link DatabaseTools}. */
export function openDatabase(clients: AwsClients, pollSeconds: number): DatabaseTools {
  return {
    async state(instance, signal) {
      const found = await readInstance(clients, instance, signal);
      return found === undefined ? undefined : databaseState(found);
    },
    async settled(instance, run) {
      const found = await awaitSettled(clients, instance, run, pollSeconds);
      return found === undefined ? undefined : databaseState(found);
    },
    list: async (prefix, signal) => await listInstances(clients, prefix, signal),
    snapshots: async (instance, signal) => await listSnapshots(clients, instance, signal),

    async createSnapshot({ id, instance, tags }, run) {
      const { signal: abortSignal } = run;
      const rds = await clients.rds();
      if ((await readSnapshot(clients, id, abortSignal)) === undefined) {
        await awaitAvailable(clients, instance, run, pollSeconds);
        await unlessThere('DBSnapshotAlreadyExists', async () => {
          await rds.createDBSnapshot(
            { DBSnapshotIdentifier: id, DBInstanceIdentifier: instance, Tags: tagList(tags) },
            { abortSignal },
          );
        });
      }
      return await awaitSnapshot(clients, id, run, pollSeconds);
    },

    async deleteSnapshot(DBSnapshotIdentifier, abortSignal) {
      const rds = await clients.rds();
      await unlessMissing(async () => await rds.deleteDBSnapshot({ DBSnapshotIdentifier }, { abortSignal }));
    },

    async restore({ snapshot, instance, like, tags }, run) {
      const { signal: abortSignal } = run;
      const rds = await clients.rds();
      const pattern = await readInstance(clients, like, abortSignal);
      if (pattern === undefined) throw noInstance(like);
      if ((await readInstance(clients, instance, abortSignal)) === undefined) {
        await unlessThere('DBInstanceAlreadyExists', async () => {
          await rds.restoreDBInstanceFromDBSnapshot(
            {
              DBInstanceIdentifier: instance,
              DBSnapshotIdentifier: snapshot,
              Tags: tagList(tags),
              PubliclyAccessible: false,
              ...settingsOf(pattern),
            },
            { abortSignal },
          );
        });
      }
      await awaitAvailable(clients, instance, run, pollSeconds);
      // A restore does not take these (API reference, RestoreDBInstanceFromDBSnapshot).
      await rds.modifyDBInstance(
        { DBInstanceIdentifier: instance, ApplyImmediately: true, ...laterSettingsOf(pattern) },
        { abortSignal },
      );
      return databaseState(await awaitAvailable(clients, instance, run, pollSeconds));
    },

    async tag(instance, tags, abortSignal) {
      const rds = await clients.rds();
      const found = await readInstance(clients, instance, abortSignal);
      if (found === undefined) throw noInstance(instance);
      await rds.addTagsToResource({ ResourceName: found.DBInstanceArn, Tags: tagList(tags) }, { abortSignal });
    },

    async rename(from, to, run) {
      const { signal: abortSignal } = run;
      const rds = await clients.rds();
      if ((await readInstance(clients, from, abortSignal)) !== undefined) {
        await awaitAvailable(clients, from, run, pollSeconds);
        await unlessMissing(
          async () =>
            await rds.modifyDBInstance(
              { DBInstanceIdentifier: from, NewDBInstanceIdentifier: to, ApplyImmediately: true },
              { abortSignal },
            ),
        );
        await awaitGone(clients, from, run, pollSeconds);
      }
      return databaseState(await awaitAvailable(clients, to, run, pollSeconds));
    },

    async remove(instance, run) {
      const { signal: abortSignal } = run;
      const rds = await clients.rds();
      const found = await readInstance(clients, instance, abortSignal);
      if (found === undefined) return;
      if (found.DBInstanceStatus !== 'deleting') {
        if (found.DeletionProtection === true) {
          await rds.modifyDBInstance(
            { DBInstanceIdentifier: instance, DeletionProtection: false, ApplyImmediately: true },
            { abortSignal },
          );
        }
        await unlessMissing(
          async () =>
            await rds.deleteDBInstance(
              { DBInstanceIdentifier: instance, SkipFinalSnapshot: true, DeleteAutomatedBackups: false },
              { abortSignal },
            ),
        );
      }
      await awaitGone(clients, instance, run, pollSeconds);
    },

    async setPassword(instance, password, run) {
      const rds = await clients.rds();
      await awaitAvailable(clients, instance, run, pollSeconds);
      await rds.modifyDBInstance(
        { DBInstanceIdentifier: instance, MasterUserPassword: password, ApplyImmediately: true },
        { abortSignal: run.signal },
      );
      await awaitAvailable(clients, instance, run, pollSeconds);
    },
  };
}

/** Pure: of an instance, what a restore beside it has to be told. */
function settingsOf(pattern: DBInstance) {
  const group = pattern.DBSubnetGroup?.DBSubnetGroupName;
  const parameters = pattern.DBParameterGroups?.[0]?.DBParameterGroupName;
  return {
    DBInstanceClass: pattern.DBInstanceClass,
    MultiAZ: pattern.MultiAZ,
    DeletionProtection: pattern.DeletionProtection,
    CopyTagsToSnapshot: pattern.CopyTagsToSnapshot,
    AutoMinorVersionUpgrade: pattern.AutoMinorVersionUpgrade,
    EnableIAMDatabaseAuthentication: pattern.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: pattern.EnabledCloudwatchLogsExports,
    VpcSecurityGroupIds: securityGroupsOf(pattern),
    Port: pattern.Endpoint?.Port,
    CACertificateIdentifier: pattern.CACertificateIdentifier,
    // Without it, RDS goes back to paying for versions past their end.
    EngineLifecycleSupport: pattern.EngineLifecycleSupport,
    ...(group === undefined ? {} : { DBSubnetGroupName: group }),
    ...(parameters === undefined ? {} : { DBParameterGroupName: parameters }),
  };
}

function laterSettingsOf(pattern: DBInstance) {
  return {
    BackupRetentionPeriod: pattern.BackupRetentionPeriod,
    PreferredBackupWindow: pattern.PreferredBackupWindow,
    PreferredMaintenanceWindow: pattern.PreferredMaintenanceWindow,
    MaxAllocatedStorage: pattern.MaxAllocatedStorage,
    MonitoringInterval: pattern.MonitoringInterval,
    MonitoringRoleArn: pattern.MonitoringRoleArn,
    EnablePerformanceInsights: pattern.PerformanceInsightsEnabled,
    PerformanceInsightsKMSKeyId: pattern.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: pattern.PerformanceInsightsRetentionPeriod,
    DatabaseInsightsMode: pattern.DatabaseInsightsMode,
  };
}

function securityGroupsOf({ VpcSecurityGroups = [] }: DBInstance): string[] {
  return VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** What is there already was made by an earlier try whose answer was lost. */
async function unlessThere(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = awsErrorName(error);
    if (reason !== name && reason !== `${name}Fault`) throw error;
  }
}

function noInstance(id: string): AgentctlError {
  return new AgentctlError('NotDeployed', `there is no database ${id}`, { fix: 'deploy first' });
}
