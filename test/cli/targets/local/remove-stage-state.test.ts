import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeStageState, stagePaths } from '../../../../cli/targets/local/remove-stage-state.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

async function stage(...names: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory();
  for (const name of names) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'file'), 'x');
  }
  return directory;
}

/** The stages here have no volumes. */
const removeVolumes = (): Promise<never> => Promise.reject(new Error('there are no volumes'));

test('data stays unless it is to be deleted, backups and the lock stay in any case', async () => {
  const directory = await stage('postgres', 'logs', 'backups', 'lock.json');

  const { kept } = await removeStageState(directory, { data: false, removeVolumes });
  expect(readdirSync(directory).toSorted()).toEqual(['backups', 'lock.json', 'postgres']);
  expect(kept).toEqual([`${join(directory, 'postgres')} (PostgreSQL data)`, `${join(directory, 'backups')} (backups)`]);

  await removeStageState(directory, { data: true, removeVolumes });
  expect(readdirSync(directory).toSorted()).toEqual(['backups', 'lock.json']);
});

test('what a removal that was cut short has left is no data, and goes with the next one', async () => {
  const directory = await stage('postgres.removing');

  expect(await stagePaths(directory)).toEqual([{ path: join(directory, 'postgres.removing'), data: undefined }]);
  await removeStageState(directory, { data: false, removeVolumes });
  expect(readdirSync(directory)).toEqual([]);
});
