import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ContextFile } from './context-files.js';

/** What makes two artifacts different, besides their files. */
export interface ArtifactRecipe {
  /** Commands run in the copy, in order, each an argv. */
  readonly build: readonly (readonly string[])[];
}

/**
 * `sha256:…` over names, modes and contents of the files, the build commands, and what the result of such a build
 * depends on: platform, architecture and Node's ABI.
 */
export async function artifactDigest(
  context: string,
  files: readonly ContextFile[],
  recipe: ArtifactRecipe,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([recipe.build, process.platform, process.arch, process.versions.modules]));
  for (const file of files) {
    const mode = file.kind === 'symlink' ? 'link' : file.executable ? 'exec' : 'file';
    hash.update(JSON.stringify([file.path, mode, await contentDigest(join(context, file.path), file)]));
  }
  return `sha256:${hash.digest('hex')}`;
}

async function contentDigest(path: string, { kind }: ContextFile): Promise<string> {
  const hash = createHash('sha256');
  if (kind === 'symlink') hash.update(await readlink(path));
  else await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
