import { existsSync } from 'node:fs';
import { hasDatabaseVolume } from '../../supervisor/containers/volume-file.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { externalPostgresDirectory } from '../../tools/postgres/index.js';

/** Whether a stage has data of a database, running or not. */
export function hasDatabase(stateDirectory: string): boolean {
  const layout = stateLayout(stateDirectory);
  const { postgresDirectory, key } = layout;
  return hasDatabaseVolume(layout) || existsSync(postgresDirectory) || existsSync(externalPostgresDirectory(key));
}
