import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { describe, expect, test } from 'vitest';
import { lintDockerfile } from '../../../cli/dockerfile/index.js';
import type { DirectoryListing } from '../../../cli/init/directory-listing.js';
import { dockerignoreText } from '../../../cli/init/dockerignore-text.js';
import { missingIgnoreLines } from '../../../cli/init/missing-ignore-lines.js';
import { propose } from '../../../cli/init/propose.js';
import { pythonVersion } from '../../../cli/init/python-version.js';
import { readListing } from '../../../cli/init/read-listing.js';

const projects = join(import.meta.dirname, '../../fixtures/projects');
/** pip, npm, pnpm with a build step, uv. */
const directories = ['python-agent', 'node-agent', 'next-web', 'uv-agent'];

function withoutDockerfile(listing: DirectoryListing): DirectoryListing {
  const isOther = (path: string): boolean => !path.endsWith('Dockerfile');
  return {
    ...listing,
    paths: listing.paths.filter(isOther),
    texts: new Map([...listing.texts].filter(([path]) => isOther(path))),
  };
}

function listingOf(files: Readonly<Record<string, string>>): DirectoryListing {
  return { name: 'agent', prefix: '', paths: Object.keys(files).toSorted(), texts: new Map(Object.entries(files)) };
}

const dockerfileOf = (listing: DirectoryListing) => propose(listing).scaffold?.files[0]?.text ?? '';

test.each(directories)('%s gets exactly the expected Dockerfile, which doctor has nothing against', async (name) => {
  const text = dockerfileOf(withoutDockerfile(await readListing(join(projects, name))));

  await expect(text).toMatchFileSnapshot(join(projects, `${name}.Dockerfile`));
  expect(lintDockerfile(text)).toEqual([]);
});

test('a project with a Dockerfile keeps it', async () => {
  expect(propose(await readListing(join(projects, 'node-agent'))).scaffold).toBeUndefined();
});

test('both files lie in the directory that the image is built from', () => {
  const { build, scaffold } = propose(listingOf({ 'backend/requirements.txt': 'fastapi\n', 'README.md': '' }));

  expect(build.context).toBe('backend');
  expect(scaffold?.files.map(({ path }) => path)).toEqual(['backend/Dockerfile', 'backend/.dockerignore']);
});

describe('what is installed follows the lock file', () => {
  const node = (more: object = {}) =>
    JSON.stringify({ name: 'a', scripts: { start: 'node server.js' }, dependencies: { express: '5' }, ...more });
  const build = { scripts: { start: 'node server.js', build: 'tsc' } };

  test.each([
    [{ 'package.json': node(), 'yarn.lock': '' }, ['RUN yarn install --frozen-lockfile --production']],
    [
      { 'package.json': node(build), 'yarn.lock': '' },
      [
        'RUN yarn install --frozen-lockfile',
        'RUN yarn run build',
        'RUN yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline',
      ],
    ],
    [
      { 'package.json': node(), 'yarn.lock': '', '.yarnrc.yml': '' },
      ['RUN corepack enable', 'RUN yarn install --immutable'],
    ],
    [
      { 'package.json': node(), 'pnpm-lock.yaml': '' },
      ['RUN corepack enable', 'RUN pnpm install --frozen-lockfile --prod'],
    ],
    [
      { 'package.json': node(build), 'package-lock.json': '' },
      ['RUN npm ci --no-audit --no-fund', 'RUN npm run build', 'RUN npm prune --omit=dev --no-audit --no-fund'],
    ],
    [
      {
        'package.json': node({ scripts: { start: 'tsx server.ts' }, devDependencies: { tsx: '4' } }),
        'package-lock.json': '',
      },
      ['RUN npm ci --no-audit --no-fund'],
    ],
    [
      { 'pyproject.toml': '[project]\ndependencies = ["fastapi"]\n', 'poetry.lock': '' },
      [
        "RUN pip install 'poetry>=2,<3'",
        'RUN poetry install --only main --no-root --no-cache',
        'RUN poetry install --only main --no-cache',
      ],
    ],
    [
      { 'requirements/production.txt': '-r base.txt\n', 'requirements/base.txt': 'fastapi\n', 'app.py': '' },
      ['RUN python -m venv .venv', 'RUN .venv/bin/pip install -r requirements/production.txt'],
    ],
    [
      { 'requirements.txt': 'psycopg2\n' },
      [
        'RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*',
        'RUN python -m venv .venv',
        'RUN .venv/bin/pip install -r requirements.txt',
        'RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*',
      ],
    ],
  ])('%j', (files, steps) => {
    const text = dockerfileOf(listingOf(files));

    expect(text.split('\n').filter((line) => line.startsWith('RUN '))).toEqual(steps);
    expect(lintDockerfile(text)).toEqual([]);
  });

  test.each([
    [{ 'package.json': node() }, 'there is no lock file'],
    [{ 'pyproject.toml': '[project]\ndependencies = ["fastapi"]\n' }, 'there is no lock file'],
    [{ 'package.json': node({ scripts: { start: 'A=b node server.js' } }), 'package-lock.json': '' }, 'starts npm'],
  ])('%j is doubtful: %s', (files, check) => {
    expect(propose(listingOf(files)).checks.join('\n')).toContain(check);
  });

  test.each<Record<string, string>>([
    { 'package.json': node(), 'bun.lock': '' },
    { 'README.md': '' },
    { 'main.go': '' },
  ])('%j is not known, and gets no file', (files) => {
    const { scaffold, checks } = propose(listingOf(files));

    expect(scaffold).toBeUndefined();
    expect(checks.join('\n')).toContain('there is no Dockerfile');
  });

  test.each([
    ['22', 'node:22-slim'],
    ['^20.10', 'node:20-slim'],
    ['>=20', 'node:24-slim'],
    ['', 'node:24-slim'],
  ])('engines.node %j takes %s', (version, base) => {
    const files = { 'package.json': node({ engines: { node: version } }), 'package-lock.json': '' };

    expect(dockerfileOf(listingOf(files))).toContain(`\nFROM ${base}\n`);
  });
});

test.each([
  ['', '3.13'],
  ['requires-python = ">=3.11"', '3.13'],
  ['requires-python = ">=3.11,<3.13"', '3.12'],
  ['requires-python = "==3.12.*"', '3.12'],
  ['requires-python = "~=3.11.2"', '3.11'],
  ['requires-python = ">=3.14"', '3.14'],
  ['requires-python = ">=3.11,<4.0"', '3.13'],
  ['python = "^3.11"', '3.13'],
  ['python = "~3.12"', '3.12'],
  ['requires-python = ">=3.9,!=3.13.*"', '3.14'],
  ['requires-python = ">=2.7"', '3.13'],
  ['requires-python = "<3"', '3.13'],
])('a pyproject.toml with %j takes Python %s', (line, version) => {
  expect(pythonVersion({ texts: new Map([['pyproject.toml', `[project]\n${line}\n`]]) })).toBe(version);
});

describe('the .dockerignore', () => {
  const ignore = dockerignore.default({ ignorecase: false }).add(dockerignoreText.split('\n'));

  test.each([
    '.env',
    'backend/.env',
    '.env.production',
    '.git/config',
    '.agentctl/a',
    'tls/server.key',
    'a/node_modules/b',
  ])('keeps %s out', (path) => {
    expect(ignore.ignores(path)).toBe(true);
  });

  test.each(['src/server.js', '.env.example', 'README.md', 'package.json', 'uv.lock', 'prompts/system.yaml'])(
    'lets %s in',
    (path) => {
      expect(ignore.ignores(path)).toBe(false);
    },
  );

  test.each([
    [dockerignoreText, []],
    ['', ['.env', '.git', '.agentctl']],
    ['*\n!src\n', []],
    ['.env*\n.git/\n', ['.agentctl']],
    ['**/.env\n.agentctl\n.gitignore\n', ['.git']],
  ])('%j lacks %j', (text, lines) => {
    expect(missingIgnoreLines(text)).toEqual(lines);
  });
});
