import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { artifactDigest, type ArtifactRecipe } from './artifact-digest.js';
import { type ContextFile, contextFiles } from './context-files.js';
import { endAbandonedBuild, runBuild } from './run-build.js';

export interface BuildArtifactOptions {
  readonly context: string;
  readonly recipe: ArtifactRecipe;
  /** What the context is expected to hash to: the digest that the plan names. */
  readonly digest: string;
  /** Environment of the build commands. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Content-addressed copies of build contexts, after their build: what the process runtime runs. */
export interface ArtifactStore {
  /** @throws SpecInvalid when the context is not a directory */
  digestOf(context: string, recipe: ArtifactRecipe): Promise<string>;
  /** Where the artifact of a digest is, or will be. */
  directoryOf(digest: string): string;
  has(digest: string): Promise<boolean>;
  /**
   * Copies and builds; does nothing when the artifact is there already.
   *
   * @throws BuildFailed with the last lines of the command that failed; PlanStale when the context has changed
   */
  build(options: BuildArtifactOptions): Promise<{ readonly directory: string; readonly reused: boolean }>;
  /** Key of everything that is stored, complete or not. */
  list(): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
}

/** What an artifact is stored under: the beginning of its digest. */
export function artifactKey(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 16);
}

/**
 * An artifact store in a directory. `leftOut`: absolute paths of files that no artifact holds.
 *
 * In it, `<hex>/` holds the files, `<hex>.complete` says that its build ended well, `<hex>.building`
 * names the build command that runs. The
 * build runs in its final place, since Python environments and others keep absolute paths.
 */
export function artifactStore(root: string, leftOut: readonly string[]): ArtifactStore {
  const directoryOf = (digest: string): string => join(root, artifactKey(digest));
  const markerOf = (digest: string): string => `${directoryOf(digest)}.complete`;
  const buildingOf = (digest: string): string => `${directoryOf(digest)}.building`;
  const has = async (digest: string): Promise<boolean> =>
    await stat(markerOf(digest)).then(
      () => true,
      () => false,
    );

  return {
    directoryOf,
    has,
    async digestOf(context, recipe) {
      return await artifactDigest(context, await filesOf(context, leftOut), recipe);
    },
    async build({ context, recipe, digest, env, signal, log }) {
      const directory = directoryOf(digest);
      if (await has(digest)) {
        log(`unchanged: using the build of ${digest.slice(0, 19)}`);
        return { directory, reused: true };
      }
      const files = await filesOf(context, leftOut);
      if ((await artifactDigest(context, files, recipe)) !== digest) throw changedSincePlan(context);
      await removeAbandoned(root);
      await copyContext(context, files, directory);
      log(`copied ${files.length} ${files.length === 1 ? 'file' : 'files'}`);
      if ((await artifactDigest(directory, files, recipe)) !== digest) throw changedSincePlan(context);
      for (const argv of recipe.build)
        await runBuild({ argv, directory, env, markerFile: buildingOf(digest), signal, log });
      await writeFile(markerOf(digest), `${digest}\n`);
      return { directory, reused: false };
    },
    async list() {
      const names = await readdir(root).catch(() => []);
      return names.filter(isArtifact);
    },
    async remove(digest) {
      await rm(markerOf(digest), { force: true });
      await rm(directoryOf(digest), { recursive: true, force: true });
    },
  };
}

/**
 * Removes what builds that were killed have left, whatever they were building, and ends those that still run. Builds
 * come one after the other and under the lock of the stage, so that none of this can belong to a live run.
 */
async function removeAbandoned(root: string): Promise<void> {
  const names = await readdir(root).catch((): string[] => []);
  for (const name of names.filter((found) => found.endsWith('.building'))) await endAbandonedBuild(join(root, name));
  for (const name of names.filter((found) => isArtifact(found) && !names.includes(`${found}.complete`))) {
    await rm(join(root, name), { recursive: true, force: true });
  }
}

function isArtifact(name: string): boolean {
  return /^[0-9a-f]{16}$/.test(name);
}

async function filesOf(context: string, leftOut: readonly string[]): Promise<readonly ContextFile[]> {
  try {
    return await contextFiles(context, leftOut);
  } catch (cause) {
    throw new AgentctlError('SpecInvalid', `cannot read the build context ${context}`, {
      fix: 'set image.build.context to a directory, relative to agentctl.yaml',
      cause,
    });
  }
}

async function copyContext(context: string, files: readonly ContextFile[], directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const parents = new Set(files.map((file) => dirname(file.path)));
  for (const parent of parents) await mkdir(join(directory, parent), { recursive: true });
  for (const { path, kind } of files) {
    if (kind === 'symlink') await symlink(await readlink(join(context, path)), join(directory, path));
    else await copyFile(join(context, path), join(directory, path), constants.COPYFILE_FICLONE);
  }
}

function changedSincePlan(context: string): AgentctlError {
  return new AgentctlError('PlanStale', `${context} has changed since the plan was made`, {
    fix: 'run the deploy again, so that what is built is what was planned',
  });
}
