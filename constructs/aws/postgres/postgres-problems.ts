import { defaultConnections } from '../limits/postgres-connections.js';
import type { PostgresInstanceProps } from './postgres-instance.js';

/** Props with the defaults of those that are looked at. */
export type PostgresSettings = PostgresInstanceProps &
  Required<Pick<PostgresInstanceProps, 'port' | 'username' | 'databaseName' | 'instanceIdentifier' | 'instanceClass'>>;

/** GiB; Amazon RDS user guide, "Amazon RDS DB instance storage". */
export const largestStorageGiB = 65_536;
const reservedUsernames: readonly string[] = ['postgres', 'admin', 'root', 'rdsadmin'];

/** Pure: what RDS would refuse, or nobody should want; limits as in the RDS API, CreateDBInstance. */
export function postgresProblems(settings: PostgresSettings, memoryMiB: number | undefined): readonly string[] {
  const { allocatedStorageGiB = 100, readReplicas = 0, backupRetention, maxConnections } = settings;
  const { port, username, databaseName, instanceIdentifier, instanceClass } = settings;
  const identifier = /^(?!.*--)[a-z]([a-z0-9-]{0,49}[a-z0-9])?$/;
  const allowed = memoryMiB === undefined ? undefined : defaultConnections(memoryMiB);
  return [
    !/^db\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceClass) &&
      `instanceClass "${instanceClass}" is not an instance class such as db.m7g.large`,
    !wholeNumber(port, 1150, 65_535) && `port ${port} is not a whole number from 1150 to 65535`,
    !wholeNumber(allocatedStorageGiB, 20, largestStorageGiB) &&
      `allocatedStorageGiB ${allocatedStorageGiB} is not a whole number from 20 to ${largestStorageGiB}`,
    !wholeNumber(readReplicas, 0, 15) && `readReplicas ${readReplicas} is not a whole number from 0 to 15`,
    backupRetention !== undefined &&
      !wholeNumber(backupRetention.toDays({ integral: false }), 1, 35) &&
      `backupRetention of ${backupRetention.toHumanString()} is not 1 to 35 whole days`,
    maxConnections !== undefined &&
      !wholeNumber(maxConnections, 6, 262_143) &&
      `maxConnections ${maxConnections} is not a whole number from 6 to 262143`,
    maxConnections !== undefined &&
      allowed !== undefined &&
      maxConnections > allowed &&
      `maxConnections ${maxConnections} is more than the memory of ${instanceClass} is enough for (${allowed})`,
    reservedUsernames.includes(username) && `username "${username}" is a name that everybody tries`,
    !/^[a-z][a-z0-9_]{0,62}$/.test(username) &&
      `username "${username}" is not 1 to 63 lower-case letters, digits and underscores`,
    !/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(databaseName) &&
      `databaseName "${databaseName}" is not 1 to 63 letters, digits and underscores`,
    !identifier.test(instanceIdentifier) &&
      `instanceIdentifier "${instanceIdentifier}" is not 1 to 51 lower-case letters, digits and single hyphens`,
  ].filter((problem) => problem !== false);
}

function wholeNumber(value: number, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest;
}
