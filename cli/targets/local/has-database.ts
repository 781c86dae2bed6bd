import { existsSync } from 'node:fs';
import { stateLayout } from '../../supervisor/state-layout.js';
import { externalPostgresDirectory } from '../../tools/postgres/index.js';

/** Whether a stage has data of a database, running or not. */
export function hasDatabase(stateDirectory: string): boolean {
  const { postgresDirectory, key } = stateLayout(stateDirectory);
  return existsSync(postgresDirectory) || existsSync(externalPostgresDirectory(key));
}
