import { run } from '../run.js';

/** The commit that a directory is at, and whether it has changes on top. */
export interface GitFacts {
  readonly sha: string;
  readonly dirty: boolean;
}

/** Undefined outside a git checkout, without commits, or without git: a deploy needs none of them. */
export async function gitFacts(
  directory: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<GitFacts | undefined> {
  const git = (...args: readonly string[]): Promise<string> =>
    run({ argv: ['git', ...args], cwd: directory, env }, { signal });
  try {
    const sha = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--', '.');
    return { sha: sha.trim(), dirty: changes.trim() !== '' };
  } catch {
    return undefined;
  }
}
