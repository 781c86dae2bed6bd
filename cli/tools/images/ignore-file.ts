import { readFile } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { hasSystemCode } from '../../errors.js';

/** What a build leaves out of its context. */
export interface IgnoreFile {
  /** Absolute; where it is, or where it would have to be written. */
  readonly path: string;
  /** Undefined: there is no such file, and everything is sent. */
  readonly text: string | undefined;
}

/** Of two ignore files Docker reads only the Dockerfile's own, `<Dockerfile>.dockerignore`. @param dockerfile absolute */
export async function findIgnoreFile(context: string, dockerfile: string): Promise<IgnoreFile> {
  const own = join(dirname(dockerfile), `${basename(dockerfile)}.dockerignore`);
  const shared = join(context, '.dockerignore');
  const ownText = await readText(own);
  return ownText === undefined ? { path: shared, text: await readText(shared) } : { path: own, text: ownText };
}

/** Whether paths within a context are left out. */
export interface IgnoreMatcher {
  readonly ignores: (path: string) => boolean;
  /** Whether some part of a directory that is left out may be sent nevertheless. */
  readonly mayReinclude: boolean;
}

/** Pure: the patterns of an ignore file, with Docker's meaning. */
export function ignoreMatcher(text: string | undefined): IgnoreMatcher {
  // Docker takes a byte order mark off, and Windows line ends.
  const patterns = (text ?? '').replace(/^\uFEFF/, '').split(/\r?\n/);
  const matcher = dockerignore.default({ ignorecase: false }).add(patterns);
  return {
    ignores: (path) => matcher.ignores(posix.normalize(path)),
    mayReinclude: patterns.some((line) => line.trim().startsWith('!')),
  };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT') || hasSystemCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
