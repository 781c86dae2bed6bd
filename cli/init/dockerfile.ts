import { posix } from 'node:path';
import type { DirectoryListing } from './directory-listing.js';

/** The image of the agent, as `image.build` names it, and what its Dockerfile says. */
export interface FoundDockerfile {
  /** Build context relative to the listing. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly instructions: DockerfileInstructions;
}

/** What the last stage of a Dockerfile sets. */
export interface DockerfileInstructions {
  readonly port?: number;
  /** In exec form. */
  readonly command?: readonly string[];
  readonly hasEntrypoint: boolean;
}

/** The Dockerfiles of a listing, the likeliest first. */
export function dockerfiles({ paths, texts }: DirectoryListing): readonly FoundDockerfile[] {
  return paths
    .filter((path) => /^Dockerfile(?:\.(?:prod|production))?$/.test(posix.basename(path)))
    .map((path): FoundDockerfile => {
      const directory = posix.dirname(path);
      // A Dockerfile in a folder of its own, such as docker/, builds from the top.
      const isBesideSources = paths.some(
        (other) => other !== path && posix.dirname(other) === directory && /\.(?:py|toml|json|txt|[jt]s)$/.test(other),
      );
      const context = isBesideSources ? directory : '.';
      return {
        context,
        dockerfile: posix.relative(context, path),
        instructions: parseDockerfile(texts.get(path) ?? ''),
      };
    })
    .toSorted((a, b) => depth(a) - depth(b) || a.dockerfile.length - b.dockerfile.length);
}

function depth({ context }: FoundDockerfile): number {
  return context === '.' ? 0 : context.split('/').length;
}

/** Pure: the instructions that say how the image is run. */
export function parseDockerfile(text: string): DockerfileInstructions {
  const lines = text
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\\r?\n/g, ' ')
    .split('\n');
  const last = (instruction: RegExp): string | undefined =>
    lines.flatMap((line) => instruction.exec(line)?.[1]?.trim() ?? []).at(-1);
  const port = /^(\d+)/.exec(last(/^\s*EXPOSE\s+(.*)$/i) ?? '')?.[1];
  const command = commandFrom(last(/^\s*CMD\s+(.*)$/i));
  return {
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(command === undefined ? {} : { command }),
    hasEntrypoint: last(/^\s*ENTRYPOINT\s+(.*)$/i) !== undefined,
  };
}

function commandFrom(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (!text.startsWith('[')) return ['sh', '-c', text];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string' && item !== '')
      ? list
      : undefined;
  } catch {
    return undefined;
  }
}
