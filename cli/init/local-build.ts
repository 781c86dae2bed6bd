import type { DirectoryListing } from './directory-listing.js';
import type { NodePackage } from './node-package.js';

type Commands = readonly (readonly string[])[];

/** Requirement files of a running system, the likeliest first. */
const requirementFiles = [
  'requirements.txt',
  'requirements-prod.txt',
  'requirements/production.txt',
  'requirements/prod.txt',
  'requirements/base.txt',
];

/**
 * Pure: the commands that prepare a copy of the sources to run without a container. Python goes to `.venv` in the copy and
 * Node.js to `node_modules`; the local runtime looks for programs in both first.
 */
export function localBuild(listing: DirectoryListing, node: NodePackage | undefined): Commands {
  return [...pythonBuild(listing), ...(node === undefined ? [] : nodeBuild(listing, node))];
}

/** What a running system needs, by the likeliest of the usual names. */
export function requirementFile(paths: readonly string[]): string | undefined {
  return requirementFiles.find((candidate) => paths.includes(candidate));
}

/** Whether a development dependency is needed to run it: `tsx src/server.ts` needs tsx, which usually is one. */
export function keepsDevelopment(node: NodePackage): boolean {
  return [...node.devDependencies].some((name) => startsWithTool(node, name));
}

function pythonBuild({ paths }: DirectoryListing): Commands {
  if (paths.includes('uv.lock')) return [['uv', 'sync', '--frozen', '--no-dev']];
  if (paths.includes('poetry.lock')) {
    return [
      ['poetry', 'config', '--local', 'virtualenvs.in-project', 'true'],
      ['poetry', 'install', '--only', 'main', '--no-interaction'],
    ];
  }
  const file = requirementFile(paths);
  const wanted = file === undefined ? (paths.includes('pyproject.toml') ? ['.'] : undefined) : ['-r', file];
  if (wanted === undefined) return [];
  return [
    ['python3', '-m', 'venv', '.venv'],
    ['.venv/bin/pip', 'install', '--quiet', ...wanted],
  ];
}

function nodeBuild({ paths }: DirectoryListing, node: NodePackage): Commands {
  const builds = node.scripts['build'] !== undefined;
  const keeps = builds || keepsDevelopment(node);
  const run = (manager: string): Commands => (builds ? [[manager, 'run', 'build']] : []);
  if (paths.includes('pnpm-lock.yaml')) {
    return [['pnpm', 'install', '--frozen-lockfile', ...(keeps ? [] : ['--prod'])], ...run('pnpm')];
  }
  if (paths.includes('yarn.lock')) return [['yarn', 'install', '--frozen-lockfile'], ...run('yarn')];
  if (paths.includes('bun.lock') || paths.includes('bun.lockb'))
    return [['bun', 'install', '--frozen-lockfile'], ...run('bun')];
  const install = paths.includes('package-lock.json') ? 'ci' : 'install';
  return [['npm', install, ...(keeps ? [] : ['--omit=dev'])], ...run('npm')];
}

function startsWithTool({ scripts }: NodePackage, name: string): boolean {
  return ['start', 'worker', 'migrate'].some((script) => (scripts[script] ?? '').split(/\s+/)[0] === name);
}
