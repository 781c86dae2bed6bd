import { posix } from 'node:path';
import type { DirectoryListing } from './directory-listing.js';
import { dockerignoreText } from './dockerignore-text.js';
import { nodeDockerfile } from './node-dockerfile.js';
import type { NodePackage } from './node-package.js';
import type { ProposedService } from './proposal.js';
import { pythonDockerfile } from './python-dockerfile.js';

/** A file that is written where there is none. */
export interface ScaffoldFile {
  /** Relative to the directory of the config file. */
  readonly path: string;
  readonly text: string;
}

/** What an image is built from, where there is nothing yet. */
export interface Scaffold {
  readonly files: readonly ScaffoldFile[];
  /** What should be looked at, for people. */
  readonly checks: readonly string[];
}

export interface ScaffoldOptions {
  /** Of the build context. */
  readonly listing: DirectoryListing;
  /** Relative to the directory of the config file. */
  readonly context: string;
  readonly node: NodePackage | undefined;
  readonly packages: ReadonlySet<string>;
  /** What the image starts when nothing else is said. */
  readonly service: ProposedService;
}

/** A Dockerfile with what is doubtful about it. */
export interface ScaffoldedDockerfile {
  readonly text: string;
  readonly checks: readonly string[];
}

/** Pure: a Dockerfile and a .dockerignore; undefined for a language or package manager that is not known. */
export function scaffold({ context, ...options }: ScaffoldOptions): Scaffold | undefined {
  const dockerfile = dockerfileFor(options);
  if (dockerfile === undefined) return undefined;
  const files = [
    { path: posix.join(context, 'Dockerfile'), text: dockerfile.text },
    { path: posix.join(context, '.dockerignore'), text: dockerignoreText },
  ];
  return { files, checks: dockerfile.checks };
}

function dockerfileFor(options: Omit<ScaffoldOptions, 'context'>): ScaffoldedDockerfile | undefined {
  const { node, service, listing } = options;
  const startsNode = /^(?:node|npm|node_modules\/.*)$/.test(service.command[0] ?? '');
  const python = startsNode ? undefined : pythonDockerfile(options);
  return python ?? (node === undefined ? undefined : nodeDockerfile({ listing, node, service }));
}
