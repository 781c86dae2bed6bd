import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SentFile } from './sent-files.js';

/** What makes two images different, besides the files they are built from. */
export interface ImageRecipe {
  /** Absolute; it need not lie within the context. */
  readonly dockerfile: string;
  /** Stage of the Dockerfile; the last without. */
  readonly target?: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly platform: string;
  /** Names of build secrets: values are no part of what is built. */
  readonly secrets: readonly string[];
}

/** Changes when the same input is to be built anew by a later agentctl. */
const recipeVersion = 1;

/**
 * `sha256:…` over everything a build can see: the Dockerfile, arguments, platform, and names, modes and contents of the
 * files that are sent. Not over times and owners, which `COPY` does not keep, nor over labels.
 */
export async function contentHash(context: string, files: readonly SentFile[], recipe: ImageRecipe): Promise<string> {
  const { dockerfile, target, args, platform, secrets } = recipe;
  const hash = createHash('sha256');
  const add = (...parts: readonly unknown[]): unknown => hash.update(`${JSON.stringify(parts)}\n`);
  add('agentctl image', recipeVersion, platform, target ?? null, sorted(args), secrets.toSorted());
  add('dockerfile', await digestOfFile(dockerfile));
  for (const file of files) {
    add(file.path, file.kind, file.mode, await contentOf(join(context, file.path), file));
  }
  return `sha256:${hash.digest('hex')}`;
}

function sorted(args: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(args).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

async function contentOf(path: string, { kind }: SentFile): Promise<string> {
  switch (kind) {
    case 'directory':
      return '';
    case 'symlink':
      return await readlink(path);
    case 'file':
      return await digestOfFile(path);
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
