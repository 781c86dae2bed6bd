import { existsSync } from 'node:fs';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateLayout } from '../../supervisor/state-layout.js';
import { externalPostgresDirectory } from '../../tools/postgres/index.js';

/** What the data of the database is called. */
export const postgresData = 'PostgreSQL data';

/** Lists the volumes of the stage in the container engine. */
const volumesName = 'volumes.json';

/** What destroy leaves unless it is told to delete data: the data, what opens it, and what happened to it. */
const keptWithoutDeleteData: ReadonlyMap<string, string> = new Map([
  ['postgres', postgresData],
  ['redis', 'Redis data'],
  [volumesName, 'data in volumes of the container engine'],
  ['secrets.json', 'secret values'],
  ['releases', 'the release ledger'],
  ['runs', 'journals of past runs'],
]);

/** Held by whoever is removing the rest; and what `backup delete` alone removes. */
const neverRemoved: ReadonlySet<string> = new Set(['lock.json', 'backups']);

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
  const external = externalPostgresDirectory(stateLayout(stateDirectory).key);
  const outside = [
    { path: external, data: postgresData },
    { path: doomed(external), data: undefined },
  ];
  return [...inside, ...outside.filter(({ path }) => existsSync(path))];
}

/** Removes the files of a stage. Returns what it kept, for people; its backups are always kept. */
export async function removeStageState(
  stateDirectory: string,
  options: {
    readonly data: boolean;
    /** Removes the volumes of the stage; called only when it has some. */
    readonly removeVolumes: () => Promise<unknown>;
  },
): Promise<{ readonly kept: readonly string[] }> {
  const kept: string[] = [];
  if (options.data) {
    if (existsSync(join(stateDirectory, volumesName))) await options.removeVolumes();
    await takeDataAway(stateDirectory);
  }
  for (const { path, data } of await stagePaths(stateDirectory)) {
    if (data === undefined || options.data) await rm(path, { recursive: true, force: true });
    else kept.push(`${path} (${data})`);
  }
  const backups = join(stateDirectory, 'backups');
  await rmdir(backups).catch(() => undefined);
  return { kept: existsSync(backups) ? [...kept, `${backups} (backups)`] : kept };
}

/**
 * First of all, and at once: when this is cut short, the next destroy must neither take half of a database for one that
 * it has to back up, nor miss the ledger that says how to start a whole one.
 */
async function takeDataAway(stateDirectory: string): Promise<void> {
  const databases = (await stagePaths(stateDirectory)).filter(({ data }) => data === postgresData);
  for (const { path } of databases) {
    await rm(doomed(path), { recursive: true, force: true });
    await rename(path, doomed(path));
  }
}

/** What a directory is called while it is being removed. */
function doomed(path: string): string {
  return `${path}.removing`;
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
