import { isWholeNumber } from '../../checks/whole-number.js';
import type { PostgresInstanceProps } from './postgres-instance.js';

/** Props with the defaults of those that are looked at. */
export type PostgresSettings = PostgresInstanceProps &
  Required<
    Pick<
      PostgresInstanceProps,
      | 'tier'
      | 'edition'
      | 'storageGiB'
      | 'maxConnections'
      | 'username'
      | 'databaseName'
      | 'recoveryDays'
      | 'readReplicas'
    >
  >;

/** Cloud SQL, "Introduction to Cloud SQL editions": days of transaction logs. */
const longestRecoveryDays = { ENTERPRISE: 7, ENTERPRISE_PLUS: 35 } as const;
/** GiB; Cloud SQL, "Instance settings", storage capacity. */
const largestStorageGiB = 65_536;

/**
 * Pure: what the Cloud SQL API refuses although the provider plans it: terraform-provider-google 6.50 looks at none of it
 * (measured). Limits: Cloud SQL for PostgreSQL, "Instance settings".
 */
export function postgresProblems(settings: PostgresSettings): readonly (string | false)[] {
  const { instanceName, project, tier, edition, storageGiB, maxConnections, username, databaseName } = settings;
  const isPerformance = tier.startsWith('db-perf-optimized-N-');
  return [
    !/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(instanceName) &&
      `instanceName "${instanceName}" is not lower-case letters, digits and hyphens`,
    // The name is used with that of the project, and a colon between.
    instanceName.length + project.length + 1 > 98 &&
      `instanceName "${instanceName}" has more than ${98 - 1 - project.length} characters`,
    edition === 'ENTERPRISE_PLUS' &&
      !isPerformance &&
      `tier ${tier} is not one of ENTERPRISE_PLUS: db-perf-optimized-N-…`,
    edition === 'ENTERPRISE' && isPerformance && `tier ${tier} needs edition ENTERPRISE_PLUS`,
    !isWholeNumber(storageGiB, 10, largestStorageGiB) &&
      `storageGiB ${storageGiB} is not a whole number from 10 to ${largestStorageGiB}`,
    !isWholeNumber(settings.recoveryDays, 1, longestRecoveryDays[edition]) &&
      `recoveryDays ${settings.recoveryDays} is not 1 to ${longestRecoveryDays[edition]}, as edition ${edition} has them`,
    !isWholeNumber(settings.backupsKept ?? 30, 1, 1000) && `backupsKept ${settings.backupsKept ?? 30} is not 1 to 1000`,
    !isWholeNumber(maxConnections, 14, 262_143) &&
      `maxConnections ${maxConnections} is not a whole number from 14 to 262143`,
    !isWholeNumber(settings.readReplicas, 0, 10) &&
      `readReplicas ${settings.readReplicas} is not a whole number from 0 to 10`,
    /^(?:postgres|cloudsql.*|pg_.*)$/.test(username) && `username "${username}" is a name of the server's own`,
    !/^[a-z][a-z0-9_]{0,62}$/.test(username) &&
      `username "${username}" is not 1 to 63 lower-case letters, digits and underscores`,
    !/^[a-z_][a-z0-9_]{0,62}$/.test(databaseName) &&
      `databaseName "${databaseName}" is not 1 to 63 lower-case letters, digits and underscores`,
    settings.password.version < 1 && `password.version ${settings.password.version} is not a number from 1`,
  ];
}
