import type { DirectoryListing } from './directory-listing.js';
import { type DockerfileBlock, dockerfileText, execForm, healthCheck } from './dockerfile-text.js';
import { keepsDevelopment } from './local-build.js';
import type { NodePackage } from './node-package.js';
import type { ProposedService } from './proposal.js';
import type { ScaffoldedDockerfile } from './scaffold.js';

/** The Node.js without one in `engines`: a long-term one that still has corepack, for pnpm and yarn. */
const defaultMajor = 24;

export interface NodeDockerfileOptions {
  readonly listing: DirectoryListing;
  readonly node: NodePackage;
  readonly service: ProposedService;
}

/** Pure: a Dockerfile for a Node.js project; undefined for a package manager that is not known. */
export function nodeDockerfile({ listing, node, service }: NodeDockerfileOptions): ScaffoldedDockerfile | undefined {
  const manager = managerOf(listing, node);
  if (manager === undefined) return undefined;
  const base = `node:${nodeMajor(node)}-slim`;
  const { http, command } = service;
  const builds = node.scripts['build'] !== undefined;
  const text = dockerfileText([
    [
      `FROM ${base} AS build`,
      'WORKDIR /app',
      ...(manager.isBundled ? [] : ['RUN corepack enable']),
      '# Dependencies before the code, which changes more often.',
      `COPY ${manager.files.join(' ')} ./`,
      `RUN ${manager.install}`,
      'COPY . .',
      ...(builds ? [`RUN ${manager.name} run build`] : []),
      ...(manager.prune === undefined ? [] : [`RUN ${manager.prune}`]),
    ],
    [
      `FROM ${base}`,
      'ENV NODE_ENV=production',
      'WORKDIR /app',
      'COPY --from=build /app /app',
      '# The files stay root’s: the program cannot change itself, and the root file system may be read-only.',
      'USER node',
      ...(http === undefined ? [] : [`EXPOSE ${http.port}`]),
    ],
    http === undefined ? [] : healthCheck(['node', '-e', probe(http.liveness ?? http.readiness)]),
    [`CMD ${execForm(command)}`],
  ]);
  const throughNpm =
    command[0] === 'npm'
      ? ['the Dockerfile starts npm, which is slow to pass on the signal to stop: name the program']
      : [];
  return { text, checks: [...manager.checks, ...throughNpm] };
}

/** A rejection that nobody handles ends Node.js with 1, and what the check answered is in `docker inspect`. */
function probe(path: string): string {
  const judge = 'async (r) => { const text = await r.text(); if (!r.ok) throw new Error(text); }';
  return `const { PORT } = process.env; if (PORT) fetch(\`http://127.0.0.1:\${PORT}${path}\`).then(${judge})`;
}

interface Manager {
  readonly name: string;
  /** Whether the image has it; otherwise corepack, which it has, fetches it. */
  readonly isBundled: boolean;
  readonly files: DockerfileBlock;
  readonly install: string;
  /** Takes out what only the build needed. */
  readonly prune?: string;
  readonly checks: readonly string[];
}

function managerOf({ paths }: DirectoryListing, node: NodePackage): Manager | undefined {
  const builds = node.scripts['build'] !== undefined;
  const keeps = keepsDevelopment(node);
  const files = (...names: readonly string[]): readonly string[] => [
    'package.json',
    ...names.filter((name) => paths.includes(name)),
  ];
  const prune = (command: string) => (builds && !keeps ? { prune: command } : {});
  const everything = builds || keeps;
  if (paths.includes('pnpm-lock.yaml')) {
    return {
      name: 'pnpm',
      isBundled: false,
      files: files('pnpm-lock.yaml', 'pnpm-workspace.yaml'),
      install: `pnpm install --frozen-lockfile${everything ? '' : ' --prod'}`,
      ...prune('CI=true pnpm prune --prod'),
      checks: [],
    };
  }
  if (paths.includes('yarn.lock')) {
    const isModern = paths.includes('.yarnrc.yml');
    return {
      name: 'yarn',
      isBundled: !isModern,
      files: files('yarn.lock', '.yarnrc.yml'),
      install: isModern
        ? 'yarn install --immutable'
        : `yarn install --frozen-lockfile${everything ? '' : ' --production'}`,
      ...(isModern ? {} : prune('yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline')),
      checks: [],
    };
  }
  if (paths.includes('bun.lock') || paths.includes('bun.lockb')) return undefined;
  const isLocked = paths.includes('package-lock.json');
  return {
    name: 'npm',
    isBundled: true,
    files: files('package-lock.json'),
    install: `npm ${isLocked ? 'ci' : 'install'}${everything ? '' : ' --omit=dev'} --no-audit --no-fund`,
    ...prune('npm prune --omit=dev --no-audit --no-fund'),
    checks: isLocked ? [] : ['there is no lock file: two builds of one commit may get different packages'],
  };
}

/** `22`, `22.x` and `^22.3` name one; a lower bound such as `>=20` leaves the choice. */
function nodeMajor({ engines }: Pick<NodePackage, 'engines'>): number {
  const major = Number(/^\s*[\^~v=]?\s*(\d+)(?:\.|\s*$)/.exec(engines)?.[1]);
  return Number.isNaN(major) ? defaultMajor : major;
}
