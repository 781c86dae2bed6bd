import { stat } from 'node:fs/promises';
import { AgentctlError } from '../../errors.js';
import { contentHash, type ImageRecipe } from './content-hash.js';
import { contextRefusal } from './context-refusal.js';
import { findIgnoreFile, type IgnoreFile, ignoreMatcher } from './ignore-file.js';
import { sensitiveFiles } from './sensitive-files.js';
import { sentFiles } from './sent-files.js';

/** A build context after it was read and found fit to be sent. */
export interface BuildContext {
  /** Absolute. */
  readonly directory: string;
  readonly ignore: IgnoreFile;
  /** `sha256:…` of all that goes into the build. */
  readonly contentHash: string;
}

/**
 * Reads a build context: what is sent, and what it hashes to.
 *
 * @throws SpecInvalid when context or Dockerfile is not there; Refused when it would send keys, passwords or history
 */
export async function readBuildContext(directory: string, recipe: ImageRecipe): Promise<BuildContext> {
  await assertThere(directory, 'isDirectory', 'context', 'a directory, relative to agentctl.yaml');
  await assertThere(recipe.dockerfile, 'isFile', 'dockerfile', 'a file, relative to the build context');
  const ignore = await findIgnoreFile(directory, recipe.dockerfile);
  const files = await sentFiles(directory, ignoreMatcher(ignore.text));
  const refusal = contextRefusal(directory, ignore, await sensitiveFiles(directory, files));
  if (refusal !== undefined) throw refusal;
  return { directory, ignore, contentHash: await contentHash(directory, files, recipe) };
}

async function assertThere(path: string, is: 'isDirectory' | 'isFile', field: string, expected: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.[is]() === true) return;
  const what = field === 'context' ? 'build context' : 'Dockerfile';
  throw new AgentctlError('SpecInvalid', `there is no ${what} ${path}`, {
    fix: `set image.build.${field} to ${expected}`,
  });
}
