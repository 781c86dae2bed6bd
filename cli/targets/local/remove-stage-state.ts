import { existsSync } from 'node:fs';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateLayout } from '../../supervisor/state-layout.js';
import { externalPostgresDirectory } from '../../tools/postgres/index.js';

/** What the data of the database is called. */
export const postgresData = 'PostgreSQL data';

/** What destroy leaves unless it is told to delete data: the data, what opens it, and what happened to it. */
const keptWithoutDeleteData: ReadonlyMap<string, string> = new Map([
  ['postgres', postgresData],
  ['redis', 'Redis data'],
  ['secrets.json', 'secret values'],
  ['releases', 'the release ledger'],
  ['runs', 'journals of past runs'],
]);

/** Held by whoever is removing the rest; and what `backup delete` alone removes. */
const neverRemoved: ReadonlySet<string> = new Set(['lock.json', 'backups']);

/** Ends the name of what is being removed. */
const removedSuffix = '.removed';

/** A path that a stage has on the disk. */
export interface StagePath {
  readonly path: string;
  /** What is in it, for people; undefined when destroy may always remove it. */
  readonly data: string | undefined;
}

/** Everything a stage has on the disk, its lock and its backups aside. */
export async function stagePaths(stateDirectory: string): Promise<readonly StagePath[]> {
  const names = await readdir(stateDirectory).catch(() => []);
  const inside = names
    .filter((name) => !neverRemoved.has(name))
    .map((name) => ({ path: join(stateDirectory, name), data: keptWithoutDeleteData.get(name) }));
  // PostgreSQL runs as another user where agentctl runs as root, and that user may not reach the state directory.
  const outside = externalPostgresDirectory(stateLayout(stateDirectory).key);
  const besides = [
    { path: outside, data: postgresData },
    { path: `${outside}${removedSuffix}`, data: undefined },
  ];
  return [...inside, ...besides.filter(({ path }) => existsSync(path))];
}

/** Removes a path at once: one that is cut short leaves nothing that could be taken for data. */
async function remove(path: string): Promise<void> {
  if (path.endsWith(removedSuffix)) return await rm(path, { recursive: true, force: true });
  const removed = `${path}${removedSuffix}`;
  await rm(removed, { recursive: true, force: true });
  await rename(path, removed);
  await rm(removed, { recursive: true, force: true });
}

/** Removes the files of a stage. Returns what it kept, for people; its backups are always kept. */
export async function removeStageState(
  stateDirectory: string,
  options: { readonly data: boolean },
): Promise<{ readonly kept: readonly string[] }> {
  const kept: string[] = [];
  for (const { path, data } of await stagePaths(stateDirectory)) {
    if (data === undefined || options.data) await remove(path);
    else kept.push(`${path} (${data})`);
  }
  const backups = join(stateDirectory, 'backups');
  await rmdir(backups).catch(() => undefined);
  return { kept: existsSync(backups) ? [...kept, `${backups} (backups)`] : kept };
}

/** Removes the directories of a stage that holds nothing any more: `<stage>`, `local`, and `.agentctl` with its ignore file. */
export async function removeEmptyState(stateDirectory: string): Promise<void> {
  const targetDirectory = dirname(stateDirectory);
  const root = dirname(targetDirectory);
  for (const directory of [stateDirectory, targetDirectory]) {
    if (
      !(await rmdir(directory).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
  const left = await readdir(root).catch(() => []);
  if (!left.every((name) => name === '.gitignore')) return;
  const ignoreFile = join(root, '.gitignore');
  // Not everything at once: another deploy may have begun in it since, and then goes on with its ignore file.
  await rm(ignoreFile, { force: true });
  await rmdir(root).catch(async () => {
    await writeFile(ignoreFile, '*\n', { flag: 'wx' }).catch(() => undefined);
  });
}
